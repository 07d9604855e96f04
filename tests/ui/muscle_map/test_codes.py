"""Billing codes follow what is charted until somebody edits them, and go into the record as they stand."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.keyboard import type_text
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk, charted


def with_codes_open(desk: Desk) -> None:
    charted(desk)
    desk.panel.closing.set_open(True)
    desk.panel.vials.cards[desk.content.vials[0].key].setFocus()


def test_the_suggestion_follows_every_dose(desk: Desk) -> None:
    with_codes_open(desk)
    codes = desk.panel.closing.codes
    assert codes.field.value() == "64616, J0585-JZ ×100"
    desk.type_units(LEVATOR, "30")
    desk.settle()  # the codes come after the figures of the key
    assert codes.field.value() == "64616, J0585 ×90"
    assert "toxin into neck muscles" in codes.words()
    assert codes.use.isHidden()


def test_what_was_edited_stays_until_the_suggestion_is_wanted_again(desk: Desk) -> None:
    with_codes_open(desk)
    codes = desk.panel.closing.codes
    suggested = codes.field.value()
    codes.field.setFocus()
    codes.field.editor.selectAll()
    type_text(codes.field.editor, "64616-50; j0585 x100")
    desk.row(SPLENIUS).focus_units()
    assert desk.content.codes == ("64616-50", "j0585 x100")
    assert not codes.use.isHidden()
    desk.type_units(LEVATOR, "40")
    desk.settle()  # the codes come after the figures of the key
    assert codes.field.value() == "64616-50, j0585 x100"
    QTest.mouseClick(codes.use, Qt.MouseButton.LeftButton)
    assert codes.field.value() == suggested
    desk.chart.model.undo()
    assert desk.content.codes == ("64616-50", "j0585 x100")
    desk.chart.model.redo()
    assert desk.chart.model.content.codes is None


def test_a_code_that_cannot_be_read_is_told_at_its_field_and_keeps_the_visit_unsigned(desk: Desk) -> None:
    with_codes_open(desk)
    codes = desk.panel.closing.codes
    codes.field.setFocus()
    codes.field.editor.selectAll()
    type_text(codes.field.editor, "neck, 64616")
    desk.row(SPLENIUS).focus_units()
    assert codes.field.error() == "“neck” is not a code. Type it like 64616-50 or J0585 ×155."
    assert [p.field for p in desk.chart.read_for_signing().problems] == ["codes"]


def test_the_signature_would_keep_the_codes_in_one_form(desk: Desk) -> None:
    with_codes_open(desk)
    assert desk.chart.read_for_signing().codes == desk.chart.suggested_codes().texts
    codes = desk.panel.closing.codes
    codes.field.setFocus()
    codes.field.editor.selectAll()
    type_text(codes.field.editor, "64616-50, j0585 x100")
    assert desk.chart.read_for_signing().codes == ("64616-50", "J0585 ×100")
