"""The clinic's rules are chosen in the window, count at once, and can be taken back."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.terms import LabelRegion, Role
from tests.ui.keyboard import press, type_text
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]


def filled_form(desk: SettingsDesk, value: str, reason: str) -> None:
    form = desk.view.charting.limits.form
    QTest.mouseClick(desk.view.charting.limits.new_button, Qt.MouseButton.LeftButton)
    form.check.set_value("dose.visit_cap")
    form.check.changed.emit()
    form.product.set_value("onabotulinumtoxinA")
    type_text(form.value.editor, value)
    type_text(form.reason.editor, reason)


def test_a_limit_is_set_ended_and_brought_back_with_undo(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    limits = desk.view.charting.limits
    assert limits.table.empty.sentence().startswith("No limits")
    filled_form(desk, "300", "agreed by the physicians")
    press(limits.form.reason.editor, Qt.Key.Key_Return)
    desk.settle()
    (limit,) = limits.table.rows_model.rows()
    assert (limit.value, limit.set_by, limits.words_of(limit)) == (
        Decimal(300),
        "Dr. Tomas Reyes",
        "at most 300\u202fU",
    )
    assert limits.place_of(limit) == "Botox"
    assert limits.form.isHidden()
    limits.table.select(limit)
    QTest.mouseClick(limits.end_button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert limits.table.rows_model.rows() == []
    assert desk.messages[-1][0] == "Limit ended."
    desk.undo()
    assert [limit.value for limit in limits.table.rows_model.rows()] == [Decimal(300)]


def test_an_ended_limit_can_be_set_again_from_the_list(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    rules, limits = desk.workplace.services.clinic_rules, desk.view.charting.limits
    ended = rules.set_limit(desk.workplace.actor, "interval.too_short", Decimal(70), reason="fast wear-off")
    rules.end_limit(desk.workplace.actor, ended)
    desk.settle()
    assert limits.ended_button.text() == "1 ended limit"
    QTest.mouseClick(limits.ended_button, Qt.MouseButton.LeftButton)
    limits.ended_table.select(limits.ended_table.rows_model.row_at(0))
    QTest.mouseClick(limits.renew_button, Qt.MouseButton.LeftButton)
    desk.settle()
    (limit,) = limits.table.rows_model.rows()
    assert (limits.words_of(limit), limits.place_of(limit)) == (
        "at least 70\u202fdays",
        "Every product and indication",
    )


def test_what_is_missing_is_said_under_its_field_and_nothing_typed_goes(open_settings: Open) -> None:
    desk = open_settings(Role.PHYSICIAN)
    form = desk.view.charting.limits.form
    filled_form(desk, "0", " ")
    form.product.set_value(None)
    press(form.reason.editor, Qt.Key.Key_Return)
    assert form.reason.error()
    type_text(form.reason.editor, "agreed")
    press(form.reason.editor, Qt.Key.Key_Return)
    assert "product" in form.product.error()
    form.product.set_value("onabotulinumtoxinA")
    press(form.reason.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.value.error() == "A limit is a number above zero. To stop using a limit, end it."
    assert (form.value.editor.text(), form.reason.value()) == ("0", "agreed")
    press(form.reason.editor, Qt.Key.Key_Escape)
    assert form.isHidden()


def test_the_form_asks_only_for_what_the_check_can_use(open_settings: Open) -> None:
    form = open_settings(Role.PHYSICIAN).view.charting.limits.form
    shown = {}
    for check in ("dose.muscle_range", "interval.too_short", "vial.too_old"):
        form.show()
        form.check.set_value(check)
        form.check.changed.emit()
        fields = {"product": form.product, "muscle": form.muscle, "indication": form.indication}
        shown[check] = ({name for name, field in fields.items() if not field.isHidden()}, form.value.label.text())
    assert shown == {
        "dose.muscle_range": ({"product", "muscle"}, "At most"),
        "interval.too_short": ({"product", "indication"}, "At least"),
        "vial.too_old": ({"product"}, "At most"),
    }


def test_choices_count_at_once_and_can_be_undone(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    rules, charting = desk.workplace.services.clinic_rules, desk.view.charting.charting
    charting.region.set_value(LabelRegion.UK_EU)
    charting.region.changed.emit()
    charting.rolling.set_value(3)
    charting.rolling.changed.emit()
    charting.witness.editor.toggle()
    charting.marks.editor.toggle()
    desk.settle()
    choices = rules.choices(desk.workplace.actor)
    assert (choices.label_region, choices.rolling_months, choices.waste_witness, choices.syringe_marks) == (
        LabelRegion.UK_EU,
        3,
        True,
        True,
    )
    for _, undo in desk.messages:
        assert undo is not None
        undo()
    desk.settle()
    choices = rules.choices(desk.workplace.actor)
    assert (choices.label_region, choices.rolling_months, choices.waste_witness, choices.syringe_marks) == (
        LabelRegion.US,
        None,
        False,
        False,
    )
    assert charting.region.value() is LabelRegion.US
    assert not charting.witness.value()


def test_one_vial_for_two_patients_needs_the_manager_s_written_reason(open_settings: Open) -> None:
    desk = open_settings(Role.MANAGER)
    shared = desk.view.charting.shared
    QTest.mouseClick(shared.button, Qt.MouseButton.LeftButton)
    assert shared.reason.error() == "Write why the clinic allows it."
    type_text(shared.reason.editor, "shortage")
    QTest.mouseClick(shared.button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.workplace.services.clinic_rules.choices(desk.workplace.actor).shared_vial_reason == "shortage"
    assert shared.button.text() == "Forbid again"
    QTest.mouseClick(shared.button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.workplace.services.clinic_rules.choices(desk.workplace.actor).shared_vial_reason == ""


def test_a_physician_sees_but_does_not_change_what_is_the_manager_s(open_settings: Open) -> None:
    view = open_settings(Role.PHYSICIAN).view.charting
    assert not view.charting.witness.editor.isEnabled()
    assert view.shared.button.isHidden()
    assert view.limits.new_button.isEnabled()
