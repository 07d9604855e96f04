"""The sheet on which a clinic chooses its dose colours."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_app.ui.muscle_map.dose_colours import DoseColourSheet
from tests.ui.muscle_map.conftest import SPLENIUS, Desk


def sheet_of(desk: Desk) -> DoseColourSheet:
    desk.view.map.sidebar.limits.click()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, DoseColourSheet) and w.isVisible())


def opened(desk: Desk) -> DoseColourSheet:
    desk.start(repeat=True)
    return sheet_of(desk)


def test_limits_that_are_kept_colour_the_map_and_its_legend_at_once(repeating: Desk) -> None:
    sheet = opened(repeating)
    assert [field.text() for field in sheet.fields] == ["10", "25", "50", "75", "100"]
    before = dict(repeating.view.map.scene.state.doses)[SPLENIUS].colour
    for field, text in zip(sheet.fields, ("1", "2", "3", "4", "5"), strict=True):
        field.setText(text)
    QTest.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    repeating.settle()
    assert dict(repeating.view.map.scene.state.doses)[SPLENIUS].colour != before
    assert [words for _, words in repeating.view.map.view._legend] == ["≤1", "≤2", "≤3", "≤4", "≤5", ">5"]
    assert repeating.clinic.services.clinics.facts().dose_limits["onabotulinumtoxinA"] == (1, 2, 3, 4, 5)


def test_numbers_that_do_not_rise_are_told_on_the_sheet(repeating: Desk) -> None:
    sheet = opened(repeating)
    sheet.fields[0].setText("500")
    QTest.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    assert "each larger" in sheet.error.text()
    sheet.fields[0].setText("ten")
    QTest.mouseClick(sheet.save, Qt.MouseButton.LeftButton)
    assert "not a quantity" in sheet.error.text()
    assert repeating.clinic.services.clinics.facts().dose_limits == {}
    sheet.close()


def test_the_button_stands_there_only_with_a_product(repeating: Desk) -> None:
    assert not repeating.view.map.sidebar.limits.isVisible()
    repeating.start(repeat=True)
    assert repeating.view.map.sidebar.limits.isVisible()
