"""Earlier injections from a spreadsheet: visits that come in whole, say where they come from, and count."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Account, TreatmentCycle
from clinic_app.services.importing.choices import EACH, OF_PATIENT, TOTAL, Ask
from clinic_app.services.importing.preview import Outcome
from clinic_app.services.inbox_data import InboxKind
from clinic_app.services.verification import verify_clinic
from clinic_app.services.visit_data import VisitDetails
from clinic_app.terms import ImportKind, Side
from tests.services.conftest import OpenClinic
from tests.services.importing.conftest import Desk, asked, reasons

I = ImportKind.INJECTIONS  # noqa: E741  # short, because every line has it
HEADER = ("MRN", "Date", "Muscle", "Side", "Dose", "Toxin", "Lot", "Indication")
SPLENIUS = ("A1", "2025-11-24", "splenius capitis", "R", "60", "Botox", "C77", "cervical dystonia")
LEVATOR = ("A1", "2025-11-24", "levator scapulae", "R", "40", "Botox", "C77", "cervical dystonia")


def the_visit(desk: Desk) -> VisitDetails:
    visits = desk.clinic.services.visits
    (patient,) = desk.clinic.services.patients.search(desk.actor, "okafor")
    (row,) = visits.of_patient(desk.actor, patient.id)
    return visits.details(desk.actor, row.id)


def test_rows_of_one_patient_and_day_are_one_visit_that_says_where_it_comes_from(desk: Desk) -> None:
    desk.bring(I, HEADER, SPLENIUS, LEVATOR)
    visit = the_visit(desk)
    assert (visit.visited_on, visit.indication, visit.injector) == (
        date(2025, 11, 24), "cervical_dystonia", "Not known",
    )  # fmt: skip
    assert [(each.muscle, each.side, each.units, each.volume_ml) for each in visit.injections] == [
        ("splenius_capitis", Side.RIGHT, Decimal(60), None),
        ("levator_scapulae", Side.RIGHT, Decimal(40), None),
    ]
    (vial,) = visit.vials
    assert (vial.product, vial.lot_number, vial.given_units) == ("onabotulinumtoxinA", "C77", Decimal(100))
    assert (vial.expires_on, vial.size_units, vial.diluent_ml, vial.wasted_units) == (None, None, None, None)
    assert visit.brought_in is not None
    assert (visit.brought_in.file_name, visit.brought_in.by) == ("old.csv", "Dr. Mara Ellison")
    assert visit.consent is False


def test_what_the_file_tells_of_vial_guidance_and_injector_is_kept(desk: Desk) -> None:
    header = (*HEADER, "Expiry", "Vial (U)", "NaCl (ml)", "Guidance", "Injected by", "Comment")
    row = (*SPLENIUS, "2026-05-31", "100 U", "2 ml", "EMG + US", "ELLISON", "sore")
    desk.bring(I, header, row)
    visit = the_visit(desk)
    (vial,), (given,) = visit.vials, visit.injections
    assert (vial.expires_on, vial.size_units, vial.diluent_ml) == (date(2026, 5, 31), Decimal(100), Decimal(2))
    assert (given.guidance, given.note, given.volume_ml) == (("EMG", "ultrasound"), "sore", Decimal("1.2"))
    assert visit.injector == "Dr. Mara Ellison"


def test_a_name_that_no_account_has_gets_one_that_opens_nothing(desk: Desk) -> None:
    done = desk.bring(I, (*HEADER, "Doctor"), (*SPLENIUS, "Dr. Old Hand"), (*LEVATOR, ""))
    assert done.preview.new_names == ("Dr. Old Hand",)
    assert the_visit(desk).injector == "Dr. Old Hand"
    with desk.clinic.store.database.reading() as session:
        account = session.scalars(select(Account).where(Account.full_name == "Dr. Old Hand")).one()
        assert (account.active, account.roles, account.pin_verifier) == (False, [], None)


def test_two_injectors_in_one_visit_are_refused(desk: Desk) -> None:
    preview = desk.look(I, (*HEADER, "Doctor"), (*SPLENIUS, "Dr. Old"), (*LEVATOR, "Dr. New"))
    assert preview.coming_in == 0
    assert "Dr. Old and Dr. New" in reasons(preview.verdicts[0])


def test_a_visit_with_a_row_that_cannot_come_in_stays_out_whole(desk: Desk) -> None:
    bad = ("A1", "2025-11-24", "levator scapulae", "R", "lots", "Botox", "C77", "cervical dystonia")
    other = ("A1", "2025-08-04", *SPLENIUS[2:])
    first, second, third = desk.look(I, HEADER, SPLENIUS, bad, other).verdicts
    assert "lots" in reasons(second)
    assert (first.outcome, third.outcome) == (Outcome.REFUSED, Outcome.JOINS)
    assert "row 3" in reasons(first)


def test_a_row_without_a_day_keeps_out_the_visits_it_may_belong_to(desk: Desk) -> None:
    stray = ("A1", "2025-99-99", *LEVATOR[2:])
    other = ("A1", "2025-08-04", *SPLENIUS[2:])
    verdicts = desk.look(I, HEADER, SPLENIUS, stray, other, ("A1", "2025-05-05", *SPLENIUS[2:])).verdicts
    assert [verdict.comes_in for verdict in verdicts] == [False, False, False, True]


def test_of_a_restricted_record_it_is_not_even_told_whether_the_visit_is_there(desk: Desk) -> None:
    desk.bring(I, HEADER, SPLENIUS)
    (row,) = desk.clinic.services.patients.search(desk.actor, "A1")
    desk.clinic.services.records.restrict(desk.actor, row.id, "Works here.", {desk.clinic.nurse.account_id})
    other = ("A1", "2025-08-04", *SPLENIUS[2:])
    for verdict in desk.look(I, HEADER, SPLENIUS, other).verdicts:
        assert reasons(verdict).endswith(
            "The record of Ada Okafor is restricted. Open it with a reason, then look at the file again."
        )


def test_a_visit_on_record_is_not_brought_in_again(desk: Desk) -> None:
    desk.bring(I, HEADER, SPLENIUS)
    preview = desk.look(I, HEADER, SPLENIUS, LEVATOR)
    assert [verdict.outcome for verdict in preview.verdicts] == [Outcome.DUPLICATE] * 2
    with pytest.raises(ClinicError, match="No row can come in"):
        desk.bring(I, HEADER, SPLENIUS)
    assert desk.look(I, HEADER, SPLENIUS).before is not None


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        (0, "Z9", "MRN"),
        (0, "", "MRN"),
        (1, "1950-01-02", "before the patient was born"),
        (1, "2026-03-03", "still to come"),
        (1, "13.13.2025", "Date"),
        (1, "", "Date"),
        (2, "", "Muscle"),
        (3, "", "Side"),
        (3, "mid", "Side"),
        (4, "0", "Dose"),
        (4, "-5", "Dose"),
        (4, "2 ml", "Dose"),
        (4, "1.2345", "Dose"),
        (4, "", "Dose"),
        (5, "", "Toxin"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(desk: Desk, place: int, typed: str, said: str) -> None:
    row = (*SPLENIUS[:place], typed, *SPLENIUS[place + 1 :])
    (verdict,) = desk.look(I, HEADER, row).verdicts
    assert verdict.outcome is Outcome.REFUSED
    assert said in reasons(verdict)


def test_a_day_after_death_is_refused(desk: Desk) -> None:
    died = date(2025, 1, 2)
    desk.clinic.patient(record_number="D1", family_name="Roe", died_on=died, status="died")
    (verdict,) = desk.look(I, HEADER, ("D1", *SPLENIUS[1:])).verdicts
    assert "after the patient died (2 Jan 2025)" in reasons(verdict)


def test_a_record_number_with_another_birth_date_or_name_is_refused(desk: Desk) -> None:
    header = (*HEADER, "Surname", "DOB")
    other_day, other_name, right = desk.look(
        I, header, (*SPLENIUS, "Okafor", "1961-03-13"), ("A1", "2025-08-01", *SPLENIUS[2:], "Lee", ""),
        ("A1", "2025-05-01", *SPLENIUS[2:], "okafor", "1961-03-12"),
    ).verdicts  # fmt: skip
    assert "12 Mar 1961" in reasons(other_day)
    assert "another name" in reasons(other_name)
    assert right.comes_in


def test_without_a_number_the_name_and_birth_date_find_the_patient(desk: Desk) -> None:
    header = ("Patient", "DOB", *HEADER[1:])
    preview = desk.look(
        I, header, ("Okafor, Ada", "1961-03-12", *SPLENIUS[1:]), ("Okafor, Ada", "1961-03-11", *SPLENIUS[1:]),
        ("Ada Okafor", "1961-03-12", *SPLENIUS[1:]),
    )  # fmt: skip
    assert [verdict.comes_in for verdict in preview.verdicts] == [True, False, False]


def test_what_nobody_knows_is_asked_once_and_never_guessed(desk: Desk) -> None:
    rows = [
        ("A1", f"2025-0{month}-03", "gizmo", "R", "50", "BTX-A", "C77", "stiff neck disease") for month in range(1, 4)
    ]
    preview = desk.look(I, HEADER, *rows)
    assert asked(preview) == {
        (Ask.MUSCLE, "gizmo"), (Ask.PRODUCT, "BTX-A"), (Ask.INDICATION, "stiff neck disease"),
    }  # fmt: skip
    assert {question.rows for question in preview.questions} == {3}
    product = next(question for question in preview.questions if question.ask is Ask.PRODUCT)
    assert {"onabotulinumtoxinA", "abobotulinumtoxinA"} <= {each.answer for each in product.candidates}
    answers = {
        (Ask.MUSCLE, "gizmo"): "splenius_capitis",
        (Ask.PRODUCT, "btx-a"): "onabotulinumtoxinA",
        (Ask.INDICATION, "Stiff neck disease"): "cervical_dystonia",
    }
    assert desk.bring(I, HEADER, *rows, answers=answers).preview.coming_in == 3
    again = desk.look(I, HEADER, ("A1", "2025-06-03", *rows[0][2:]))
    assert (again.questions, again.coming_in) == ((), 1)


def test_an_answer_that_is_no_answer_leaves_the_question_open(desk: Desk) -> None:
    rows = (("A1", "2025-01-03", "gizmo", "R", "50", "BTX-A", "C77", "neck thing"),)
    answers = {(Ask.MUSCLE, "gizmo"): "x", (Ask.PRODUCT, "BTX-A"): "y", (Ask.INDICATION, "neck thing"): "z"}
    assert len(desk.look(I, HEADER, *rows, answers=answers).questions) == 3


def test_both_sides_stand_for_each_or_for_both_as_somebody_says(desk: Desk) -> None:
    row = ("A1", "2025-11-24", "splenius capitis", "both", "60", "Botox", "C77", "cervical dystonia")
    preview = desk.look(I, HEADER, row)
    assert asked(preview) == {(Ask.BOTH_SIDES, "")}
    for answer, units in ((EACH, 60), (TOTAL, 30)):
        done = desk.bring(I, HEADER, row, answers={(Ask.BOTH_SIDES, ""): answer})
        assert [(each.side, each.units) for each in the_visit(desk).injections] == [
            (Side.LEFT, Decimal(units)), (Side.RIGHT, Decimal(units)),
        ]  # fmt: skip
        desk.imports.undo(desk.actor, done.import_id)


def test_without_an_indication_somebody_says_that_the_patients_counts(desk: Desk) -> None:
    preview = desk.look(I, HEADER[:-1], SPLENIUS[:-1])
    assert asked(preview) == {(Ask.INDICATION, "")}
    desk.bring(I, HEADER[:-1], SPLENIUS[:-1], answers={(Ask.INDICATION, ""): OF_PATIENT})
    assert the_visit(desk).indication == "cervical_dystonia"


@pytest.mark.parametrize(
    ("muscle", "units", "product"),
    [
        ("splenius capitis", "500", "Botox"),
        ("splenius capitis", "250", "Xeomin"),
        ("splenius capitis", "20", "Dysport"),
        ("levator scapulae", "2500", "Dysport"),
    ],
)
def test_units_that_look_like_another_products_are_confirmed_first(
    desk: Desk, muscle: str, units: str, product: str
) -> None:
    row = ("A1", "2025-11-24", muscle, "R", units, product, "C77", "cervical dystonia")
    (verdict,) = desk.look(I, HEADER, row).verdicts
    assert verdict.outcome is Outcome.REFUSED
    assert "units of this product" in str(verdict.warnings[0])
    desk.bring(I, HEADER, row, confirmed=frozenset({2}))
    assert the_visit(desk).injections[0].units == Decimal(units)


def test_a_total_above_the_most_of_a_visit_and_a_repeated_row_are_confirmed_first(desk: Desk) -> None:
    muscles = ("splenius capitis", "sternocleidomastoid", "levator scapulae", "upper trapezius", "semispinalis capitis")
    rows = [("A1", "2025-11-24", muscle, "R", "90", "Botox", "C77", "cervical dystonia") for muscle in muscles]
    assert any("450 U" in str(each) for verdict in desk.look(I, HEADER, *rows).verdicts for each in verdict.warnings)
    first, second = desk.look(I, HEADER, SPLENIUS, SPLENIUS).verdicts
    assert "row 2" in str(second.warnings[0])
    assert not first.comes_in


def test_intervals_cycles_and_patterns_count_what_was_brought_in(desk: Desk) -> None:
    desk.bring(I, HEADER, SPLENIUS, LEVATOR)
    services = desk.clinic.services
    (patient,) = services.patients.search(desk.actor, "okafor")
    with desk.clinic.store.database.reading() as session:
        cycle = session.get_one(TreatmentCycle, patient.id)
        assert (cycle.injected_on, cycle.due_on) == (date(2025, 11, 24), date(2025, 11, 24) + timedelta(weeks=12))
    assert services.patients.banner(desk.actor, patient.id).last_injected_on == date(2025, 11, 24)
    course = services.timeline.of_patient(desk.actor, patient.id)
    assert [visit.brought_in for visit in course.visits] == [True]
    context = services.charts.context(desk.actor, patient.id)
    assert [(each.on, each.units) for each in context.earlier] == [(date(2025, 11, 24), Decimal(100))]


def test_nobody_is_reminded_to_ask_after_a_visit_that_was_brought_in(desk: Desk) -> None:
    desk.bring(I, HEADER, SPLENIUS, ("A1", "2025-08-24", *SPLENIUS[2:]))
    rows = desk.clinic.services.inbox.rows(desk.actor)
    assert InboxKind.OUTCOME not in {row.kind for row in rows}


def test_its_papers_say_it_and_no_letter_says_it_was_signed(desk: Desk, clinic: OpenClinic) -> None:
    desk.bring(I, HEADER, SPLENIUS)
    visit = the_visit(desk)
    note = clinic.services.papers.visit_note(clinic.physician, visit.id).render()
    assert note.startswith(b"%PDF")
    with pytest.raises(ClinicError, match="Nobody signed this visit"):
        clinic.services.letters.referral_letter(clinic.physician, visit.id)
    with pytest.raises(ClinicError, match="Nothing is left to print"):
        clinic.services.day_papers.bound(clinic.physician, visit.visited_on, ("visit_note",))


def test_a_correction_can_be_signed_beside_it_and_every_seal_holds(desk: Desk, clinic: OpenClinic) -> None:
    done = desk.bring(I, HEADER, SPLENIUS, LEVATOR)
    visit = the_visit(desk)
    clinic.services.visits.add_addendum(clinic.physician, visit.id, "left", "It was the left.", clinic.confirmed())
    broken = verify_clinic(
        clinic.settings, clinic.store.database, clinic.store.data_key, clinic.settings.data / "backups"
    )
    assert broken == ()
    with pytest.raises(ClinicError, match="Ada Okafor: there is a correction"):
        desk.imports.undo(desk.actor, done.import_id)
