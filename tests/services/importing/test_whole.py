"""What holds for every file: what was written out comes in the same, and whatever is in it, never half of it does."""

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from clinic_app.errors import ClinicError
from clinic_app.exchange.csv_text import csv_text
from clinic_app.exchange.typed_values import DateOrder, NumberStyle
from clinic_app.models import Base, Injection, Vial, Visit
from clinic_app.services.importing.choices import Ask, Decision, ImportChoices
from clinic_app.services.importing.files import ImportFile, read_file, rejected_csv
from clinic_app.terms import Guidance, ImportKind, Side
from clinic_app.typed_text import clean
from tests.services.importing.conftest import NOT_COMPARED, Desk

ONE_CLINIC = settings(
    max_examples=40,
    # Every example takes back what it brought in, so that the clinic is the same for the next.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADER = (
    "record number", "day", "muscle", "side", "units", "product", "lot", "expiry", "vial size", "diluent ml",
    "guidance", "injector", "indication", "note",
)  # fmt: skip
_WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=30).map(lambda text: text.strip())
_AMOUNTS = st.decimals(Decimal("0.001"), Decimal(99), places=3)


@st.composite
def given_rows(draw: st.DrawFn) -> list[tuple[object, ...]]:
    """Rows as a clinic would write them out: each muscle and side of a visit once."""
    rows: list[tuple[object, ...]] = []
    for day in draw(st.lists(st.dates(date(1990, 1, 1), date(2026, 3, 1)), min_size=1, max_size=3, unique=True)):
        places = draw(
            st.lists(
                st.tuples(st.sampled_from(["splenius_capitis", "masseter"]), st.sampled_from([Side.LEFT, Side.RIGHT])),
                min_size=1, max_size=3, unique=True,
            )
        )  # fmt: skip
        injector, indication = draw(st.sampled_from(["Dr. Mara Ellison", "Dr. Old"])), "cervical_dystonia"
        for muscle, side in places:
            product = draw(st.sampled_from(["onabotulinumtoxinA", "incobotulinumtoxinA"]))
            rows.append(
                (
                    "A1", day, muscle, side.value, draw(_AMOUNTS), product, draw(_WORDS)[:100],
                    draw(st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))), draw(st.none() | _AMOUNTS),
                    draw(st.none() | _AMOUNTS), draw(st.sampled_from(["", *(way.value for way in Guidance)])),
                    injector, indication, draw(_WORDS),
                )
            )  # fmt: skip
    return rows


@given(given_rows())
@ONE_CLINIC
def test_what_was_written_out_comes_in_with_the_same_values(desk: Desk, rows: list[tuple[object, ...]]) -> None:
    numbers = frozenset(range(2, len(rows) + 2))
    file = read_file("out.csv", csv_text(HEADER, rows).encode())
    done = desk.imports.bring_in(
        desk.actor, file, ImportChoices(ImportKind.INJECTIONS, number_style=NumberStyle.POINT, confirmed=numbers)
    )
    assert done.preview.coming_in == len(rows)
    query = (
        select(Visit.visited_on, Injection.muscle, Injection.side, Injection.units, Vial.product, Vial.lot_number)
        .add_columns(Vial.expires_on, Vial.size_units, Vial.diluent_ml, Injection.guidance, Injection.note)
        .join(Visit, Visit.id == Injection.visit_id)
        .join(Vial, Vial.id == Injection.vial_id)
    )
    with desk.clinic.store.database.reading() as session:
        found = {tuple(map(str, row)) for row in session.execute(query)}
    desk.imports.undo(desk.actor, done.import_id)
    assert found == {
        tuple(
            map(
                str,
                (
                    day, muscle, Side(str(side)), _three(units), product, _kept(lot), expiry, _three(size), _three(ml),
                    [way] if way else [], _kept(note),
                ),
            )
        )
        for _, day, muscle, side, units, product, lot, expiry, size, ml, way, _, _, note in rows
    }  # fmt: skip


def _three(amount: object) -> object:
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.001"))


def _kept(text: object) -> str:
    """A text as one cell of a file holds it: cleaned as typed text is."""
    return clean(str(text))


KINDS: dict[ImportKind, tuple[Sequence[str], Sequence[Sequence[str]]]] = {
    ImportKind.PATIENTS: (
        ("MRN", "Surname", "First name", "DOB", "Sex", "Weight", "Died", "Onset", "Interval"),
        (
            ("N1", "Lee", "Bo", "02/03/1960", "m", "70,5", "", "2011", "12"),
            ("N2", "Ray", "Jo", "1961-02-03", "f", "81.5", "2020-01-02", "03/2011", ""),
        ),
    ),
    ImportKind.INJECTIONS: (
        ("MRN", "Date", "Muscle", "Side", "Dose", "Toxin", "Lot", "Expiry", "Vial", "ml", "Guidance", "Dr", "Dx"),
        (
            ("A1", "24/11/2025", "splenius capitis", "R", "60", "Botox", "C7", "", "100", "2", "EMG", "Old", "CD"),
            ("A1", "24/11/2025", "levator scapulae", "both", "40", "Botox", "C7", "", "", "", "", "", "CD"),
            ("A1", "02/03/2025", "SCM R", "", "1,5", "BTX-A", "", "", "", "", "", "", ""),
        ),
    ),
    ImportKind.APPOINTMENTS: (
        ("MRN", "Date", "Time", "Minutes", "Doctor", "Type", "Room", "Status"),
        (
            ("A1", "2026-03-09", "10:00", "40", "Ellison", "Injection", "Room 1", ""),
            ("A1", "2025-03-10", "9:15", "", "Old", "Review", "", "no show"),
        ),
    ),
    ImportKind.SIDE_EFFECTS: (
        ("MRN", "Event", "Grade", "Start", "End", "Action", "Visit date"),
        (
            ("A1", "Trouble swallowing", "moderate", "2026-03-01", "", "soft food", ""),
            ("A1", "stiff jaw", "2", "2026-02-28", "2026-03-01", "", "2026-02-02"),
        ),
    ),
}
_CELLS = (
    "", "A1", "N1", "0", "-1", "1e9", "99999999999999999999", "1.2.3", "13/02/2025", "02/13/2025", "2025-02-30",
    "24.11.25",
    "=cmd|' /C calc'!A0", "R", "left", "bilateral", "Botox", "Dysport", "BTX-A", "splenius", "trapezius", "SCM L",
    "2027-01-01", "1850-01-01", "\u202e", "ß" * 500, "10:00", "25:61", "NULL", "#REF!", "1,234", "½", "٣", "\u0000x",
)  # fmt: skip
_ROUNDS = 150


