"""What a day needs: units from drafts and signed patterns, vials from the shelf, and what the payer agreed to."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.chart_data import ChartContent, ChartLine
from clinic_app.services.patient_data import AuthorizationForm, HistoryForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stock_data import PlannedPatient, Preparation
from clinic_app.terms import AppointmentState, LotHold, Side
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

ONA, INCO = "onabotulinumtoxinA", "incobotulinumtoxinA"
DAY = date(2026, 6, 1)
INJECTION, REVIEW = 1, 3


def booked(clinic: OpenClinic, patient_id: int, hour: int = 10, kind: int = INJECTION, **more: object) -> int:
    booking = Booking(
        patient_id, clinic.physician.account_id, kind, datetime.combine(DAY, time(hour)), 30, accepted=(AUTHORIZATION,)
    )
    return clinic.services.schedule.book(clinic.desk, replace(booking, **more))  # type: ignore[arg-type]


def treated(clinic: OpenClinic, patient_id: int, *units: str, product: str = ONA, **changes: object) -> int:
    """A visit in March with these units, each line from a vial of its own that was typed by hand."""
    content = clinic.content()
    muscles = ("splenius_capitis", "levator_scapulae", "semispinalis_capitis")
    vial = replace(content.vials[0], product=product, lot_number="OLD", size_units=Decimal(200), waste_reason="rest")
    content = replace(
        content,
        vials=tuple(replace(vial, key=f"v{n}", wasted=str(200 - Decimal(amount))) for n, amount in enumerate(units)),
        lines=tuple(
            ChartLine(f"l{n}", muscles[n], Side.RIGHT, amount, guidance=("EMG",), vial=f"v{n}")
            for n, amount in enumerate(units)
        ),
        **changes,  # type: ignore[arg-type]
    )
    return clinic.signed(patient_id, content)


def shelved(clinic: OpenClinic, number: str, size: int, vials: int = 9, **changes: object) -> int:
    given = {"product": ONA, "expires_on": date(2027, 5, 31)} | changes
    return clinic.services.stock.receive(
        clinic.nurse,
        number=number,
        size_units=Decimal(size),
        vials=vials,
        **given,  # type: ignore[arg-type]
    )


def prepared(clinic: OpenClinic) -> Preparation:
    return clinic.services.stock.prepare(clinic.nurse, DAY)


def taken(row: PlannedPatient) -> list[tuple[str, int]]:
    return [(choice.number, choice.vials) for choice in row.choices]


def test_a_patients_last_pattern_is_met_with_the_fewest_wasted_units(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "90", "50")
    appointment_id = booked(clinic, patient_id)
    shelved(clinic, "L200", 200)
    shelved(clinic, "L100", 100, expires_on=date(2027, 8, 31))
    (row,) = prepared(clinic).patients
    assert row == PlannedPatient(
        appointment_id=appointment_id,
        patient_id=patient_id,
        name="Ada Okafor",
        record_number="MRN0000001",
        starts_at=time(10),
        injector="Dr. Mara Ellison",
        product=ONA,
        units=Decimal(140),
        choices=row.choices,
        spare=Decimal(60),
        birth_date=date(1961, 3, 12),
    )
    assert taken(row) == [("L200", 1)]


def test_patients_share_the_shelf_in_the_order_of_their_appointments(clinic: OpenClinic) -> None:
    patients = [clinic.patient(family_name=name) for name in ("Abdi", "Byrne", "Costa")]
    for patient_id, hour in zip(patients, (11, 9, 10), strict=True):
        treated(clinic, patient_id, "100")
        booked(clinic, patient_id, hour)
    shelved(clinic, "L100", 100, vials=1)
    shelved(clinic, "L200", 200, vials=1)
    day = prepared(clinic)
    assert [(row.name, taken(row), row.spare, row.short) for row in day.patients] == [
        ("Ada Byrne", [("L100", 1)], Decimal(0), Decimal(0)),
        ("Ada Costa", [("L200", 1)], Decimal(100), Decimal(0)),
        ("Ada Abdi", [], Decimal(0), Decimal(100)),
    ]
    (need,) = day.products
    assert (need.product, need.units, need.spare, need.short) == (ONA, Decimal(300), Decimal(100), Decimal(100))
    assert [(choice.number, choice.vials) for choice in need.vials] == [("L100", 1), ("L200", 1)]


def test_vials_of_one_lot_are_added_up_for_the_day(clinic: OpenClinic) -> None:
    for hour, name in ((9, "Abdi"), (10, "Byrne")):
        patient_id = clinic.patient(family_name=name)
        treated(clinic, patient_id, "100", "100")
        booked(clinic, patient_id, hour)
    shelved(clinic, "L100", 100)
    (need,) = prepared(clinic).products
    assert [(choice.number, choice.vials) for choice in need.vials] == [("L100", 4)]


def test_vials_kept_for_a_patient_are_for_that_patient(clinic: OpenClinic) -> None:
    ada, callum = clinic.patient(), clinic.patient(family_name="Byrne", given_name="Callum")
    for patient_id, hour in ((callum, 9), (ada, 10)):
        treated(clinic, patient_id, "100")
        booked(clinic, patient_id, hour)
    shelved(clinic, "general", 100)
    shelved(clinic, "kept", 200, vials=1, patient_id=ada, expires_on=date(2027, 3, 31))
    first, second = prepared(clinic).patients
    assert (first.name, taken(first)) == ("Callum Byrne", [("general", 1)])
    assert (second.name, taken(second), second.spare) == ("Ada Okafor", [("kept", 1)], Decimal(100))
    assert second.choices[0].assigned


def test_no_expired_or_held_lot_is_prepared(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "100")
    booked(clinic, patient_id)
    shelved(clinic, "expired", 100, expires_on=date(2026, 5, 31))
    held = shelved(clinic, "held", 100)
    clinic.services.stock.hold(clinic.nurse, held, LotHold.QUARANTINED, "too warm")
    (row,) = prepared(clinic).patients
    assert (row.choices, row.short) == ((), Decimal(100))
    shelved(clinic, "last day", 100, expires_on=DAY)
    (row,) = prepared(clinic).patients
    assert taken(row) == [("last day", 1)]


def test_a_chart_begun_for_the_appointment_says_how_many_units(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "100")
    appointment_id = booked(clinic, patient_id)
    _kept(clinic, patient_id, appointment_id, "60", "22,5")
    (row,) = prepared(clinic).patients
    assert (row.units, row.from_draft) == (Decimal("82.5"), True)


@pytest.mark.parametrize("typed", ["", "a lot", "-3", "0"])
def test_a_line_without_a_dose_leaves_the_units_unknown_and_takes_no_vial(clinic: OpenClinic, typed: str) -> None:
    patient_id = clinic.patient()
    appointment_id = booked(clinic, patient_id)
    shelved(clinic, "L100", 100)
    _kept(clinic, patient_id, appointment_id, "60", typed)
    (row,) = prepared(clinic).patients
    assert (row.product, row.units, row.choices, row.short) == (ONA, None, (), Decimal(0))


def _kept(clinic: OpenClinic, patient_id: int, appointment_id: int, *units: str) -> None:
    draft = clinic.services.charts.start(clinic.nurse, patient_id, appointment_id=appointment_id)
    content: ChartContent = clinic.content()
    lines = tuple(replace(content.lines[0], key=f"l{n}", units=typed) for n, typed in enumerate(units))
    clinic.services.charts.keep(clinic.nurse, draft.id, draft.version, replace(content, lines=lines))


def test_an_empty_chart_changes_nothing(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "100")
    _kept(clinic, patient_id, booked(clinic, patient_id))
    (row,) = prepared(clinic).patients
    assert (row.units, row.from_draft) == (Decimal(100), False)


def test_a_new_patient_needs_vials_that_nobody_knows_yet(clinic: OpenClinic) -> None:
    booked(clinic, clinic.patient())
    (row,) = prepared(clinic).patients
    assert (row.product, row.units, row.choices) == ("", None, ())
    assert prepared(clinic).products == ()


def test_only_those_who_come_to_be_injected_and_were_not_yet_are_prepared(clinic: OpenClinic) -> None:
    schedule = clinic.services.schedule
    patients = [clinic.patient(family_name=f"Patient {n}") for n in range(5)]
    for patient_id in patients:
        treated(clinic, patient_id, "100")
    cancelled = booked(clinic, patients[0], 9)
    schedule.set_state(clinic.desk, cancelled, 1, AppointmentState.CANCELLED, "ill")
    booked(clinic, patients[1], 10, REVIEW)
    missed = booked(clinic, patients[2], 11)
    done = booked(clinic, patients[3], 14)
    coming = booked(clinic, patients[4], 15)
    clinic.clock.forward(days=91)
    schedule.set_state(clinic.desk, missed, 1, AppointmentState.NO_SHOW)
    schedule.set_state(clinic.desk, done, schedule.set_state(
        clinic.desk, done, 1, AppointmentState.ARRIVED), AppointmentState.INJECTED)  # fmt: skip
    assert [row.appointment_id for row in prepared(clinic).patients] == [coming]


def test_the_pattern_is_of_the_indication_that_is_treated(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "100")
    clinic.clock.forward(days=1)
    lids = treated(clinic, patient_id, "50", indication="blepharospasm", visited_on=date(2026, 3, 3))
    appointment_id = booked(clinic, patient_id)
    assert [row.units for row in prepared(clinic).patients] == [100]
    clinic.services.schedule.set_state(clinic.desk, appointment_id, 1, AppointmentState.CANCELLED, "other plan")
    booked(clinic, patient_id, follows_visit_id=lids)
    assert [row.units for row in prepared(clinic).patients] == [50]


def test_an_indication_without_a_pattern_is_not_known(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "50", indication="blepharospasm")
    booked(clinic, patient_id)
    assert [row.units for row in prepared(clinic).patients] == [None]
    other = clinic.patient(family_name="Byrne", history=HistoryForm())
    treated(clinic, other, "50", indication="blepharospasm")
    booked(clinic, other, 11)
    assert [row.units for row in prepared(clinic).patients] == [None, 50]


def test_indications_treated_on_one_day_are_prepared_together(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treated(clinic, patient_id, "100")
    treated(clinic, patient_id, "50", indication="blepharospasm")
    booked(clinic, patient_id)
    (row,) = prepared(clinic).patients
    assert row.units == 150


def test_two_products_of_one_patient_are_two_lines_that_are_never_added_up(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    content = clinic.content()
    inco = replace(content.vials[0], key="v2", product=INCO, wasted="60", waste_reason="rest")
    ona = replace(content.vials[0], wasted="40", waste_reason="rest")
    clinic.signed(
        patient_id, replace(content, vials=(ona, inco), lines=(content.lines[0], replace(content.lines[1], vial="v2")))
    )
    booked(clinic, patient_id)
    units = [(INCO, Decimal(40)), (ONA, Decimal(60))]
    assert [(row.product, row.units) for row in prepared(clinic).patients] == units
    assert [(need.product, need.units) for need in prepared(clinic).products] == units


MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("authorizations", "lapses_on", "note"),
    [
        ([], None, ""),
        ([{"last_day": date(2026, 6, 1)}], None, ""),
        ([{"last_day": date(2026, 5, 31)}], date(2026, 5, 31), ""),
        ([{"last_day": date(2026, 5, 31)}, {"first_day": DAY}], None, ""),
        ([{"last_day": date(2026, 4, 1)}, {"last_day": date(2026, 5, 1)}], date(2026, 5, 1), ""),
        ([{"first_day": date(2026, 6, 2)}], None, "The authorization begins on 2 Jun 2026."),
        ([{"visits": 2}], None, ""),
        ([{"visits": 1}], None, "The authorized visits are used up (1)."),
        ([{"visits": 1, "first_day": date(2026, 3, 3)}], None, ""),
        ([{"units": Decimal(200)}], None, ""),
        ([{"units": Decimal(199)}], None, "99 of 199 authorized units are left."),
        ([{"units": Decimal(90)}], None, "0 of 90 authorized units are left."),
        ([{"product": INCO, "last_day": date(2026, 5, 31)}], None, ""),
        ([{"product": "", "last_day": date(2026, 5, 31)}], date(2026, 5, 31), ""),
    ],
)
def test_an_authorization_that_does_not_cover_the_visit_is_told(
    clinic: OpenClinic, authorizations: list[dict[str, object]], lapses_on: date | None, note: str
) -> None:
    forms = tuple(
        AuthorizationForm(**{"number": f"PA-{n}", "product": ONA} | each)  # type: ignore[arg-type]
        for n, each in enumerate(authorizations)
    )
    patient_id = clinic.patient(authorizations=forms)
    treated(clinic, patient_id, "100")
    booked(clinic, patient_id)
    (row,) = prepared(clinic).patients
    assert (row.authorization_lapses_on, row.authorization_note) == (lapses_on, note)


def test_the_day_of_the_clinic_ends_at_its_midnight(clinic: OpenClinic) -> None:
    booked(clinic, clinic.patient())
    for other in (date(2026, 5, 31), date(2026, 6, 2)):
        assert clinic.services.stock.prepare(clinic.nurse, other) == Preparation(other, (), ())


def test_however_many_patients_come_they_are_prepared_in_as_many_statements(clinic: OpenClinic) -> None:
    def counted() -> int:
        return statements(clinic, lambda: prepared(clinic))

    patient_id = clinic.patient(authorizations=(AuthorizationForm("PA-1", ONA),))
    treated(clinic, patient_id, "100")
    booked(clinic, patient_id, 9)
    shelved(clinic, "L100", 100)
    before = counted()
    assert before <= 7
    for number, hour in enumerate((10, 11, 14, 15, 16)):
        other = clinic.patient(family_name=f"Patient {number}", authorizations=(AuthorizationForm("PA-1", ONA),))
        treated(clinic, other, "100", "50")
        appointment_id = booked(clinic, other, hour)
        shelved(clinic, f"M{number}", 200)
        if number % 2:
            _kept(clinic, other, appointment_id, "60")
    assert counted() == before
    assert len(prepared(clinic).patients) == 6
