from datetime import date, datetime
from typing import Any

from clinic_app.models import Override
from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import Component, Entry
from clinic_app.services.schedule_data import Booking
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import EntryKind, Severity, Side
from clinic_app.ui.patients.corrections import Typed
from clinic_app.ui.patients.record_lines import Line
from clinic_app.ui.wording import breakable
from tests.clinics import PASSPHRASE
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen


def book(clinic: Clinic, patient_id: int, at: datetime) -> int:
    choices = clinic.services.schedule.choices(clinic.actor)
    kind = next(kind for kind in choices.types if not kind.is_injection)
    booking = Booking(
        patient_id, choices.injectors[0].id, kind.id, at, 30, overbook_reason="No working hours are set in this test."
    )
    return clinic.services.schedule.book(clinic.actor, booking)


def test_the_summary_says_what_it_is_what_was_given_and_what_is_next(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient(components=(Component("torticollis", Side.RIGHT),))
    clinic.visit(patient)
    screen.show(patient)

    summary = screen.view.page.summary
    assert ("Components", "Torticollis to the right") in summary.facts.facts()
    rows = summary.pattern_table.rows_model
    assert [rows.index(n, 0).data() for n in range(rows.rowCount())] == ["Splenius capitis", "Sternocleidomastoid"]
    assert "100 U in all" in summary.totals.text()
    assert summary.pattern_when.text() == "21 Jul 2026 · 2 w ago"
    assert any("The response to 21 Jul 2026 is not noted" in end for end in summary.next.loose_ends())


def test_new_visit_and_repeat_tell_whom_and_how(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    asked: list[Any] = []
    screen.view.new_visit_requested.connect(lambda *what: asked.append(what))
    screen.view.repeat_requested.connect(asked.append)
    screen.show(patient)

    screen.view.page.summary.new_button.click()
    screen.view.page.summary.repeat_button.click()
    screen.view.page.summary.next.book_button.click()

    assert asked == [(patient, False), (patient, True), visit]


def test_a_chart_in_progress_is_a_loose_end_that_opens(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    draft = clinic.services.charts.start(clinic.actor, patient)
    opened: list[int] = []
    screen.view.draft_requested.connect(opened.append)
    screen.show(patient)

    (end,) = screen.view.page.summary.next._ends
    end.button.click()

    assert opened == [draft.id]


def test_without_a_visit_every_tab_teaches_the_next_step(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    screen.show(patient)
    assert "Start one from an empty map" in screen.view.page.summary.pattern_table.empty.sentence()
    for tab in screen.view.page.tab_keys():
        screen.show(patient, tab)
        assert screen.view.page.current_tab() == tab


def test_a_signed_visit_shows_vial_plan_and_signature(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    papers: list[tuple[str, int]] = []
    screen.view.document_requested.connect(lambda kind, number: papers.append((kind, number)))
    screen.show(patient, "visits")

    shown = screen.view.page.visits.visit
    assert shown.visit() is not None
    assert ("Plan", "Repeat in 12 weeks.") in shown.facts.facts()
    assert "Signed by Dr Ruth Abara" in shown.signature.text()
    shown.note_button.click()
    shown.letter_button.click()
    shown.handout_button.click()
    assert papers == [("visit_note", visit), ("referral_letter", visit), ("aftercare", visit)]


def test_the_letter_to_nobody_says_where_the_referring_doctor_is_named(clinic: Clinic, screen: Screen) -> None:
    for doctor, purpose in (("", "name the referring doctor with Edit (F2)"), ("Dr. Brandt", "for a colleague")):
        patient = clinic.patient(referring_doctor=doctor)
        visit = clinic.visit(patient)
        screen.show(patient, "documents")
        papers = screen.view.page.papers.table.rows_model.rows()
        letter = next(paper for paper in papers if paper.kind == "referral_letter")
        assert letter.number == visit
        assert purpose in letter.purpose


def _correct(screen: Screen, reason: str, text: str, secret: str) -> None:
    form = screen.view.page.visits.visit.correction
    form.reason.editor.setText(reason)
    form.text.editor.setPlainText(text)
    form.signature.secret.editor.setText(secret)
    form.signature.button.click()
    screen.settle()


def test_a_signed_visit_names_who_answered_each_check_and_why(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(
        patient,
        answers=(
            Override(check="interval.too_short", level="stop", said="Too soon.", reason="Flies.", answered_by="Dr. A"),
            Override(check="documentation.points", level="warn", said="No points.", answered_by="Nurse B"),
            Override(check="documentation.consent", level="warn", said="No consent."),
        ),
    )
    screen.show(patient, "visits")
    assert list(screen.view.page.visits.visit.answers.facts()) == [
        ("Overridden", "Too soon.\nBy Dr. A · Reason: Flies."),
        ("Acknowledged", "No points.\nBy Nurse B"),
        ("Acknowledged", "No consent."),
    ]


def test_a_correction_is_signed_beside_the_visit(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    screen.show(patient, "visits")
    page = screen.view.page.visits.visit
    page.correction_button.click()
    form = page.correction
    _correct(screen, "", "", "")
    assert form.signature.secret.error() == "Type your PIN or passphrase."
    _correct(screen, "", "", "something else")
    assert form.reason.error() == "Type why the visit is corrected."
    assert form.text.error() == "Type the correction."
    _correct(screen, "Wrong side charted", "Left, not right.", "something else")
    assert form.signature.secret.error() == "The passphrase is not right. Type it again."
    assert form.signature.secret.editor.hasSelectedText()
    assert form.typed() == Typed("Wrong side charted", "Left, not right.")
    assert clinic.services.visits.details(clinic.actor, visit).addenda == ()

    _correct(screen, "Wrong side charted", "Left, not right.", PASSPHRASE)
    kept = [(a.reason, a.text) for a in clinic.services.visits.details(clinic.actor, visit).addenda]
    assert kept == [("Wrong side charted", "Left, not right.")]
    shown = page.visit()
    assert shown is not None
    assert [a.text for a in shown.addenda] == ["Left, not right."]
    assert form.isHidden()
    assert form.typed() == Typed()
    assert screen.view.unsaved() == ""
    assert form.signature.secret.value() == ""


def test_a_correction_survives_esc_another_visit_and_its_discarding(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    older = clinic.visit(patient, date(2026, 4, 21))
    latest = clinic.visit(patient)
    screen.show(patient, "visits")
    page = screen.view.page.visits.visit
    page.correction_button.click()
    typed = Typed("Wrong side", "Left, not ")
    page.correction.show_typed(typed)
    screen.view.go_back()
    assert page.correction.isHidden()
    assert screen.view.unsaved().startswith("A correction of a visit is not signed.")
    screen.view.page.visits.choose(older)
    screen.settle()
    page.correction_button.click()
    assert page.correction.typed() == Typed()
    screen.view.page.visits.choose(latest)
    screen.settle()
    assert page.correction_button.text() == "Go on with the correction"
    page.correction_button.click()
    assert page.correction.typed() == typed
    undo: list[Any] = []
    screen.view.message_offered.connect(lambda text, way: undo.append(way))
    page.correction.cancel_button.click()
    assert screen.view.unsaved() == ""
    undo[0]()
    assert page.correction.typed() == typed
    assert not page.correction.isHidden()


def test_a_refresh_keeps_the_chosen_visit_and_the_tab(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    older = clinic.visit(patient, date(2026, 4, 21))
    clinic.visit(patient)
    screen.show(patient, "visits")
    screen.view.page.visits.choose(older)
    screen.settle()

    form = SideEffectForm(older, "dry_mouth", severity=Severity.MILD, started_on=date(2026, 4, 25))
    clinic.services.side_effects.record(clinic.actor, form)
    screen.settle()

    chosen = screen.view.page.visits.table.selected()
    assert chosen is not None
    assert chosen.id == older
    assert chosen.side_effects == ("dry_mouth",)
    assert screen.view.page.current_tab() == "visits"


def test_the_history_shows_medicines_with_their_class(clinic: Clinic, screen: Screen) -> None:
    entry = Entry(EntryKind.MEDICINE, "apixaban", "anticoagulants_antiplatelets", "5 mg", PartialDate(2021))
    screen.show(clinic.patient(entries=(entry,)), "history")

    assert screen.view.page.history.lists[EntryKind.MEDICINE].lines() == (
        Line("Apixaban", "Anticoagulant or antiplatelet · 5 mg", "since 2021"),
    )


def test_appointments_and_their_cards_can_be_opened(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    appointment = book(clinic, patient, datetime(2026, 8, 20, 10, 0))
    papers: list[tuple[str, int]] = []
    shown: list[int] = []
    screen.view.document_requested.connect(lambda kind, number: papers.append((kind, number)))
    screen.view.appointment_requested.connect(shown.append)
    screen.show(patient, "appointments")

    screen.view.page.appointments.card_button.click()
    screen.view.page.appointments.show_button.click()

    assert papers == [("appointment_card", appointment)]
    assert shown == [appointment]
    assert screen.banners[-1].next_appointment_on == date(2026, 8, 20)


def test_a_patient_who_is_gone_is_told_in_a_sentence(screen: Screen) -> None:
    screen.show(999)

    assert "no longer in the record" in screen.view.problem.text()


def test_long_words_can_be_wrapped_and_short_ones_stay_as_they_are() -> None:
    assert breakable("Ada Okafor") == "Ada Okafor"
    assert breakable("x" * 40).replace("\u200b", "") == "x" * 40
    assert "\u200b" in breakable("a.very.long.name@example.org")
