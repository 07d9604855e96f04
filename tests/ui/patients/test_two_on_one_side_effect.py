"""Two people change one side effect, or one diary."""

from dataclasses import fields, replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget

from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.terms import Learned, Severity, Side
from clinic_app.ui.differences import Keep, Together
from clinic_app.ui.patients.side_effect_merging import LAYOUT, shown
from clinic_app.ui.patients.side_effect_panel import SideEffectPanel
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen

LEFT, RIGHT = ("sternocleidomastoideus", Side.LEFT), ("splenius_capitis", Side.RIGHT)


def noted(clinic: Clinic) -> tuple[int, SideEffectForm]:
    """A patient with a mild dry mouth, and what the form says of it."""
    patient = clinic.patient()
    form = SideEffectForm(
        clinic.visit(patient), "dry_mouth", severity=Severity.MILD, started_on=date(2026, 7, 25), muscles=(LEFT,)
    )
    clinic.services.side_effects.record(clinic.actor, form)
    return patient, form


def on_record(clinic: Clinic, patient: int) -> SideEffectRow:
    (row,) = clinic.services.side_effects.of_patient(clinic.actor, patient)
    return row


def opened(screen: Screen, patient: int) -> SideEffectPanel:
    screen.show(patient, "effects")
    effects = screen.view.page.effects
    effects.effects.table.select(effects.effects.table.rows_model.rows()[0])
    effects.effects.chosen.change_requested.emit(effects.effects.table.rows_model.rows()[0])
    screen.settle()
    panel = effects.panel()
    assert isinstance(panel, SideEffectPanel)
    return panel


def change(clinic: Clinic, patient: int, form: SideEffectForm) -> None:
    row = on_record(clinic, patient)
    clinic.services.side_effects.change(clinic.actor, row.id, row.version, form)


def severe_and_over(form: SideEffectForm) -> SideEffectForm:
    """What somebody else makes of it."""
    return replace(form, severity=Severity.SEVERE, ended_on=date(2026, 7, 30), muscles=(LEFT, RIGHT))


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_what_does_not_clash_is_saved_together_and_told_in_a_sentence(clinic: Clinic, screen: Screen) -> None:
    patient, form = noted(clinic)
    panel = opened(screen, patient)
    panel.action.editor.setPlainText("Lozenges")
    change(clinic, patient, severe_and_over(form))
    screen.save()

    row = on_record(clinic, patient)
    assert (row.severity, row.ended_on, row.action) == (Severity.SEVERE, date(2026, 7, 30), "Lozenges")
    assert {(muscle, side) for muscle, side, _, _ in row.muscles} == {LEFT, RIGHT}
    assert screen.messages[-1][0] == (
        "Dry mouth changed, together with what somebody else changed meanwhile: ended, severity, suspected muscles."
    )
    assert screen.view.page.effects.panel() is None


def test_what_both_changed_is_chosen_in_the_panel_by_keyboard(clinic: Clinic, screen: Screen) -> None:
    patient, form = noted(clinic)
    panel = opened(screen, patient)
    panel.severity.set_value(Severity.MODERATE)
    panel.action.editor.setPlainText("Lozenges")
    panel.started.editor.setText("26/07/2026")
    change(clinic, patient, replace(severe_and_over(form), action="Water", started_on=date(2026, 7, 24)))
    screen.save()

    assert panel.clash.open_parts() == ["Began", "Severity", "What was done"]
    assert panel.action.value() == "Lozenges"
    assert panel.ended.value() == date(2026, 7, 30), "what only they changed stands in the form"
    screen.save()
    assert on_record(clinic, patient).action == "Water", "nothing is saved before all is chosen"
    buttons = {button.accessibleName(): button for button in panel.clash.findChildren(QRadioButton)}
    assert focused() is buttons["Began, theirs: 24 Jul 2026"]
    for name in ("Severity, theirs: Severe", "What was done, theirs: Water"):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        assert focused() is buttons[name]
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is panel.kind.editor, "after the choices comes the form"
    for name in ("Began, yours: 26 Jul 2026", "Severity, theirs: Severe", "What was done, yours: Lozenges"):
        QTest.keyClick(buttons[name], Qt.Key.Key_Space)
    screen.save()

    row = on_record(clinic, patient)
    assert (row.started_on, row.severity, row.action) == (date(2026, 7, 26), Severity.SEVERE, "Lozenges")
    assert screen.view.page.effects.panel() is None


