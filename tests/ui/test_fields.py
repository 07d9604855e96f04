from datetime import date, time
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinic_app.ui.widgets.fields import CheckField, LabelledField, PassphraseField, TextArea, TextField, check_all
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField, TimeField
from tests.ui.keyboard import press, type_text

TODAY = date(2026, 11, 24)


class Form(QWidget):
    """Fields in a window that has the focus, with another field to leave to."""

    def __init__(self, *fields: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        for field in fields:
            layout.addWidget(field)
        self.other = TextField("Other", self)
        layout.addWidget(self.other)


def shown(qtbot: QtBot, *fields: QWidget) -> Form:
    form = Form(*fields)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    fields[0].setFocus()
    return form


def press_tab(qtbot: QtBot) -> None:
    """Where the key would go: to the list of proposals while it is open."""
    press(QApplication.activePopupWidget() or QApplication.focusWidget(), Qt.Key.Key_Tab)


def test_the_visible_label_is_the_accessible_name_and_reaches_the_editor(qtbot: QtBot) -> None:
    fields: list[LabelledField] = [
        TextField("Family name"),
        NumberField("Dose", unit="U"),
        DateField("Birth date"),
        TimeField("Time"),
        ChoiceField[int]("Sex", [(1, "female")]),
        TextArea("Remark"),
        PassphraseField("Passphrase"),
    ]
    for field in fields:
        qtbot.addWidget(field)
        assert field.editor.accessibleName() == field.label.text() == field.name
        assert field.label.buddy() is field.editor


def test_changed_tells_what_the_person_did_and_not_what_the_program_set(qtbot: QtBot) -> None:
    field, told = TextField("Family name"), list[str]()
    _form = shown(qtbot, field)
    field.changed.connect(lambda: told.append(field.value()))
    field.set_value("Okafor")
    assert told == []
    field.editor.insert("Muñoz ")
    assert told == ["Muñoz Okafor"]


def test_a_field_is_checked_when_left_and_never_while_typing(qtbot: QtBot) -> None:
    field = NumberField("Dose", unit="U", largest=400)
    form = shown(qtbot, field)
    type_text(field.editor, "abc")
    assert field.error() == ""
    form.other.setFocus()
    assert field.error() == "Write a number, such as 12.5."
    assert not field._error.isHidden()
    field.setFocus()
    field.editor.selectAll()
    type_text(field.editor, "4")
    assert field.error() == ""


def test_an_empty_required_field_passed_over_with_tab_is_not_blamed(qtbot: QtBot) -> None:
    field = TextField("Family name", required=True)
    form = shown(qtbot, field)
    form.other.setFocus()
    assert field.error() == ""
    assert not field.check()
    assert field.error() == "Family name is missing."
    assert field.editor.accessibleDescription() == "Family name is missing."


def test_check_all_puts_the_focus_on_the_first_wrong_field(qtbot: QtBot) -> None:
    good, bad, worse = TextField("A"), TextField("B", required=True), TextField("C", required=True)
    _form = shown(qtbot, good, bad, worse)
    assert not check_all([good, bad, worse])
    assert bad.editor.hasFocus()
    assert (good.error(), bool(bad.error()), bool(worse.error())) == ("", True, True)


def test_a_number_is_taken_with_comma_or_point_and_written_one_way(qtbot: QtBot) -> None:
    field = NumberField("Dose", unit="U")
    form = shown(qtbot, field)
    type_text(field.editor, "12,50")
    form.other.setFocus()
    assert field.value() == Decimal("12.50")
    assert field.editor.text() == "12.5"
    assert field.editor.unit() == "U"


@pytest.mark.parametrize(
    ("text", "error"),
    [("-1", "At least 0."), ("401", "At most 400."), ("1.25", "At most 1 decimals."), ("100", ""), ("", "")],
)
def test_a_number_outside_its_bounds_is_told(qtbot: QtBot, text: str, error: str) -> None:
    field = NumberField("Dose", decimals=1, largest=400)
    qtbot.addWidget(field)
    field.editor.insert(text)
    field.check()
    assert field.error() == error


def test_typing_12w_means_in_twelve_weeks(qtbot: QtBot) -> None:
    field = DateField("Next visit", today=lambda: TODAY)
    form = shown(qtbot, field)
    type_text(field.editor, "12w")
    form.other.setFocus()
    assert field.value() == date(2027, 2, 16)
    assert field.editor.text() == "16/02/2027"


def test_a_date_that_cannot_be_is_told_with_an_example(qtbot: QtBot) -> None:
    field = DateField("Birth date", in_the_past=True, today=lambda: TODAY)
    qtbot.addWidget(field)
    field.editor.insert("31/2/2026")
    assert not field.check()
    assert field.error() == "Write a date, such as 24/11/2026 or 12w."
    assert field.value() is None
    field.set_value(None)
    field.editor.insert("12w")
    assert not field.check()
    assert field.error() == "This date lies in the future."


def test_a_date_outside_its_bounds_is_told_with_the_bound(qtbot: QtBot) -> None:
    field = DateField("Next visit", earliest=date(2026, 12, 3), today=lambda: TODAY)
    qtbot.addWidget(field)
    field.editor.insert("t")
    assert not field.check()
    assert field.error() == "Not before Thu 3 Dec 2026."


# The offscreen platform cannot grab the keyboard for a popup.
@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_a_day_picked_in_the_calendar_is_taken(qtbot: QtBot) -> None:
    field, told = DateField("Next visit", today=lambda: TODAY), list[date | None]()
    _form = shown(qtbot, field)
    field.changed.connect(lambda: told.append(field.value()))
    field.open_calendar()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    calendar = popup.calendar  # type: ignore[attr-defined]
    assert calendar.selectedDate().toPython() == TODAY
    calendar.clicked.emit(calendar.selectedDate().addDays(9))
    assert told == [date(2026, 12, 3)]
    assert QApplication.activePopupWidget() is None


def test_a_time_is_written_as_the_locale_writes_it(qtbot: QtBot) -> None:
    field = TimeField("Start")
    form = shown(qtbot, field)
    type_text(field.editor, "2:30pm")
    form.other.setFocus()
    assert (field.value(), field.editor.text()) == (time(14, 30), "14:30")


def test_a_choice_gives_its_value_and_forgets_one_no_longer_offered(qtbot: QtBot) -> None:
    field = ChoiceField[str]("Sex", [("f", "Female"), ("m", "Male")])
    qtbot.addWidget(field)
    assert field.value() is None
    field.set_value("m")
    assert field.editor.currentText() == "Male"
    field.set_choices([("m", "Man"), ("x", "Other")])
    assert field.value() == "m"
    field.set_choices([("x", "Other")])
    assert field.value() is None


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_a_searchable_choice_takes_the_beginning_of_one_text(qtbot: QtBot) -> None:
    field = ChoiceField[str]("Country", [("DE", "Germany"), ("GH", "Ghana"), ("FR", "France")], searchable=True)
    form = shown(qtbot, field)
    line = field.editor.lineEdit()
    assert line is not None
    type_text(line, "ger")
    press_tab(qtbot)
    assert form.other.editor.hasFocus()
    assert (field.value(), field.error()) == ("DE", "")
    field.setFocus()
    line.selectAll()
    type_text(line, "Atlantis")
    press_tab(qtbot)
    assert (field.value(), field.error()) == (None, "Choose one from the list.")


def test_the_wheel_over_a_choice_without_focus_changes_nothing(qtbot: QtBot) -> None:
    field = ChoiceField[int]("Weeks", [(number, str(number)) for number in range(9)])
    form = shown(qtbot, field)
    field.set_value(4)
    form.other.setFocus()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field.editor, turn)
    assert field.value() == 4