def test_whatever_is_in_a_file_never_half_of_it_comes_in(desk: Desk) -> None:
    """Many files with cells, rows and headers changed: a preview, then all that it says, or nothing."""
    chance = random.Random(10)
    desk.clinic.signed(desk.clinic.patient(record_number="B2", family_name="Lee"))
    for kind, (header, rows) in KINDS.items():
        for number in range(_ROUNDS if not desk.clinic.on_server else _ROUNDS // 15):
            names, cells = list(header), [list(row) for row in rows]
            for _ in range(chance.randint(1, 4)):
                _mutate(chance, names, cells)
            try:
                file = read_file("fuzz.csv", csv_text(names, cells).encode())
            except ClinicError as error:
                assert str(error)
                continue
            choices = _choices(chance, kind, len(cells))
            preview = desk.imports.preview(desk.actor, file, choices)
            assert len(preview.verdicts) in (0, len(file.table.rows))
            assert all(verdict.comes_in or verdict.reasons for verdict in preview.verdicts)
            rejected_csv(file, preview)
            if number % 8 == 0:  # what follows is the same in all of them
                _bring_in_and_take_back(desk, file, choices, preview.coming_in)


def _bring_in_and_take_back(desk: Desk, file: ImportFile, choices: ImportChoices, coming_in: int) -> None:
    before = _counts(desk)
    try:
        done = desk.imports.bring_in(desk.actor, file, choices)
    except ClinicError:
        assert not coming_in
        assert _counts(desk) == before
        return
    assert done.preview.coming_in == coming_in
    desk.imports.undo(desk.actor, done.import_id)
    assert _counts(desk) == before


_COUNTS = select(
    *(
        select(func.count()).select_from(table).scalar_subquery().label(table.name)
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_COMPARED
    )
)


def _counts(desk: Desk) -> dict[str, int]:
    """How many rows every table has."""
    with desk.clinic.store.database.reading() as session:
        return dict(session.execute(_COUNTS).one()._mapping)


def _mutate(chance: random.Random, header: list[str], rows: list[list[str]]) -> None:
    row = chance.choice(rows)
    match chance.randrange(7):
        case 0:
            rows.append(list(row))
        case 1:
            place = chance.randrange(len(header))
            header[place] = chance.choice(["", "Was", *header])
        case 2 if row:
            row.pop()
        case 3:
            row.append("more")
        case _ if row:
            row[chance.randrange(len(row))] = chance.choice(_CELLS)


def _choices(chance: random.Random, kind: ImportKind, rows: int) -> ImportChoices:
    maybe = chance.random
    return ImportChoices(
        kind,
        date_order=chance.choice([None, *DateOrder]),
        number_style=chance.choice([None, *NumberStyle]),
        answers={
            (Ask.PRODUCT, "BTX-A"): chance.choice(["onabotulinumtoxinA", "x"]),
            (Ask.BOTH_SIDES, ""): chance.choice(["each", "total", "x"]),
            (Ask.INDICATION, ""): chance.choice(["patient", "blepharospasm"]),
            (Ask.INJECTOR, "Old"): chance.choice(["ellison", "Nobody"]),
        },
        duplicates={number: chance.choice(list(Decision)) for number in range(2, rows + 2) if maybe() < 0.5},
        confirmed=frozenset(number for number in range(2, rows + 2) if maybe() < 0.5),
        clash_reason=chance.choice(["", "two chairs"]),
    )


def test_the_refused_rows_come_back_with_their_reason_and_no_formula(desk: Desk) -> None:
    header = ("MRN", "Surname", "DOB", "Reason")
    rows = [("N1", "=cmd|' /C calc'!A0", "never", "x"), ("N2", "Ray", "1960-01-02", "y")]
    file = read_file("old.csv", csv_text(header, rows).encode())
    preview = desk.imports.preview(desk.actor, file, ImportChoices(ImportKind.PATIENTS))
    written = rejected_csv(file, preview)
    assert "\n=" not in written
    assert ",=" not in written
    back = read_file("back.csv", written.encode()).table
    assert back.header == (*header, "Reason (2)")
    assert [row.cells[:4] for row in back.rows] == [rows[0]]
    assert "DOB" in back.rows[0].cells[-1]
