"""A scanner types into whatever has the focus; its package becomes a vial of the chart, or a sentence."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.terms import LotHold
from clinic_app.ui.muscle_map import vial_edits
from tests.ui.muscle_map.conftest import SPLENIUS, Desk, charted

BOTOX_100 = "00300231145014"
"""Known from the reference: 100 units of onabotulinumtoxinA."""
UNKNOWN = "05012345678900"
"""A GTIN that fits and that nobody has met."""
XEOMIN_50 = "04046222170073"
"""Known from the reference: 50 units of incobotulinumtoxinA."""


def code(gtin: str = BOTOX_100, lot: str = "C1234", expires: str = "270531", serial: str = "SER1") -> str:
    return f"01{gtin}17{expires}10{lot}\x1d21{serial}"


def scan(widget: QWidget, text: str) -> None:
    """The keys of a scanner: five milliseconds apart, Enter at the end, into whatever has the focus by then."""
    widget.setFocus()
    moment = 1_000_000
    for letter in f"{text}\r":
        moment += 5
        key, modifier = Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier
        if letter == "\r":
            key = Qt.Key.Key_Return
        elif letter == "\x1d":
            key, modifier = Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifier, letter)
        event.setTimestamp(moment)
        QApplication.sendEvent(QApplication.focusWidget() or widget, event)


def serials(desk: Desk) -> list[str]:
    return [vial.serial for vial in desk.content.vials]


@pytest.fixture
def sat(desk: Desk) -> Desk:
    """A visit without a product yet."""
    desk.start()
    return desk


def test_a_scan_anywhere_puts_lot_expiry_size_and_serial_number_on_the_chart(sat: Desk) -> None:
    scan(sat.view.map.view, code())
    sat.settle()
    (vial,) = sat.content.vials
    assert (sat.content.product, vial.lot_number, vial.expires_on) == ("onabotulinumtoxinA", "C1234", date(2027, 5, 31))
    assert (vial.size_units, vial.serial, vial.gtin) == (Decimal(100), "SER1", BOTOX_100)
    assert vial.lot_id is not None
    assert sat.panel.vials.cards[vial.key].diluent.editor.hasFocus(), "how it was mixed comes next"


def test_a_scan_into_a_carried_lines_units_changes_and_confirms_nothing(repeating: Desk) -> None:
    desk = repeating
    desk.start(repeat=True)
    before = desk.content.lines
    assert all(line.carried for line in before)
    row = desk.row(SPLENIUS)
    row.focus_units()
    scan(row.units, code())
    desk.settle()
    assert desk.content.lines == tuple(before)
    assert row.units.text().strip() == before[0].units
    assert desk.content.vials[0].serial == "SER1"


def test_the_code_can_be_typed_into_its_field(sat: Desk) -> None:
    vials = sat.panel.vials
    QTest.mouseClick(vials.by_code, Qt.MouseButton.LeftButton)
    assert vials.code.editor.hasFocus()
    vials.code.editor.setText(f"(01){BOTOX_100}(17)270531(10)C1234(21)SER2")
    vials.code.editor.returnPressed.emit()
    sat.settle()
    assert sat.content.vials[0].serial == "SER2"
    assert vials.code.isHidden()


def test_a_package_that_nobody_has_met_is_asked_about_once(sat: Desk) -> None:
    scan(sat.view.map.view, code(UNKNOWN))
    sat.settle()
    form = sat.panel.vials.package
    assert form.isVisible()
    assert sat.content.vials == ()
    assert not form.product.error()
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    assert form.product.error(), "a package without a meaning is not kept"
    sizes = sat.clinic.services.stock.sizes(sat.clinic.physician)
    form.product.set_value(next(s for s in sizes if (s.product, s.size_units) == ("onabotulinumtoxinA", Decimal(100))))
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    sat.settle()
    assert serials(sat) == ["SER1"]
    scan(sat.view.map.view, code(UNKNOWN, serial="SER2"))
    sat.settle()
    assert form.isHidden()
    assert serials(sat) == ["SER1", "SER2"]


def test_a_vial_that_is_not_on_the_shelf_is_charted_from_its_print_with_a_remark(sat: Desk) -> None:
    scan(sat.view.map.view, code(lot="X9"))
    sat.settle()
    assert (sat.content.vials[0].lot_id, sat.content.vials[0].lot_number) == (None, "X9")
    assert "X9 is not in the stock" in sat.panel.notice.text()
    scan(sat.view.map.view, code())
    sat.settle()
    assert sat.panel.notice.text() == "", "the next vial is in order"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (code(lot="E5", expires="260228"), "expired"),
        (code()[:16], "names the product but no lot"),
        (code()[:10], "did not arrive whole"),
        ("4006381333931", "neither lot nor expiry"),
        (code(BOTOX_100[:-1] + "5"), "digit of the article number"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_nothing_is_charted(desk: Desk, text: str, said: str) -> None:
    charted(desk)
    before = desk.content
    row = desk.row(SPLENIUS)
    row.focus_units()
    scan(row.units, text)
    desk.settle()
    assert said in desk.panel.notice.text()
    assert desk.content == before
    assert row.units.text().strip() == "60"


@pytest.mark.parametrize("hold", list(LotHold))
def test_a_lot_on_hold_is_refused_with_its_reason(sat: Desk, hold: LotHold) -> None:
    lot = sat.clinic.lot(number="H77")
    sat.clinic.services.stock.hold(sat.clinic.nurse, lot, hold, "notice 7")
    scan(sat.view.map.view, code(lot="H77"))
    sat.settle()
    assert "notice 7" in sat.panel.notice.text()
    assert sat.content.vials == ()


def test_a_vial_of_another_product_is_refused_until_the_visit_has_one_of_it(desk: Desk) -> None:
    charted(desk)
    before = desk.content
    scan(desk.view.map.view, code(XEOMIN_50, lot="I7"))
    desk.settle()
    assert "never converted" in desk.panel.notice.text()
    assert desk.content == before
    desk.chart.edit(vial_edits.add_vial(before, "incobotulinumtoxinA"))
    scan(desk.view.map.view, code(XEOMIN_50, lot="I7"))
    desk.settle()
    assert [vial.lot_number for vial in desk.content.vials] == ["C1234", "I7"]
    assert [line.units for line in desk.content.lines] == ["60", "40"], "what is drawn from the first vial stays"


def test_the_same_vial_twice_is_one_vial(sat: Desk) -> None:
    for _ in range(2):
        scan(sat.view.map.view, code())
        sat.settle()
    assert len(sat.content.vials) == 1
    assert "on the chart already" in sat.panel.notice.text()


def test_a_scan_without_an_open_visit_says_where_it_belongs(desk: Desk) -> None:
    said: list[str] = []
    desk.view.message_offered.connect(lambda text, _undo: said.append(text))
    scan(desk.view.map.view, code())
    desk.settle()
    assert said == ["Open the patient's visit first, then scan the package again."]
