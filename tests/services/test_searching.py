"""Whom a search finds and in which order, against a plain definition that reads everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from clinic_app.models import NamePart, Patient, SearchWord, search_word
from clinic_app.models.search_word import search_text, words_of
from clinic_app.services import misspellings
from clinic_app.services.patient_data import PatientRow
from clinic_app.services.patient_search import FEW
from clinic_app.services.schedule_data import Booking
from clinic_app.services.typed_search import days_meant
from clinic_app.terms import AppointmentState, Sex
from tests.services.conftest import OpenClinic
from tests.services.statements import gone_through, statements

TODAY = date(2026, 3, 2)
BORN = date(1961, 3, 12)


@dataclass(frozen=True)
class Person:
    family: str
    given: str
    number: str

    @property
    def words(self) -> list[str]:
        return search_text(self.family, self.given, self.number).split()


def is_number(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def rank(person: Person, words: list[str], *, numbers: bool) -> tuple[object, ...] | None:
    """Where the person stands who fits, None for who does not. Parts of numbers count only with ``numbers``."""
    first, part = words[0], next((word for word in words if len(word) >= 3 and not is_number(word)), None)
    leading, *others = person.words or [""]
    text = " ".join(["", *person.words])
    if all(any(each.startswith(word) for each in person.words) for word in words):
        if leading.startswith(first):
            return 1, leading, text
        return 2, min(each for each in others if each.startswith(first)), text
    if not all(word in text if len(word) >= 3 else f" {word}" in text for word in words):
        return None
    if part is not None and part in leading and not is_number(leading):
        return 3, leading, text
    within = [each for each in others if part is not None and part in each and not is_number(each)]
    if within:
        return 4, min(within), text
    return (5, leading, text) if numbers and any(len(word) >= 3 and is_number(word) for word in words) else None


def plainly(people: dict[int, Person], typed: str) -> list[int]:
    """Who fits exactly, in their order: a number is looked for inside others only where nobody else fits."""
    words = sorted(set(words_of(typed)), key=lambda word: (-len(word), word))
    for numbers in (False, True):
        ranks = {key: rank(person, words, numbers=numbers) for key, person in people.items() if words}
        found = sorted((place, key) for key, place in ranks.items() if place is not None)
        if found:
            return [key for _, key in found]
    return []


def one_letter_away(typed: str, word: str) -> bool:
    """By the definition: some beginning of the word becomes what was typed by one change."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    changed = {typed[:n] + typed[n + 1 :] for n in range(len(typed))}
    changed |= {typed[:n] + letter + typed[n:] for n in range(len(typed) + 1) for letter in letters}
    changed |= {typed[:n] + letter + typed[n + 1 :] for n in range(len(typed)) for letter in letters}
    changed |= {typed[:n] + typed[n + 1] + typed[n] + typed[n + 2 :] for n in range(len(typed) - 1)}
    return not word.startswith(typed) and any(word.startswith(each) for each in changed)


# Few letters, so that names begin alike and lie inside of one another, and all that has made trouble elsewhere.
LETTERS = st.sampled_from(
    ["a", "b", "b", "a", "á", "B", "ß", "ñ", "-", " ", "'", '"', "%", "_", "\\", "|", "7", "0", "Ж", "名", "م", "😀"]
)
NAMES = st.text(LETTERS, max_size=9) | st.sampled_from(
    ["Muñoz", "O'Brien", "García-López", "Чайковский", "山田", "محمد", "de la Ñu"]
)
NUMBERS = st.text(st.sampled_from("AB-0123"), max_size=6)
PEOPLE = st.lists(st.builds(Person, NAMES, NAMES, NUMBERS), min_size=1, max_size=12)
TYPED = st.text(LETTERS, max_size=7) | st.sampled_from(
    ["", "%", "_", "a", "munoz", "MUÑ", "lopez garcia", "brien", "%%", "a' OR 1=1"]
)


def put(connection: Connection, people: Iterable[Person]) -> dict[int, Person]:
    """Into the store past the services; the record numbers of the store must differ, those of the people need not."""
    connection.execute(delete(Patient))
    there = dict(enumerate(people, 1))
    row = {"birth_date": BORN, "sex": Sex.FEMALE, "created_at": datetime.fromisoformat("2026-03-02T15:00:00+00:00")}
    for key, person in there.items():
        words = search_text(person.family, person.given, person.number)
        names = {"family_name": person.family, "given_name": person.given, "record_number": f"{key}"}
        connection.execute(insert(Patient).values(id=key, search_text=words, **names, **row))
    return there


def index_of(connection: Connection) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    lines = select(SearchWord.place, SearchWord.word, SearchWord.text, SearchWord.patient_id)
    parts = select(NamePart.part, NamePart.word)
    return {tuple(row) for row in connection.execute(lines)}, {tuple(row) for row in connection.execute(parts)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE, st.lists(TYPED, min_size=1, max_size=6), st.data())
