"""Scale results in the response form, and the diary typed in by keyboard."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget

from clinic_app.services.visit_data import ResponseData, ScaleSheet, ScaleValue, WeekOfDiary
from clinic_app.ui.differences import Keep
from clinic_app.ui.patients.diary_panel import DiaryPanel
from clinic_app.ui.patients.response_panel import ResponsePanel
from clinic_app.ui.patients.response_table import diary_text
from tests.ui.clinic import Clinic
from tests.ui.keyboard import type_text
from tests.ui.patients.conftest import Screen

SIXTEEN_WEEKS_AGO = date(2026, 4, 14)


def response_of(screen: Screen, patient: int, visit: int) -> ResponsePanel:
    screen.show(patient, "effects")
    screen.view.page.note_response(visit)
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, ResponsePanel)
    return panel


def diary_of(screen: Screen, patient: int) -> DiaryPanel:
    screen.show(patient, "effects")
    screen.view.page.effects.responses.diary_button.click()
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, DiaryPanel)
    return panel


def in_focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_totals_and_subscales_are_noted_with_the_response(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    severity, total = panel.scales.field("twstrs", "severity"), panel.scales.field("twstrs", "")
    assert severity is not None and total is not None
    assert severity.editor.placeholderText() == "0 to 35"
    type_text(severity.editor, "18")
    type_text(total.editor, "36.25")
    panel.best_percent.editor.setText("70")
    screen.save()

    sheet = clinic.services.scale_results.of_visit(clinic.actor, visit)
    values = (ScaleValue("twstrs", "severity", Decimal(18)), ScaleValue("twstrs", "", Decimal("36.25")))
    assert sheet == ScaleSheet(date(2026, 8, 4), values)
    shown = dict(screen.view.page.effects.responses.facts.facts())["Scales"]
    assert "TWSTRS severity: 18 (0 to 35, lower is better)" in shown


def test_a_total_outside_its_range_is_said_at_its_field_and_nothing_is_saved(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    total = panel.scales.field("twstrs", "")
    assert total is not None
    type_text(total.editor, "86")
    screen.save()
    assert total.error() == "At most 85."
    assert screen.view.page.effects.panel() is panel
    assert clinic.services.visits.of_patient(clinic.actor, patient)[0].response is None


def test_an_unconfirmed_range_is_told_and_limits_nothing(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    panel.scales.another.set_value("bsdi")
    panel.scales.another.changed.emit()
    total = panel.scales.field("bsdi", "")
    assert total is not None
    assert total.editor.placeholderText() == "0 to 24, not confirmed"
    type_text(total.editor, "26")
    screen.save()
    sheet = clinic.services.scale_results.of_visit(clinic.actor, visit)
    assert sheet is not None and sheet.values == (ScaleValue("bsdi", "", Decimal(26)),)


def test_scales_measured_before_the_visit_are_said_at_their_day(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    total = panel.scales.field("twstrs", "")
    assert total is not None
    type_text(total.editor, "30")
    panel.scales.measured_on.editor.setText("20/07/2026")
    screen.save()
    assert "between the visit" in panel.scales.measured_on.error()


def test_the_scales_of_the_cycle_before_are_asked_again(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    older, visit = clinic.visit(patient, SIXTEEN_WEEKS_AGO), clinic.visit(patient)
    sheet = ScaleSheet(date(2026, 7, 21), (ScaleValue("tsui", "", Decimal(9)), ScaleValue("vas_pain", "", Decimal(4))))
    clinic.services.visits.record_response(clinic.actor, older, ResponseData(), sheet)
    assert response_of(screen, patient, visit).scales.field("tsui", "") is not None

    # What has no field here is kept when the response is saved again.
    panel = response_of(screen, patient, older)
    panel.note.editor.setPlainText("Told again.")
    screen.save()
    kept = clinic.services.scale_results.of_visit(clinic.actor, older)
    assert kept is not None and set(kept.values) == set(sheet.values)


def test_a_response_that_two_people_noted_is_kept_together(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    panel.best_percent.editor.setText("70")
    theirs = ScaleSheet(date(2026, 8, 4), (ScaleValue("tsui", "", Decimal(9)),))
    clinic.services.visits.record_response(clinic.actor, visit, ResponseData(note="slept better"), theirs)
    screen.save()
    row = clinic.services.visits.of_patient(clinic.actor, patient)[0]
    assert row.response == ResponseData(best_percent=70, note="slept better")
    assert row.scales == theirs


def test_what_two_people_noted_differently_of_a_response_is_chosen(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient)
    panel = response_of(screen, patient, visit)
    panel.best_percent.editor.setText("70")
    panel.note.editor.setPlainText("good")
    clinic.services.visits.record_response(clinic.actor, visit, ResponseData(best_percent=40, first_day=6))
    screen.save()
    assert clinic.services.visits.of_patient(clinic.actor, patient)[0].response == ResponseData(6, 40)
    assert panel.data() == ResponseData(6, 70, note="good")
    assert panel.clash.open_parts() == ["Best benefit"]
    panel.clash.choose("Best benefit", Keep.THEIRS)
    screen.save()
    response = clinic.services.visits.of_patient(clinic.actor, patient)[0].response
    assert response == ResponseData(6, 40, note="good")


def test_a_diary_is_typed_down_its_columns_with_the_keyboard_alone(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient, SIXTEEN_WEEKS_AGO)
    diary_of(screen, patient)
    panel = screen.view.page.effects.panel()
    assert isinstance(panel, DiaryPanel)
    benefits = (0, 20, 50, 70, 80, 80, 80, 70, 60, 40, 20, 10)
    for column in (benefits, (7, 6, 5, 3, 2, 2, 2, 3, 3, 4, 5, 6), ("", "dry mouth")):
        for value in column:
            type_text(in_focus(), str(value))
            QTest.keyClick(in_focus(), Qt.Key.Key_Return)
    QTest.keyClick(in_focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.settle()

    weeks = clinic.services.diaries.of_visit(clinic.actor, visit)
    assert [week.benefit_percent for week in weeks] == list(benefits)
    assert weeks[1] == WeekOfDiary(2, 20, 6, "dry mouth")
    assert screen.view.page.effects.panel() is None
    told = dict(screen.view.page.effects.responses.facts.facts())["Diary"]
    assert told == "weeks 1 to 12, best 80 % in week 5, pain 2 to 7 of 10"


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("benefit_percent", "101", "Benefit is a whole number from 0 to 100."),
        ("benefit_percent", "much", "Benefit is a whole number from 0 to 100."),
        ("pain", "2.5", "Pain is a whole number from 0 to 10."),
    ],
)
def test_what_cannot_be_stands_under_its_week(
    clinic: Clinic, screen: Screen, column: str, typed: str, said: str
) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient, SIXTEEN_WEEKS_AGO)
    panel = diary_of(screen, patient)
    type_text(panel.editors[3, column], typed)
    screen.save()
    assert panel.error(3) == said
    assert QApplication.focusWidget() is panel.editors[3, column]
    assert panel.editors[3, column].text() == typed
    assert clinic.services.diaries.of_visit(clinic.actor, visit) == ()


def test_weeks_that_have_not_begun_cannot_be_typed(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)  # two weeks ago
    panel = diary_of(screen, patient)
    assert [week for week in range(1, 13) if panel.editors[week, "pain"].isEnabled()] == [1, 2]


def test_weeks_that_two_people_typed_are_kept_together(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient, SIXTEEN_WEEKS_AGO)
    panel = diary_of(screen, patient)
    type_text(panel.editors[1, "pain"], "4")
    clinic.services.diaries.keep(clinic.actor, visit, (), (WeekOfDiary(2, 10),))
    screen.save()
    assert clinic.services.diaries.of_visit(clinic.actor, visit) == (WeekOfDiary(1, None, 4), WeekOfDiary(2, 10))
    assert screen.messages[-1][0] == (
        "Diary of 2 weeks noted, together with what somebody else changed meanwhile: week 2."
    )


@pytest.mark.parametrize(("keep", "first"), [(Keep.MINE, (None, 4)), (Keep.THEIRS, (10, None))])
def test_a_week_that_two_people_typed_is_chosen(
    clinic: Clinic, screen: Screen, keep: Keep, first: tuple[int | None, int | None]
) -> None:
    patient = clinic.patient()
    visit = clinic.visit(patient, SIXTEEN_WEEKS_AGO)
    panel = diary_of(screen, patient)
    type_text(panel.editors[1, "pain"], "4")
    type_text(panel.editors[3, "remark"], "tired")
    clinic.services.diaries.keep(clinic.actor, visit, (), (WeekOfDiary(1, 10), WeekOfDiary(2, 20)))
    screen.save()
    assert panel.clash.open_parts() == ["Week 1"]
    assert {button.accessibleName() for button in panel.clash.findChildren(QRadioButton)} == {
        "Week 1, theirs: benefit 10 %",
        "Week 1, yours: pain 4 of 10",
    }
    assert panel.editors[1, "pain"].text() == "4"
    assert panel.editors[2, "benefit_percent"].text() == "20"
    panel.clash.choose("Week 1", keep)
    screen.save()
    assert clinic.services.diaries.of_visit(clinic.actor, visit) == (
        WeekOfDiary(1, *first), WeekOfDiary(2, 20), WeekOfDiary(3, remark="tired"),
    )  # fmt: skip


def test_a_short_diary_is_told_as_it_is() -> None:
    assert diary_text(()) == ""
    assert diary_text((WeekOfDiary(2, None, 4),)) == "week 2, pain 4 of 10"
    assert diary_text((WeekOfDiary(1, 50), WeekOfDiary(3, 50, None, "x"))) == "weeks 1 to 3, best 50 % in week 1"