def test_the_passphrase_is_hidden_until_asked_and_keeps_its_spaces(qtbot: QtBot) -> None:
    field = PassphraseField("Passphrase")
    _form = shown(qtbot, field)
    type_text(field.editor, " four words ")
    assert field.value() == " four words "
    assert field.editor.displayText() != " four words "
    field._toggle.click()
    assert field.editor.displayText() == " four words "
    assert field._toggle.accessibleName() == "Hide the passphrase"


def test_tab_leaves_a_text_area(qtbot: QtBot) -> None:
    field = TextArea("Remark")
    form = shown(qtbot, field)
    press(field.editor, Qt.Key.Key_Tab)
    assert form.other.editor.hasFocus()


def test_a_tick_tells_changed_only_when_the_person_ticks(qtbot: QtBot) -> None:
    field, told = CheckField("Interpreter needed"), list[bool]()
    qtbot.addWidget(field)
    field.changed.connect(lambda: told.append(field.value()))
    field.set_value(True)
    field.editor.click()
    assert told == [False]
    assert field.editor.accessibleName() == "Interpreter needed"


def test_labels_of_neighbours_stay_on_one_line_when_one_has_an_error(qtbot: QtBot) -> None:
    box, left, right = QWidget(), TextField("Left"), TextField("Right")
    row = QHBoxLayout(box)
    row.addWidget(left)
    row.addWidget(right)
    qtbot.addWidget(box)
    left.set_error("Something is wrong with this one.")
    box.show()
    assert left.label.mapTo(box, QPoint()).y() == right.label.mapTo(box, QPoint()).y()
    assert left.editor.height() == right.editor.height()


def test_a_popup_that_takes_the_focus_is_not_leaving(qtbot: QtBot) -> None:
    field = NumberField("Dose")
    _form = shown(qtbot, field)
    type_text(field.editor, "x")
    QApplication.sendEvent(field.editor, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    assert field.error() == ""


def test_a_choice_too_long_for_its_field_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    field: ChoiceField[str] = ChoiceField("Class", [("a", "Anticoagulant or antiplatelet"), ("b", "None")])
    qtbot.addWidget(field)
    field.set_value("a")
    field.resize(120, 60)
    field.show()
    cut = field.editor.text_shown()
    assert cut.endswith("…")
    assert "Anticoagulant or antiplatelet".startswith(cut[:-1])
    field.resize(400, 60)
    QApplication.processEvents()
    assert field.editor.text_shown() == "Anticoagulant or antiplatelet"