def test_a_search_finds_whom_the_plain_definition_finds(
    clinic: OpenClinic, people: list[Person], asked: list[str], data: st.DataObject
) -> None:
    with clinic.behind_the_program() as connection:
        there = put(connection, people)
    some = data.draw(st.sampled_from(people))
    for typed in (*asked, some.given, f"{some.given} {some.family}", some.number, some.family[1:4]):
        if not typed.strip() or days_meant(typed, TODAY):
            continue
        rows = clinic.services.patients.search(clinic.desk, typed)
        exact = [row.id for row in rows if not row.alike]
        assert exact == plainly(there, typed), typed
        first = clinic.services.patients.search(clinic.desk, typed, limit=3)
        assert [row.id for row in first if not row.alike] == exact[:3]
        assert len(rows) == len({row.id for row in rows})
        assert [row.alike for row in rows] == sorted(row.alike for row in rows)
        words = {word for word in words_of(typed) if len(word) >= 4 and not is_number(word)}
        alike = {row.id for row in rows if row.alike}
        assert not alike or (len(exact) < FEW and words)
        for key in alike:
            letters = [part for part in there[key].words if not is_number(part)]
            assert any(one_letter_away(word, part) for word in words for part in letters)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE, st.data())
def test_the_index_follows_whatever_is_written_and_is_what_it_would_be_made_anew(
    clinic: OpenClinic, people: list[Person], data: st.DataObject
) -> None:
    with clinic.behind_the_program() as connection:
        there = put(connection, people)
        for key in data.draw(st.lists(st.sampled_from(sorted(there)), max_size=4)):
            if data.draw(st.booleans()):
                connection.execute(delete(Patient).where(Patient.id == key))
            else:
                now = data.draw(st.builds(Person, NAMES, NAMES, NUMBERS))
                written = search_text(now.family, now.given, now.number)
                connection.execute(update(Patient).where(Patient.id == key).values(search_text=written))
        kept = index_of(connection)
        for table in (SearchWord, NamePart):
            connection.execute(delete(table))
        search_word.rebuild(connection)
        assert index_of(connection) == kept


@given(st.text("abc", min_size=4, max_size=7), st.text("abcd", min_size=3, max_size=9))
def test_a_word_is_misspelt_when_one_change_makes_it_begin_the_other(typed: str, word: str) -> None:
    assert misspellings.is_misspelt(typed, word) is one_letter_away(typed, word)


@given(st.text("abc", min_size=4, max_size=7), st.text("abcd", min_size=3, max_size=9))
def test_whatever_is_meant_has_one_of_the_right_parts_at_its_place(typed: str, word: str) -> None:
    if misspellings.is_misspelt(typed, word):
        parts = misspellings.right_parts(typed)
        assert any(word.startswith(part, place) for part, places in parts for place in places)


def names(rows: Iterable[PatientRow]) -> list[str]:
    return [f"{row.name}?" if row.alike else row.name for row in rows]


def find(clinic: OpenClinic, typed: str) -> list[str]:
    return names(clinic.services.patients.search(clinic.desk, typed))


def comes(clinic: OpenClinic, patient_id: int, day: int = 2, hour: int = 11) -> int:
    booking = Booking(patient_id, clinic.physician.account_id, 1, datetime(2026, 3, day, hour), 30, overbook_reason="x")
    return clinic.services.schedule.book(clinic.physician, booking)


def test_who_comes_today_stands_first_then_family_names_then_others_then_parts(clinic: OpenClinic) -> None:
    people = [("Hartmann", "Eva"), ("Ada", "Manfred"), ("Mann", "Ben"), ("Mancini", "Lea"), ("Baumann", "Kim")]
    key = {family: clinic.patient(family_name=family, given_name=given) for family, given in people}
    ranked = ["Lea Mancini", "Ben Mann", "Manfred Ada", "Kim Baumann", "Eva Hartmann"]
    assert find(clinic, "man") == ranked

    comes(clinic, key["Hartmann"])
    comes(clinic, key["Mann"], day=3)
    assert find(clinic, "man") == ["Eva Hartmann", "Lea Mancini", "Ben Mann", "Manfred Ada", "Kim Baumann"]

    clinic.clock.forward(days=1)
    assert find(clinic, "man")[0] == "Ben Mann"


def test_who_cancelled_does_not_come_today(clinic: OpenClinic) -> None:
    clinic.patient(family_name="Okafor", given_name="Ada")
    ben = clinic.patient(family_name="Okafor", given_name="Ben")
    appointment = comes(clinic, ben)
    assert find(clinic, "okafor") == ["Ben Okafor", "Ada Okafor"]
    clinic.services.schedule.set_state(clinic.desk, appointment, 1, AppointmentState.CANCELLED, "ill")
    assert find(clinic, "okafor") == ["Ada Okafor", "Ben Okafor"]


