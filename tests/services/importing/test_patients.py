"""Patients from a spreadsheet: who comes in, who is on record, and what is asked or refused."""

from datetime import date
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.services.importing.choices import Ask, Decision
from clinic_app.services.importing.preview import Outcome
from clinic_app.terms import ImportKind, PatientStatus, Sex
from tests.services.importing.conftest import Desk, asked, reasons

P = ImportKind.PATIENTS
HEADER = ("MRN", "Surname", "First name", "DOB")


def test_everything_a_row_tells_stands_in_the_record(desk: Desk) -> None:
    header = (
        "Patienten-Nr.", "Nachname", "Vorname", "Geburtsdatum", "Geschlecht", "Handy", "E-Mail", "Adresse", "Hausarzt",
        "Krankenkasse", "Diagnose", "ICD-10", "Beginn", "Gewicht", "Sprache", "Intervall (Wochen)", "Bemerkung",
        "Lieblingsfarbe",
    )  # fmt: skip
    row = (
        "K-7", "Weiß", "Jürgen", "13.02.1958", "männlich", "0170 1", "j@example.org", "Am Ring 3", "Dr. Huber", "AOK",
        "Blepharospasmus", "g245", "04.2011", "81,5", "Deutsch", "10", "kommt mit dem Zug", "blau",
    )  # fmt: skip
    done = desk.bring(P, header, row)
    assert [column.header for column in done.preview.columns if not column.field] == ["Lieblingsfarbe"]
    found = desk.clinic.services.patients.search(desk.actor, "weiss")
    form = desk.clinic.services.patients.details(desk.actor, found[0].id).form
    assert (form.record_number, form.family_name, form.given_name) == ("K-7", "Weiß", "Jürgen")
    assert (form.birth_date, form.sex, form.phone, form.email) == (
        date(1958, 2, 13), Sex.MALE, "0170 1", "j@example.org",
    )  # fmt: skip
    assert (form.address, form.referring_doctor, form.payer) == ("Am Ring 3", "Dr. Huber", "AOK")
    history = form.history
    assert (history.indication, history.icd10cm, str(history.onset)) == ("blepharospasm", "G24.5", "2011-04")
    assert (form.weight_kg, form.language, form.usual_interval_weeks) == (Decimal("81.5"), "Deutsch", 10)
    assert form.note == "kommt mit dem Zug"


def test_two_rows_with_one_record_number_are_both_refused_and_name_each_other(desk: Desk) -> None:
    preview = desk.look(P, HEADER, ("7", "Lee", "Bo", "1960-01-02"), ("7", "Ray", "Jo", "1961-01-02"))
    assert [verdict.outcome for verdict in preview.verdicts] == [Outcome.REFUSED] * 2
    assert "row 3" in reasons(preview.verdicts[0])
    assert "row 2" in reasons(preview.verdicts[1])


def test_somebody_on_record_is_shown_and_not_registered_again(desk: Desk) -> None:
    (verdict,) = desk.look(P, HEADER, ("a1", "Other", "Name", "1950-01-02")).verdicts
    assert (verdict.outcome, verdict.asks) == (Outcome.DUPLICATE, False)
    assert verdict.existing is not None
    assert verdict.existing.name == "Ada Okafor"


@pytest.mark.parametrize(
    ("family", "given", "born"),
    [("Okafor", "Ada", "1961-03-12"), ("Okafr", "Adaeze", "1961-03-12"), ("OKAFOR", "ADA", "1961-12-03")],
)
def test_whoever_looks_like_somebody_on_record_waits_for_a_decision(
    desk: Desk, family: str, given: str, born: str
) -> None:
    row = ("B2", family, given, born)
    (verdict,) = desk.look(P, HEADER, row).verdicts
    assert (verdict.outcome, verdict.asks) == (Outcome.DUPLICATE, True)
    (same,) = desk.look(P, HEADER, row, duplicates={2: Decision.SAME}).verdicts
    assert (same.outcome, same.asks) == (Outcome.DUPLICATE, False)
    (another,) = desk.look(P, HEADER, row, duplicates={2: Decision.ANOTHER}).verdicts
    assert another.outcome is Outcome.NEW


def test_the_same_person_in_two_rows_waits_for_a_decision(desk: Desk) -> None:
    rows = (("", "Lee", "Bo", "1960-01-02"), ("", "Lee", "Bo", "1960-01-02"))
    verdicts = desk.look(P, HEADER, *rows).verdicts
    assert [(verdict.outcome, verdict.asks) for verdict in verdicts] == [
        (Outcome.NEW, False), (Outcome.DUPLICATE, True),
    ]  # fmt: skip
    done = desk.bring(P, HEADER, *rows, duplicates={3: Decision.ANOTHER})
    assert done.preview.coming_in == 2
    numbers = {row.record_number for row in desk.clinic.services.patients.search(desk.actor, "lee")}
    assert len(numbers) == 2
    assert all(numbers)


