"""Receiving vials: by scan, by hand, and what cannot be received."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from clinic_app.terms import StockKind
from clinic_app.ui.stock.receive_fields import ExpiryField
from clinic_app.ui.stock.receive_form import ReceiveForm
from clinic_app.ui.widgets.scanning import looks_like_scan
from tests.ui.clinic import BOTOX, TODAY, Clinic
from tests.ui.keyboard import press, type_text
from tests.ui.stock.conftest import KNOWN, UNKNOWN, Sit, StockDesk

OTHER = "00300233921029"
"""The package of 200 units."""


def begin(desk: StockDesk) -> ReceiveForm:
    desk.view.new_item()
    form = desk.view.receive_panel.form
    assert form.scan_field.editor.hasFocus()
    return form


def code(serial: str, *, gtin: str = KNOWN, lot: str = "C1234", expiry: str = "270228") -> str:
    return f"(01){gtin}(17){expiry}(10){lot}(21){serial}"


def choose_product(form: ReceiveForm, text: str) -> None:
    texts = [form.product_field.editor.itemText(n) for n in range(form.product_field.editor.count())]
    form.product_field.editor.setCurrentIndex(next(n for n, each in enumerate(texts) if each.startswith(text)))
    form.product_field.editor.activated.emit(form.product_field.editor.currentIndex())


def test_each_scan_of_the_same_lot_adds_a_vial(clinic: Clinic, sit: Sit) -> None:
    clinic.services.stock.learn(clinic.actor, KNOWN, BOTOX, Decimal(100))
    desk = sit(clinic)
    form = begin(desk)
    for serial in ("1", "2", "3"):
        desk.scan(form.scan_field.editor, code(serial))
        assert form.scan_field.editor.hasFocus()
    assert (form.product_field.value(), form.size_field.value()) == (BOTOX, Decimal(100))
    assert (form.lot_field.value(), form.expiry_field.value()) == ("C1234", date(2027, 2, 28))
    assert form.code_field.value() == KNOWN
    assert desk.view.receive_panel.save_button.text() == "Receive 3 vials"
    press(form.scan_field.editor, Qt.Key.Key_Return)
    assert form.vials() == 4
    desk.view.save_item()
    desk.settle()
    assert clinic.lot("C1234").vials_left == 4
    assert desk.messages[-1][0] == "4 vials of Botox 100\u202fU, lot C1234, received."
    assert form.typed() is None
    assert form.scan_field.editor.hasFocus()
    assert desk.numbers() == ["C1234"]
    (line,) = desk.view.receive_panel.so_far.rows_model.rows()
    assert (line.receipt.vials, line.receipt.number) == (4, "C1234")


def test_what_was_received_is_taken_back(clinic: Clinic, sit: Sit) -> None:
    clinic.services.stock.learn(clinic.actor, KNOWN, BOTOX, Decimal(100))
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1"))
    desk.view.save_item()
    desk.settle()
    desk.undo()
    assert [line.kind for line in clinic.ledger("C1234")] == [StockKind.RECEIVED, StockKind.CORRECTED]
    assert clinic.lot("C1234").vials_left == 0
    assert desk.view.receive_panel.so_far.rows_model.rows() == []


def test_scans_that_come_faster_than_their_answers_all_count(clinic: Clinic, sit: Sit) -> None:
    clinic.services.stock.learn(clinic.actor, KNOWN, BOTOX, Decimal(100))
    desk = sit(clinic)
    form = begin(desk)
    for serial in range(7):
        type_text(form.scan_field.editor, code(str(serial)))
        press(form.scan_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.vials() == 7


def test_the_same_package_is_not_counted_twice(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1"))
    desk.scan(form.scan_field.editor, code("1"))
    assert form.vials() == 1
    assert form.scan_field.error() == "This package was counted already. Scan the next one."


def test_another_lot_waits_until_the_first_is_received(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1"))
    desk.scan(form.scan_field.editor, code("2", lot="D9999"))
    assert form.scan_field.error() == "This package is of lot D9999. Receive the 1 vial of lot C1234 first."
    assert (form.lot_field.value(), form.vials()) == ("C1234", 1)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (code("2", expiry="270331"), "This package expires 31 Mar 2027. Compare the expiry with the print."),
        (code("2", gtin=UNKNOWN), f"This package has the code {UNKNOWN}. Compare it with the others."),
        (code("2", gtin=OTHER), "This package holds Botox 200\u202fU. Check the product and the vial size."),
    ],
)
def test_a_package_that_differs_from_the_lot_is_told_and_not_counted(
    clinic: Clinic, sit: Sit, other: str, sentence: str
) -> None:
    clinic.services.stock.learn(clinic.actor, KNOWN, BOTOX, Decimal(100))
    clinic.services.stock.learn(clinic.actor, OTHER, BOTOX, Decimal(200))
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1"))
    desk.scan(form.scan_field.editor, other)
    assert form.scan_field.error() == sentence
    assert form.vials() == 1


def test_an_unknown_code_is_learned_once(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1", gtin=UNKNOWN))
    assert form.new_code.text() == f"Code {UNKNOWN} is new here. Choose its product and vial size once."
    assert form.scan_field.editor.hasFocus()  # a list would take the letters of the next scan for a choice
    assert form.remember_box.isVisible()
    choose_product(form, "Botox")
    assert [form.size_field.editor.itemText(n) for n in range(form.size_field.editor.count())] == [
        "100\u202fU", "200\u202fU"
    ]  # fmt: skip
    press(form.size_field.editor, Qt.Key.Key_Down)
    desk.view.save_item()
    desk.settle()
    assert clinic.lot("C1234").size_units == 100
    desk.scan(form.scan_field.editor, code("2", gtin=UNKNOWN, lot="E1"))
    assert (form.product_field.value(), form.size_field.value()) == (BOTOX, Decimal(100))
    assert form.remember_box.isHidden()
    assert form.new_code.isHidden()


def test_a_code_is_not_kept_when_the_person_does_not_want_it(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1", gtin=UNKNOWN))
    choose_product(form, "Botox")
    press(form.size_field.editor, Qt.Key.Key_Down)
    press(form.remember_box.editor, Qt.Key.Key_Space)
    desk.view.save_item()
    desk.settle()
    assert clinic.services.stock.scan(clinic.actor, code("2", gtin=UNKNOWN)).product == ""


@pytest.mark.parametrize(
    "typed", ["shampoo", "(01)0030023114501", "(01)00300231145019(10)C1(17)270228", "4006381333931"]
)
def test_a_code_that_cannot_be_read_stays_with_its_sentence(clinic: Clinic, sit: Sit, typed: str) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, typed)
    assert form.scan_field.error().endswith(".")
    assert form.scan_field.value() == typed
    assert form.vials() is None


def test_a_scanner_may_type_into_the_lot_field_too(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    form.lot_field.setFocus()
    desk.scan(form.lot_field.editor, code("1"))
    assert (form.lot_field.value(), form.vials()) == ("C1234", 1)


def test_the_separator_of_a_scanner_reaches_the_service(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    editor = form.scan_field.editor
    type_text(editor, f"]d201{KNOWN}1727022810C12")
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        control = Qt.KeyboardModifier.ControlModifier
        QApplication.sendEvent(editor, QKeyEvent(kind, Qt.Key.Key_BracketRight, control, "\x1d"))
    desk.scan(editor, "2177")
    assert (form.lot_field.value(), form.vials()) == ("C12", 1)


@pytest.mark.parametrize(
    ("text", "is_scan"),
    [
        (f"]d201{KNOWN}17270228", True),
        (f"(01){KNOWN}", True),
        (f"01{KNOWN}17270228", True),
        (KNOWN, False),
        ("C1234", False),
        ("0123456789", False),
        ("", False),
    ],
)
def test_a_code_is_told_from_words(text: str, is_scan: bool) -> None:
    assert looks_like_scan(text) is is_scan


def test_vials_are_received_by_hand_for_one_patient(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    desk = sit(clinic)
    form = begin(desk)
    choose_product(form, "Dysport")
    press(form.size_field.editor, Qt.Key.Key_Down)
    type_text(form.lot_field.editor, "W20331")
    type_text(form.expiry_field.editor, "08/2027")
    type_text(form.vials_field.editor, "2")
    search = form.patient_choice.search.editor
    type_text(search, "okaf")
    press(search, Qt.Key.Key_Return)
    desk.settle()
    press(search, Qt.Key.Key_Return)
    desk.settle()
    press(form.vials_field.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    row = clinic.lot("W20331")
    assert (row.patient_id, row.expires_on, row.vials_left) == (ada, date(2027, 8, 31), 2)
    assert form.patient_choice.patient() is None


def test_an_empty_form_says_what_is_missing(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.view.receive_panel.save_button.click()
    fields = (form.product_field, form.size_field, form.lot_field, form.expiry_field, form.vials_field)
    assert [field.error() for field in fields] == [
        "Choose the product.",
        "Choose how many units a vial holds.",
        "Type the lot number as it stands on the vial.",
        "Type the expiry as it stands on the vial.",
        "Type how many vials came.",
    ]
    assert form.product_field.editor.hasFocus()


def test_expired_vials_are_told_before_saving(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1", expiry="260803"))
    assert form.expiry_field.error() == "Expired 3 Aug 2026. Check the vial; expired vials are not received."
    desk.view.save_item()
    desk.settle()
    assert clinic.services.stock.lots(clinic.actor, all=True) == ()
    assert form.lot_field.value() == "C1234"


def test_another_expiry_than_the_lot_in_stock_is_refused_under_the_field(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    desk = sit(clinic)
    form = begin(desk)
    desk.view.receive_more(clinic.lot("C1234"))
    type_text(form.vials_field.editor, "5")
    form.expiry_field.editor.clear()
    type_text(form.expiry_field.editor, "12w")
    desk.view.save_item()
    desk.settle()
    assert (
        form.expiry_field.error()
        == "Lot C1234 is in stock with another expiry. Check the vial, or correct the expiry in the stock."
    )
    assert (form.lot_field.value(), form.vials()) == ("C1234", 5)
    assert clinic.lot("C1234").vials_left == 10


def test_more_of_a_lot_comes_with_its_facts_filled_in(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    clinic.receive("C1234", vials=2, patient_id=ada)
    desk = sit(clinic)
    press(desk.view.lot_page.more_button, Qt.Key.Key_Space)
    desk.settle()
    form = desk.view.receive_panel.form
    patient = form.patient_choice.patient()
    assert patient is not None
    assert (patient.id, form.lot_field.value(), form.size_field.value()) == (ada, "C1234", Decimal(100))
    assert form.vials_field.editor.hasFocus()
    type_text(form.vials_field.editor, "3")
    desk.view.save_item()
    desk.settle()
    assert clinic.lot("C1234").vials_left == 5


def test_a_form_that_is_closed_keeps_what_was_typed(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1")
    desk = sit(clinic)
    form = begin(desk)
    type_text(form.lot_field.editor, "D1")
    desk.view.go_back()
    assert desk.view.pages.currentWidget() is desk.view.lot_page
    assert desk.view.unsaved() == "Vials are typed under Stock but not received. Receive them or empty the form first."
    desk.view.new_item()
    assert form.lot_field.value() == "D1"


def test_a_form_that_gives_way_to_another_lot_can_be_brought_back(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1")
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("1"))
    desk.scan(form.scan_field.editor, code("2"))
    desk.view.receive_more(clinic.lot("A1"))
    assert form.lot_field.value() == "A1"
    assert desk.messages[-1][0] == "What was typed to be received was put aside."
    desk.undo()
    assert (form.lot_field.value(), form.vials(), form.code_field.value()) == ("C1234", 2, KNOWN)
    desk.scan(form.scan_field.editor, code("2"))
    assert form.vials() == 2
    desk.view.receive_panel.empty_button.click()
    assert desk.view.unsaved() == ""


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("08/2027", date(2027, 8, 31)),
        ("2/2028", date(2028, 2, 29)),
        ("2027-08", date(2027, 8, 31)),
        ("Aug 2027", date(2027, 8, 31)),
        ("31/08/2027", date(2027, 8, 31)),
        ("2027-08-15", date(2027, 8, 15)),
        ("13/2027", None),
        ("soon", None),
    ],
)
def test_an_expiry_without_a_day_is_the_last_of_its_month(look: object, typed: str, day: date | None) -> None:
    field = ExpiryField("Expiry", today=lambda: TODAY)
    field.editor.setText(typed)
    assert field.value() == day
    assert field.check() is (day is not None)


def test_thirty_packages_scanned_while_the_cursor_stands_elsewhere_all_count(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    form = begin(desk)
    desk.scan(form.scan_field.editor, code("0"))
    places = (form.vials_field.editor, form.product_field.editor, form.expiry_field.editor, desk.view.receive_button)
    for serial in range(1, 30):
        place = places[serial % 4]
        place.setFocus()
        type_text(place, code(str(serial)))
        press(place, Qt.Key.Key_Return)
    desk.view.save_item()  # before the last one is answered
    desk.settle()
    assert clinic.lot("C1234").vials_left == 30
    assert desk.messages[-1][0] == "30 vials of Botox 100\u202fU, lot C1234, received."
    row = clinic.lot("C1234")
    assert (row.expires_on, row.size_units) == (date(2027, 2, 28), Decimal(100))
    assert form.typed() is None
