from datetime import date, datetime
from typing import Any

import pytest

from clinic_app.models import Appointment, SideEffect
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import AppointmentState, Learned, Severity, Side
from clinic_app.ui.patients.response_panel import ResponsePanel
from clinic_app.ui.patients.side_effect_panel import SideEffectPanel
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen, Sit


def open_form(screen: Screen, patient_id: int) -> SideEffectPanel:
    screen.view.record_side_effect(patient_id)
    screen.settle()
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, SideEffectPanel)
    return panel


def choose(screen: Screen, panel: SideEffectPanel, kind: str) -> None:
    panel.kind.set_value(kind)
    panel.kind.changed.emit()
    screen.settle()


def fill(panel: SideEffectPanel, severity: Severity = Severity.MODERATE, began: str = "29/07/2026") -> None:
    panel.severity.set_value(severity)
    panel.started.editor.setText(began)


def test_a_side_effect_is_tied_to_the_last_visit_and_to_the_muscles_that_can_cause_it(
    clinic: Clinic, screen: Screen
) -> None:
    patient = clinic.patient()
    clinic.visit(patient, date(2026, 4, 21))
    last = clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "dry_mouth")

    assert panel.visit.value() == last
    offered = panel.muscles.offered()
    assert offered[0] == "Sternocleidomastoid, left · 40 U"
    panel.muscles.set_value([("sternocleidomastoideus", Side.LEFT)])
    fill(panel)
    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert (effect.visit_id, effect.kind, effect.severity, effect.days_after) == (
        last, "dry_mouth", Severity.MODERATE, 8,
    )  # fmt: skip
    assert [(muscle, side) for muscle, side, _, _ in effect.muscles] == [("sternocleidomastoideus", Side.LEFT)]
    assert not effect.red_flag
    assert screen.view.page.effects.panel() is None
    assert len(screen.view.page.effects.effects.table.rows_model.rows()) == 1


def test_a_conditional_red_flag_asks_its_question_first_and_yes_says_what_to_say(
    clinic: Clinic, screen: Screen
) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "dysphagia")
    fill(panel)

    screen.save()
    assert panel.red_question.error()
    panel.red_question.group.button(0).click()
    advice = clinic.services.reference.side_effect("dysphagia").advice
    assert advice in panel.advice.text()
    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert effect.red_flag


def test_a_red_flag_shows_its_advice_at_once_and_stays_a_loose_end_until_resolved(
    clinic: Clinic, screen: Screen
) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "breathing_difficulty")
    assert "Call emergency services now" in panel.advice.text()
    fill(panel, Severity.SEVERE)
    screen.save()

    screen.show(patient)
    assert any("Red flag not reviewed" in end for end in screen.view.page.summary.next.loose_ends())
    screen.show(patient, "effects")
    section = screen.view.page.effects.effects
    section.table.select(section.table.rows_model.rows()[0])
    section.chosen.resolve_button.click()
    screen.settle()
    assert "Write what was done" in section.chosen.resolve_note.error()
    section.chosen.resolve_note.editor.setPlainText("Seen the same day, swallow test normal.")
    section.chosen.resolve_button.click()
    screen.settle()

    screen.show(patient)
    assert not any("Red flag" in end for end in screen.view.page.summary.next.loose_ends())


@pytest.mark.parametrize(
    ("began", "ended", "field", "said"),
    [
        ("", "", "started", "Type the day it began."),
        ("20/07/2026", "", "started", "before the visit"),
        ("29/07/2026", "28/07/2026", "ended", "between the first day and today"),
    ],
)
def test_an_impossible_date_is_said_at_its_field_and_nothing_is_lost(
    clinic: Clinic, screen: Screen, began: str, ended: str, field: str, said: str
) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "neck_pain")
    fill(panel, began=began)
    panel.action.editor.setPlainText("Advised warmth.")
    if ended:
        panel.going_on.editor.click()
        panel.ended.editor.setText(ended)

    screen.save()

    assert said in getattr(panel, field).error()
    assert screen.view.page.effects.panel() is panel
    assert panel.action.value() == "Advised warmth."
    assert clinic.services.side_effects.of_patient(clinic.actor, patient) == ()