@pytest.mark.parametrize(
    ("more", "row", "said"),
    [
        (("Died",), ("X", "Lee", "Bo", "1960-01-02", "1959-01-02"), "Died"),
        (("Weight",), ("X", "Lee", "Bo", "1960-01-02", "900"), "Weight"),
        (("ICD",), ("X", "Lee", "Bo", "1960-01-02", "what"), "ICD"),
        (("Interval",), ("X", "Lee", "Bo", "1960-01-02", "0"), "Interval"),
        (("Onset",), ("X", "Lee", "Bo", "1960-01-02", "1951"), "Onset"),
        (("Sex",), ("X", "Lee", "Bo", "1960-01-02", "Q"), "Sex"),
        ((), ("X", "", "Bo", "1960-01-02"), "Surname"),
        ((), ("X", "Lee", "Bo", ""), "DOB"),
        ((), ("X", "Lee", "Bo", "2030-01-02"), "DOB"),
        ((), ("X", "Lee", "Bo", "soon"), "DOB"),
        (("Weight",), ("X", "Lee", "Bo", "1960-01-02", "70", "and more"), "1 more cells"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(
    desk: Desk, more: tuple[str, ...], row: tuple[str, ...], said: str
) -> None:
    good = ("Y", "Ray", "Jo", "1961-02-03", *("" for _ in more))
    first, second = desk.look(P, (*HEADER, *more), row, good).verdicts
    assert first.outcome is Outcome.REFUSED
    assert said in reasons(first)
    assert second.outcome is Outcome.NEW


def test_a_death_closes_the_record(desk: Desk) -> None:
    desk.bring(P, (*HEADER, "Date of death"), ("X", "Lee", "Bo", "1960-01-02", "2020-05-06"))
    (found,) = desk.clinic.services.patients.search(desk.actor, "lee")
    assert found.status is PatientStatus.DIED


def test_days_that_fit_two_orders_are_asked_about_once(desk: Desk) -> None:
    rows = [(f"X{n}", f"Name{n}", "Bo", f"0{n}/05/1960") for n in range(1, 4)]
    preview = desk.look(P, HEADER, *rows)
    assert asked(preview) == {(Ask.DATE_ORDER, "")}
    assert preview.questions[0].rows == 3
    assert all(verdict.waits for verdict in preview.verdicts)
    desk.bring(P, HEADER, *rows, date_order="mdy")
    (found,) = desk.clinic.services.patients.search(desk.actor, "name3")
    assert found.birth_date == date(1960, 3, 5)


def test_days_in_three_styles_leave_out_what_the_answer_does_not_fit(desk: Desk) -> None:
    rows = (("X1", "Lee", "Bo", "13/02/1960"), ("X2", "Ray", "Jo", "02/13/1960"), ("X3", "Roe", "Al", "4 May 1960"))
    verdicts = desk.look(P, HEADER, *rows, date_order="dmy").verdicts
    assert [verdict.comes_in for verdict in verdicts] == [True, False, True]


def test_a_file_without_names_or_days_says_which_columns_are_missing(desk: Desk) -> None:
    preview = desk.look(P, ("Colour",), ("blue",))
    assert {field.name for field in preview.missing} >= {"family_name", "birth_date"}
    with pytest.raises(ClinicError, match="Family name, Birth date"):
        desk.bring(P, ("Colour",), ("blue",))


def test_what_a_column_and_a_text_meant_is_remembered(desk: Desk) -> None:
    header = ("MRN", "Wie heißt er", "First name", "DOB", "Was er hat")
    columns = {"Wie heißt er": "family_name", "Was er hat": "indication"}
    answers = {(Ask.INDICATION, "Kopfschief"): "cervical_dystonia"}
    desk.bring(P, header, ("X1", "Lee", "Bo", "1960-01-02", "Kopfschief"), columns=columns, answers=answers)
    preview = desk.look(P, header, ("X2", "Ray", "Jo", "1961-01-02", "KOPFSCHIEF"))
    assert (preview.questions, preview.coming_in) == ((), 1)


def test_nobody_but_the_manager_brings_records_in(desk: Desk) -> None:
    file = desk.file(HEADER, [("X1", "Lee", "Bo", "1960-01-02")])
    for actor in (desk.clinic.nurse, desk.clinic.desk):
        for ask in (
            lambda actor=actor: desk.imports.preview(actor, file, desk.choices(P)),
            lambda actor=actor: desk.imports.bring_in(actor, file, desk.choices(P)),
            lambda actor=actor: desk.imports.imports(actor),
            lambda actor=actor: desk.imports.undo(actor, 1),
        ):
            with pytest.raises(NotAllowed):
                ask()


def test_whoever_is_registered_meanwhile_is_not_registered_twice(desk: Desk) -> None:
    """Between the look and the turn to write somebody else writes."""
    file = desk.file(HEADER, [("X1", "Lee", "Bo", "1960-01-02"), ("X2", "Ray", "Jo", "1961-01-02")])
    registered: list[int] = []

    def step(_done: int, _of: int) -> None:
        if not registered:
            registered.append(desk.clinic.patient(record_number="X1", family_name="Quick", birth_date=date(1970, 1, 2)))

    done = desk.imports.bring_in(desk.actor, file, desk.choices(P), step)
    assert [verdict.outcome for verdict in done.preview.verdicts] == [Outcome.DUPLICATE, Outcome.NEW]