def test_muscles_that_two_people_added_can_both_be_kept(clinic: Clinic, screen: Screen) -> None:
    patient, form = noted(clinic)
    change(clinic, patient, replace(form, muscles=()))
    panel = opened(screen, patient)
    panel.muscles.set_value([LEFT])
    change(clinic, patient, replace(form, muscles=(RIGHT,)))
    screen.save()
    panel.clash.choose("Suspected muscles", Keep.BOTH)
    screen.save()
    assert {(muscle, side) for muscle, side, _, _ in on_record(clinic, patient).muscles} == {LEFT, RIGHT}


def test_a_third_save_in_between_asks_only_about_what_it_changed(clinic: Clinic, screen: Screen) -> None:
    patient, form = noted(clinic)
    panel = opened(screen, patient)
    panel.severity.set_value(Severity.MODERATE)
    change(clinic, patient, replace(form, severity=Severity.SEVERE))
    screen.save()
    panel.clash.choose("Severity", Keep.MINE)
    panel.action.editor.setPlainText("Lozenges")
    change(clinic, patient, replace(form, severity=Severity.SEVERE, action="Water"))
    screen.save()
    assert panel.clash.open_parts() == ["What was done"]
    panel.clash.choose("What was done", Keep.THEIRS)
    screen.save()
    row = on_record(clinic, patient)
    assert (row.severity, row.action) == (Severity.MODERATE, "Water")


def test_days_that_do_not_go_together_are_told_at_their_field_with_both_in_the_form(
    clinic: Clinic, screen: Screen
) -> None:
    patient, form = noted(clinic)
    panel = opened(screen, patient)
    panel.started.editor.setText("31/07/2026")
    change(clinic, patient, severe_and_over(form))
    screen.save()
    assert panel.ended.error()
    assert (panel.started.value(), panel.ended.value()) == (date(2026, 7, 31), date(2026, 7, 30))
    assert "ended" in panel.problem.text()
    assert on_record(clinic, patient).started_on == date(2026, 7, 25)


def test_a_red_flag_resolved_meanwhile_stays_resolved(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    form = SideEffectForm(
        clinic.visit(patient), "dysphagia", severity=Severity.MILD, started_on=date(2026, 7, 25), red_flag=True
    )
    number = clinic.services.side_effects.record(clinic.actor, form)
    panel = opened(screen, patient)
    panel.severity.set_value(Severity.SEVERE)
    clinic.services.side_effects.resolve(clinic.actor, number, 1, "Seen today")
    screen.save()
    row = on_record(clinic, patient)
    assert (row.severity, row.resolved_note) == (Severity.SEVERE, "Seen today")
    assert screen.messages[-1][0].endswith("changed meanwhile: red flag resolved.")


def test_every_field_of_the_form_belongs_to_one_part() -> None:
    named = [name for names in LAYOUT.values() for name in names]
    # The visit is not changed, and that another one is meant is said of this form only.
    assert sorted([*named, "visit_id", "keep_both"]) == sorted(each.name for each in fields(SideEffectForm))


def test_every_part_is_told_in_words(clinic: Clinic) -> None:
    reference = clinic.services.reference
    said = {
        ("What happened", Together(("dysphagia", "", True))): "Trouble swallowing · red flag: yes",
        ("What happened", Together(("", "a rash", None))): "a rash",
        ("Ended", None): "still going on",
        ("Ended", date(2026, 7, 30)): "30 Jul 2026",
        ("What was done", ""): "empty",
        ("Suspected muscles", (LEFT,)): "Sternocleidomastoid, left",
        ("Suspected muscles", ()): "none",
        ("Serious", Together((None, ()))): "not judged",
        ("Serious", Together((True, ("death", "disability")))): "yes: death, disability",
        ("Learned", Learned.VISIT): "At a visit",
        ("Learned", None): "empty",
    }
    assert {key: shown(reference, *key) for key in said} == said