def test_own_words_are_kept_when_the_catalogue_has_none(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "")
    fill(panel, Severity.MILD)
    screen.save()
    assert panel.other.error()
    panel.other.editor.setText("metallic taste")
    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert effect.other == "metallic taste"


def test_none_reported_is_an_answer_of_its_own(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    screen.show(patient)
    assert any("Nobody asked" in end for end in screen.view.page.summary.next.loose_ends())

    screen.show(patient, "effects")
    assert "Not asked yet" in screen.view.page.effects.effects.asked.text()
    screen.view.page.effects.effects.none_button.click()
    screen.settle()

    assert "None reported" in screen.view.page.effects.effects.asked.text()
    assert clinic.services.visits.of_patient(clinic.actor, patient)[0].asked_none
    screen.show(patient)
    assert not any("Nobody asked" in end for end in screen.view.page.summary.next.loose_ends())


def test_none_reported_is_refused_while_a_side_effect_is_on_record(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    form = SideEffectForm(visit, "dry_mouth", severity=Severity.MILD, started_on=date(2026, 7, 25))
    clinic.services.side_effects.record(clinic.actor, form)
    screen.show(patient, "effects")

    screen.view.page.effects.none_reported()
    screen.settle()

    assert "on record" in screen.view.page.effects.problem.text()


def test_a_half_typed_side_effect_waits_while_another_patient_is_looked_at(clinic: Clinic, screen: Screen) -> None:
    ada, ben = clinic.patient(), clinic.patient("Ben", "Adler")
    clinic.visit(ada)
    panel = open_form(screen, ada)
    choose(screen, panel, "neck_pain")
    panel.action.editor.setPlainText("Called back at ten.")

    screen.show(ben, "effects")
    assert screen.view.page.effects.panel() is None
    screen.show(ada, "effects")

    assert screen.view.page.effects.panel() is panel
    assert panel.action.value() == "Called back at ten."


def test_a_cancelled_side_effect_can_be_had_back(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "neck_pain")

    panel.cancel_button.click()
    assert screen.view.page.effects.panel() is None
    text, undo = screen.messages[-1]
    assert text == "Side effect discarded."
    assert undo is not None
    undo()

    assert screen.view.page.effects.panel() is panel
    assert panel.kind.value() == "neck_pain"


def test_the_response_to_a_visit_is_noted_and_shown(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    screen.show(patient, "effects")
    screen.view.page.effects.responses.edit_button.click()
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, ResponsePanel)
    panel.first_day.editor.setText("8")
    panel.best_percent.editor.setText("70")
    panel.wore_off_week.editor.setText("11")
    panel.patient_impression.set_value(2)
    panel.pain.editor.setText("3")
    panel.note.editor.setPlainText("Drives again.")
    screen.save()

    (row,) = clinic.services.visits.of_patient(clinic.actor, patient)
    assert row.id == visit
    assert row.response == ResponseData(8, 70, 11, 2, None, 3, "Drives again.")
    shown = screen.view.page.effects.responses.table.rows_model
    assert shown.index(0, 2).data() == "70 %"


def test_a_benefit_above_a_hundred_percent_is_said_at_its_field(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    screen.show(patient, "effects")
    screen.view.page.note_response(visit)
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, ResponsePanel)
    panel.best_percent.editor.setText("120")

    screen.save()

    assert panel.best_percent.error() == "At most 100."
    assert clinic.services.visits.of_patient(clinic.actor, patient)[0].response is None


def test_the_front_desk_takes_the_call_without_reading_the_record(open_clinic: Any, sit: Sit, clinic: Clinic) -> None:
    patient = clinic.patient()
    screen = sit(open_clinic("rosa"))
    screen.show(patient)

    assert screen.view.page.tab_keys() == ("summary", "effects", "documents", "appointments")
    assert screen.view.page.summary.diagnosis.isHidden()
    screen.view.record_side_effect(patient)
    screen.settle()
    # Nothing is on record that the call could be about.
    assert "Hand the call to a nurse" in screen.view.page.effects.problem.text()


def test_the_front_desk_ties_the_call_to_a_visit_that_no_appointment_tells_of(
    open_clinic: Any, sit: Sit, clinic: Clinic
) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    screen = sit(open_clinic("rosa"))
    panel = open_form(screen, patient)
    assert panel.visit.value() == visit
    assert panel.serious.isHidden()
    choose(screen, panel, "neck_pain")
    fill(panel)

    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert (effect.visit_id, effect.learned) == (visit, Learned.TELEPHONE)


def checked_out(clinic: Clinic, patient_id: int, visit_id: int) -> None:
    """The appointment in which the visit took place, as check-out leaves it."""
    choices = clinic.services.schedule.choices(clinic.actor)
    with clinic.store.database.writing(clinic.actor.account_id, clinic.clock()) as session:
        session.add(
            Appointment(
                patient_id=patient_id,
                injector_id=choices.injectors[0].id,
                type_id=choices.types[0].id,
                starts_at=datetime(2026, 7, 21, 10, 0),
                minutes=30,
                state=AppointmentState.CHECKED_OUT,
                visit_id=visit_id,
            )
        )


def test_the_front_desk_ties_the_call_to_the_visit_of_an_appointment(
    open_clinic: Any, sit: Sit, clinic: Clinic
) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    checked_out(clinic, patient, visit)
    screen = sit(open_clinic("rosa"))
    panel = open_form(screen, patient)
    choose(screen, panel, "neck_pain")
    fill(panel)

    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert (effect.visit_id, effect.recorded_by) == (visit, "Rosa Lind")


def test_two_reports_of_the_same_are_both_kept_on_wish(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    clinic.services.side_effects.record(clinic.actor, dry_mouth(visit))
    panel = open_form(screen, patient)
    choose(screen, panel, "dry_mouth")
    fill(panel)

    screen.save()

    assert "The same is on record" in panel.twice.text()
    assert panel.severity.value() is Severity.MODERATE
    panel.twice.first.click()
    screen.settle()
    assert len(clinic.services.side_effects.of_patient(clinic.actor, patient)) == 2


def test_a_second_report_can_become_a_change_of_the_one_on_record(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    known = clinic.services.side_effects.record(clinic.actor, dry_mouth(visit, action="Sips of water."))
    panel = open_form(screen, patient)
    choose(screen, panel, "dry_mouth")
    fill(panel)
    screen.save()

    panel.twice.second.click()
    assert panel.save_button.text() == "Save change"
    assert panel.action.value() == "Sips of water."
    screen.save()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert (effect.id, effect.severity, effect.started_on) == (known, Severity.MODERATE, date(2026, 7, 29))
    assert effect.muscles[0][:2] == ("sternocleidomastoideus", Side.LEFT)


def test_the_front_desk_may_keep_both_but_not_change_what_is_on_record(
    open_clinic: Any, sit: Sit, clinic: Clinic
) -> None:
    patient = clinic.patient()
    clinic.services.side_effects.record(clinic.actor, dry_mouth(clinic.visit(patient)))
    screen = sit(open_clinic("rosa"))
    panel = open_form(screen, patient)
    choose(screen, panel, "dry_mouth")
    fill(panel)

    screen.save()

    assert panel.twice.first.text() == "Keep both"
    assert panel.twice.second.isHidden()


def test_what_is_serious_is_marked_as_reported_with_day_and_reference(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    panel = open_form(screen, patient)
    choose(screen, panel, "neck_pain")
    fill(panel, Severity.SEVERE)
    panel.serious.question.group.button(0).click()
    screen.save()
    assert panel.serious.criteria.error()
    panel.serious.criteria.set_value(["hospital admission or longer stay"])
    screen.save()

    section = screen.view.page.effects.effects
    section.table.select(section.table.rows_model.rows()[0])
    details = section.chosen
    assert "To be reported" in details.duty.text()
    assert ("Serious", "hospital admission or longer stay") in details.facts.facts()
    details.report_button.click()
    screen.settle()
    assert "Type the day" in details.reported_on.error()
    details.reported_on.editor.setText("30/07/2026")
    details.report_reference.editor.setText("YC-77")
    details.report_button.click()
    screen.settle()

    (effect,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    assert (effect.reported_on, effect.report_reference) == (date(2026, 7, 30), "YC-77")
    assert details.duty.isHidden() and details.report.isHidden()
    assert dict(details.facts.facts())["To the regulator"].endswith("reference YC-77")
    details.take_back_button.click()
    screen.settle()
    assert "To be reported" in details.duty.text()


def test_a_note_typed_for_one_red_flag_never_stands_under_another(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    for kind in ("breathing_difficulty", "aspiration"):
        clinic.services.side_effects.record(clinic.actor, dry_mouth(visit, kind=kind))
    screen.show(patient, "effects")
    section = screen.view.page.effects.effects
    first, second = section.table.rows_model.rows()
    section.table.select(first)
    section.chosen.resolve_note.editor.setPlainText("Swallow test normal.")
    section.table.select(second)
    assert section.chosen.resolve_note.value() == ""
    section.table.select(first)
    assert section.chosen.resolve_note.value() == "Swallow test normal."
    section.chosen.resolve_button.click()
    screen.settle()

    resolved = {e.kind: e.resolved_note for e in clinic.services.side_effects.of_patient(clinic.actor, patient)}
    assert resolved == {first.kind: "Swallow test normal.", second.kind: ""}


def test_a_question_that_an_older_release_did_not_ask_stands_with_the_side_effect(
    clinic: Clinic, screen: Screen
) -> None:
    patient = clinic.patient()
    effect = clinic.services.side_effects.record(clinic.actor, dry_mouth(clinic.visit(patient), kind="dysphagia"))
    with clinic.store.database.writing(clinic.actor.account_id, clinic.clock()) as session:
        session.get_one(SideEffect, effect).red_answer = None
    screen.show(patient, "effects")
    section = screen.view.page.effects.effects
    section.table.select(section.table.rows_model.rows()[0])
    assert dict(section.chosen.facts.facts())["Red-flag question"].endswith("Not asked.")


def test_the_caller_is_found_first_and_the_form_opens_by_itself(clinic: Clinic, screen: Screen) -> None:
    ada, ben = clinic.patient(), clinic.patient("Ben", "Adler")
    clinic.visit(ben)
    screen.show(ada)

    screen.view.find_caller()
    assert "find who is calling" in screen.view.call.text()
    screen.search("adler")
    screen.settle()

    panel = screen.view.page.effects.panel()
    assert isinstance(panel, SideEffectPanel)
    assert (panel.patient_id, panel.learned.value()) == (ben, Learned.TELEPHONE)
    assert screen.view.call.isHidden()


def test_whoever_is_on_screen_is_one_step_from_the_note(clinic: Clinic, screen: Screen) -> None:
    ada = clinic.patient()
    clinic.visit(ada)
    screen.show(ada)
    screen.view.find_caller()
    screen.view.call.first.click()
    screen.settle()
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, SideEffectPanel)
    assert panel.patient_id == ada


def dry_mouth(visit: int, **changes: Any) -> SideEffectForm:
    """Mild, from the fourth day on, suspected of the left sternocleidomastoid."""
    facts: dict[str, Any] = {
        "kind": "dry_mouth",
        "severity": Severity.MILD,
        "started_on": date(2026, 7, 25),
        "muscles": (("sternocleidomastoideus", Side.LEFT),),
        "red_flag": False,
    }
    return SideEffectForm(visit, **{**facts, **changes})