@pytest.mark.parametrize(
    "typed", ["okfor", "okaffor", "oakfor", "okabor", "pkafor", "koaf", "okafro", "okaforr", "Ada okefor", "ökafrr"]
)
def test_a_name_with_one_letter_wrong_is_found_and_marked(clinic: OpenClinic, typed: str) -> None:
    clinic.patient(family_name="Okafor", given_name="Ada")
    clinic.patient(family_name="Zimmer", given_name="Ruth")
    assert find(clinic, typed) == ["Ada Okafor?"]


@pytest.mark.parametrize("typed", ["odfor", "xkafxr", "okf", "oka9or", "Ben okefor", "fkaor"])
def test_a_short_word_a_number_or_two_wrong_letters_find_nobody(clinic: OpenClinic, typed: str) -> None:
    clinic.patient(family_name="Okafor", given_name="Ada")
    assert find(clinic, typed) == []


def test_who_is_alike_stands_behind_the_few_who_fit_and_not_behind_many(clinic: OpenClinic) -> None:
    meyer = clinic.patient(family_name="Meyer", given_name="Zoe")
    clinic.patient(family_name="Meyer", given_name="Lea")
    for number in range(FEW - 1):
        clinic.patient(family_name="Meier", given_name=f"Ada {number}")
    fit = [f"Ada {number} Meier" for number in range(FEW - 1)]
    assert find(clinic, "meier") == [*fit, "Lea Meyer?", "Zoe Meyer?"]

    comes(clinic, meyer)
    assert find(clinic, "meier") == [*fit, "Zoe Meyer?", "Lea Meyer?"]

    assert find(clinic, "meier ada 1") == ["Ada 1 Meier"], "who fits several words is meant"
    clinic.patient(family_name="Meier", given_name="Ada 9")
    assert find(clinic, "meier") == [*fit, "Ada 9 Meier"]


@pytest.mark.parametrize(
    "typed",
    [
        "1961-03-12", "12.03.1961", "12.3.1961", "12.3.61", "3/12/1961", "12 Mar 1961", "Mar 12, 1961", "12. März 1961",
        "12 March 1961", "12 de marzo de 1961", "12031961", "19610312", "okafor 12.3.1961", "12 Mar 1961 ada",
    ],
)  # fmt: skip
def test_a_birth_date_is_found_as_people_write_it(clinic: OpenClinic, typed: str) -> None:
    clinic.patient(family_name="Okafor", given_name="Ada", birth_date=BORN)
    clinic.patient(family_name="Okafor", given_name="Ben", birth_date=date(1970, 1, 1))
    assert find(clinic, typed) == ["Ada Okafor"]


@pytest.mark.parametrize("typed", ["MRN0004711", "mrn0004711", "mrn 0004711", "4711", "0004711", "471", "ada 4711"])
def test_a_record_number_is_found_with_and_without_what_it_begins_with(clinic: OpenClinic, typed: str) -> None:
    clinic.patient(family_name="Okafor", given_name="Ada", record_number="MRN0004711")
    clinic.patient(family_name="Adler", given_name="Ben", record_number="MRN0000815")
    assert find(clinic, typed) == ["Ada Okafor"]


def test_the_first_fifty_are_each_somebody_else_however_often_their_names_begin_so(clinic: OpenClinic) -> None:
    with clinic.behind_the_program() as connection:
        put(connection, [Person("Maria Maren", "Mara Marta Marie", f"{number}") for number in range(70)])
    rows = clinic.services.patients.search(clinic.desk, "mar")
    assert len({row.id for row in rows}) == 50


def test_a_search_is_few_statements_however_many_fit(clinic: OpenClinic) -> None:
    def sent(typed: str) -> int:
        return statements(clinic, partial(clinic.services.patients.search, clinic.desk, typed))

    asked = ("", "o", "okafor", "kafo", "ada okafor", "MRN0000047", "0004", "1961-03-12", "okafro", "adda okafor mrnn")
    with clinic.behind_the_program() as connection:
        put(connection, [Person("Okafor", "Ada", "MRN0000047")])
    one = [sent(typed) for typed in asked]
    with clinic.behind_the_program() as connection:
        put(connection, [Person("Okafor", "Ada", f"MRN{number:07}") for number in range(300)])
    many = [sent(typed) for typed in asked]
    assert all(few <= once for few, once in zip(many, one, strict=True)), (one, many)
    assert one[:2] == [1, 1]
    assert max(one) <= 7


def test_no_search_reads_everybody(clinic: OpenClinic) -> None:
    if clinic.on_server:
        return
    with clinic.behind_the_program() as connection:
        put(connection, [Person("Okafor", "Ada", f"MRN{number:07}") for number in range(300)])
    for typed in ("o", "okafor", "kafo", "ada okafor", "MRN0000047", "47", "1961-03-12", "okafro"):
        read = gone_through(clinic, partial(clinic.services.patients.search, clinic.desk, typed))
        assert not read & {"patient", "search_word", "name_part", "appointment"}, typed
