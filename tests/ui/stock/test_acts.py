"""What is done to a lot: returned, discarded, counted, held; each with its reason, and each can be taken back."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from clinic_app.terms import LotHold, StockKind
from clinic_app.ui.nav_rail import WIDTH
from clinic_app.ui.stock.lot_acts import CORRECTIONS, LotAct, offered_acts
from clinic_app.ui.stock.lot_page import PATIENTS
from clinic_app.ui.theme import SMALLEST
from tests.ui.clinic import TODAY, Clinic
from tests.ui.keyboard import press, type_text
from tests.ui.stock.conftest import Sit, StockDesk

A = LotAct


def begin(desk: StockDesk, act: LotAct) -> None:
    page = desk.view.lot_page
    if act in CORRECTIONS:
        assert page.correct_button.isVisible()
        page.correct_button.entries[act].trigger()
    else:
        button = page.buttons[act]
        assert button.isVisible()
        press(button, Qt.Key.Key_Space)
    assert page.form.act() is act


def test_two_vials_are_returned_with_a_reason(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=10)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.RETURN)
    assert form.act_button.text() == "Return 10 vials"
    assert form.vials_field.editor.hasFocus()
    type_text(form.vials_field.editor, "2")
    assert form.act_button.text() == "Return 2 vials"
    press(form.vials_field.editor, Qt.Key.Key_Tab)
    type_text(form.reason_field.editor, "Delivered by mistake")
    press(form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.isHidden()
    line = clinic.ledger("C1234")[-1]
    assert (line.kind, line.vials, line.left_after, line.reason) == (StockKind.RETURNED, -2, 8, "Delivered by mistake")
    assert desk.messages[-1][0] == "2 vials of Botox 100\u202fU, lot C1234, returned."
    assert desk.view.lot_page.facts.left.accessibleName() == "Vials left: 8 of 10 received"
    assert desk.view.lot_page.ledger.table.rows_model.row_at(0) == line


def test_what_was_returned_is_taken_back_by_a_line_of_its_own(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=10)
    desk = sit(clinic)
    begin(desk, A.RETURN)
    type_text(desk.view.lot_page.form.reason_field.editor, "Delivered by mistake")
    desk.view.lot_page.form.submit()
    desk.settle()
    assert clinic.lot("C1234").vials_left == 0
    desk.undo()
    assert clinic.lot("C1234").vials_left == 10
    assert [line.kind for line in clinic.ledger("C1234")] == [
        StockKind.RECEIVED, StockKind.RETURNED, StockKind.CORRECTED
    ]  # fmt: skip
    assert desk.messages[-1][0] == "Botox 100\u202fU, lot C1234: taken back; the ledger shows both."


@pytest.mark.parametrize(
    ("vials", "sentence"),
    [
        ("", "Type how many vials."),
        ("0", "At least 1."),
        ("-3", "At least 1."),
        ("1,5", "Write a whole number."),
        ("1e9", "Write a number, such as 12.5."),
        ("NaN", "Write a number, such as 12.5."),
    ],
)
def test_a_number_of_vials_that_cannot_be_is_told_under_its_field(
    clinic: Clinic, sit: Sit, vials: str, sentence: str
) -> None:
    clinic.receive("C1234", vials=10)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.DISCARD)
    form.vials_field.editor.clear()
    type_text(form.vials_field.editor, vials)
    type_text(form.reason_field.editor, "Broken")
    press(form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.vials_field.error() == sentence
    assert form.vials_field.editor.hasFocus()
    assert (form.vials_field.editor.text(), form.reason_field.value()) == (vials, "Broken")
    assert clinic.lot("C1234").vials_left == 10


def test_more_vials_than_are_left_and_a_missing_reason_are_refused_under_their_fields(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=3)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.DISCARD)
    press(form.vials_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.reason_field.error()
    assert form.reason_field.editor.hasFocus()
    type_text(form.reason_field.editor, "Broken")
    form.vials_field.editor.setText("4")
    form.submit()
    desk.settle()
    assert form.vials_field.error()
    assert clinic.lot("C1234").vials_left == 3


def test_a_witness_stands_in_the_ledger(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    desk = sit(clinic)
    form, table = desk.view.lot_page.form, desk.view.lot_page.ledger.table
    witness_column = [column.title for column in table.rows_model.columns].index("Witness")
    assert table.isColumnHidden(witness_column)
    begin(desk, A.DISCARD)
    type_text(form.reason_field.editor, "Broken")
    texts = [form.witness_field.editor.itemText(n) for n in range(form.witness_field.editor.count())]
    assert texts == ["Nobody", "Noor Haddad", "Rosa Lind"]  # never oneself
    press(form.witness_field.editor, Qt.Key.Key_Down)
    form.submit()
    desk.settle()
    assert clinic.ledger("C1234")[-1].witness == "Noor Haddad"
    assert not table.isColumnHidden(witness_column)


def test_a_count_is_corrected_against_what_the_ledger_says_now(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=10)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    desk.view.edit_item()
    assert form.act() is A.CORRECT
    type_text(form.vials_field.editor, "10")
    type_text(form.reason_field.editor, "Counted by two people")
    form.submit()
    assert form.vials_field.error() == "The ledger says 10 vials too. Nothing to correct."
    clinic.receive("C1234", vials=2)  # somebody else unpacks a box meanwhile
    desk.settle()
    form.submit()
    desk.settle()
    line = clinic.ledger("C1234")[-1]
    assert (line.kind, line.vials, line.left_after) == (StockKind.CORRECTED, -2, 10)
    assert desk.messages[-1][0] == "Botox 100\u202fU, lot C1234: 10 vials counted."
    desk.undo()
    assert clinic.lot("C1234").vials_left == 12


def test_a_lot_can_be_counted_down_to_nothing(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=2)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.CORRECT)
    type_text(form.vials_field.editor, "0")
    type_text(form.reason_field.editor, "Not on the shelf")
    form.submit()
    desk.settle()
    assert clinic.lot("C1234").vials_left == 0
    assert desk.numbers() == []  # used up, and still on the page
    assert desk.shown_lot() == "C1234"


def test_an_expiry_that_was_read_wrongly_is_corrected_and_the_ledger_says_so(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", days=200)
    clinic.receive("D9876", days=100)
    desk = sit(clinic)
    desk.view.show_lot(clinic.lot("C1234").lot_id)
    desk.settle()
    page, form = desk.view.lot_page, desk.view.lot_page.form
    begin(desk, A.CORRECT_EXPIRY)
    assert form.expiry_field.editor.hasFocus()
    assert form.vials_field.isHidden()
    assert form.act_button.text() == "Correct expiry"
    type_text(form.expiry_field.editor, "09/2026")
    press(form.expiry_field.editor, Qt.Key.Key_Tab)
    type_text(form.reason_field.editor, "Read again from the vial")
    press(form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.isHidden()
    assert clinic.lot("C1234").expires_on == date(2026, 9, 30)
    assert desk.numbers() == ["C1234", "D9876"]  # it expires first now
    line = page.ledger.table.rows_model.row_at(0)
    assert line.reason == "expiry 20 Feb 2027 was wrong, it is 30 Sep 2026: Read again from the vial"
    assert page.ledger.table.rows_model.index(0, 1).data() == "Expiry corrected"
    assert desk.messages[-1][0] == "Botox 100\u202fU, lot C1234: expiry corrected to 30 Sept 2026."
    desk.undo()
    assert clinic.lot("C1234").expires_on == date(2027, 2, 20)
    assert len(clinic.ledger("C1234")) == 3  # both corrections stand in it


def test_an_expiry_corrected_by_somebody_else_meanwhile_is_not_taken_back(clinic: Clinic, sit: Sit) -> None:
    lot_id = clinic.receive("C1234", days=200)
    desk = sit(clinic)
    begin(desk, A.CORRECT_EXPIRY)
    type_text(desk.view.lot_page.form.expiry_field.editor, "2027-03-31")
    type_text(desk.view.lot_page.form.reason_field.editor, "Read again")
    desk.view.lot_page.form.submit()
    desk.settle()
    _, back = desk.messages[-1]
    assert back is not None
    clinic.services.stock.correct_expiry(clinic.actor, lot_id, date(2027, 4, 30), "Read once more")
    back()
    desk.settle()
    assert clinic.lot("C1234").expires_on == date(2027, 4, 30)
    assert desk.messages[-1][0] == (
        "The expiry of lot C1234 was corrected again since. Look at the ledger, and correct it if it is wrong."
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the expiry as it stands on the vial."),
        ("someday", "Write a date, such as 04/08/2026 or 12w."),
        ("2027-02-20", "The stock says 20 Feb 2027 too. Nothing to correct."),
        ("12/2060", "The expiry Fri 31 Dec 2060 is more than ten years away. Check the year."),
    ],
)
def test_an_expiry_that_cannot_be_is_told_under_its_field(clinic: Clinic, sit: Sit, typed: str, sentence: str) -> None:
    clinic.receive("C1234", days=200)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.CORRECT_EXPIRY)
    type_text(form.reason_field.editor, "Read again")
    type_text(form.expiry_field.editor, typed)
    press(form.expiry_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.expiry_field.error() == sentence
    assert form.expiry_field.editor.hasFocus()
    assert form.reason_field.value() == "Read again"
    assert clinic.lot("C1234").expires_on == date(2027, 2, 20)


def test_a_correction_of_the_expiry_needs_a_reason_under_its_field(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", days=200)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.CORRECT_EXPIRY)
    type_text(form.expiry_field.editor, "2027-03-31")
    press(form.expiry_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert form.reason_field.error() == "Type why."
    assert form.reason_field.editor.hasFocus()
    assert clinic.lot("C1234").expires_on == date(2027, 2, 20)


@pytest.mark.parametrize("reason", ["", "Read again"])
def test_a_typed_expiry_comes_back_after_it_was_put_aside(clinic: Clinic, sit: Sit, reason: str) -> None:
    clinic.receive("C1234", days=200)
    desk = sit(clinic)
    page = desk.view.lot_page
    begin(desk, A.CORRECT_EXPIRY)
    type_text(page.form.expiry_field.editor, "9/2026")
    type_text(page.form.reason_field.editor, reason)
    press(page.form.reason_field.editor, Qt.Key.Key_Escape)
    assert page.form.isHidden()
    assert page.correct_button.hasFocus()
    assert desk.messages[-1][0] == "What was typed for lot C1234 was put aside."
    begin(desk, A.DISCARD)  # another form in between leaves nothing behind
    desk.undo()
    assert (page.form.act(), page.form.expiry_field.value(), page.form.reason_field.value()) == (
        A.CORRECT_EXPIRY, date(2026, 9, 30), reason
    )  # fmt: skip


def test_a_form_in_which_nothing_was_typed_is_folded_without_a_word(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    desk = sit(clinic)
    for act in (A.RETURN, A.DISCARD, A.CORRECT, A.CORRECT_EXPIRY, A.QUARANTINE):
        begin(desk, act)
        desk.view.go_back()
    assert desk.messages == []


def test_every_act_has_its_place_in_the_smallest_window(clinic: Clinic, sit: Sit) -> None:
    lot_id = clinic.receive("C1234", days=0)
    clinic.services.stock.hold(clinic.actor, lot_id, LotHold.QUARANTINED, "Refrigerator alarm")
    clinic.clock.moment = clinic.clock.moment.replace(day=6)
    desk = sit(clinic)
    page = desk.view.lot_page
    desk.view.resize(SMALLEST.width() - WIDTH, 620)
    desk.settle()
    shown = [*page.buttons.values(), page.more_button, page.correct_button]
    shown = [button for button in shown if button.isVisible()]
    assert len(shown) == 7
    assert all(button.width() >= button.sizeHint().width() for button in shown)
    assert all(button.geometry().right() < page.width() for button in shown)


def test_a_lot_is_quarantined_and_released(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    desk = sit(clinic)
    page = desk.view.lot_page
    begin(desk, A.QUARANTINE)
    assert page.form.reason_field.editor.hasFocus()
    assert page.form.vials_field.isHidden()
    type_text(page.form.reason_field.editor, "Refrigerator alarm")
    press(page.form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert clinic.lot("C1234").hold is LotHold.QUARANTINED
    assert page.facts.holds[LotHold.QUARANTINED].text() == "Quarantined: Refrigerator alarm"
    assert page.buttons[A.QUARANTINE].isHidden()
    begin(desk, A.RELEASE)
    type_text(page.form.reason_field.editor, "The maker says it is good")
    press(page.form.reason_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert clinic.lot("C1234").hold is None
    assert page.buttons[A.RELEASE].isHidden()
    desk.undo()
    assert (clinic.lot("C1234").hold, clinic.lot("C1234").hold_reason) == (LotHold.QUARANTINED, "Refrigerator alarm")


def test_a_recall_shows_at_once_who_got_the_lot(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    page = desk.view.lot_page
    begin(desk, A.RECALL)
    type_text(page.form.reason_field.editor, "Notice of 3 August")
    page.form.submit()
    desk.settle()
    assert clinic.lot("C1234").hold is LotHold.RECALLED
    assert page.tabs.currentIndex() == PATIENTS
    assert page.recipients.table.rows_model.row_at(0).name == "Ada Okafor"
    desk.undo()
    assert clinic.lot("C1234").hold is None


def test_a_recall_taken_back_leaves_the_quarantine_from_before(clinic: Clinic, sit: Sit) -> None:
    lot_id = clinic.receive("C1234")
    clinic.services.stock.hold(clinic.actor, lot_id, LotHold.QUARANTINED, "Refrigerator alarm")
    desk = sit(clinic)
    begin(desk, A.RECALL)
    type_text(desk.view.lot_page.form.reason_field.editor, "Notice of 3 August")
    desk.view.lot_page.form.submit()
    desk.settle()
    desk.undo()
    assert (clinic.lot("C1234").hold, clinic.lot("C1234").hold_reason) == (LotHold.QUARANTINED, "Refrigerator alarm")


def test_expired_vials_are_taken_off_the_shelf(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=3, days=0)
    desk = sit(clinic)
    assert desk.view.lot_page.buttons[A.EXPIRE].isHidden()
    row = clinic.lot("C1234")
    assert A.EXPIRE not in offered_acts(row, row.expires_on)
    clinic.clock.moment = clinic.clock.moment.replace(day=5)
    desk.view.lot_page.show_details(clinic.services.stock.lot(clinic.actor, row.lot_id))
    clinic.receive("D1", days=50)
    clinic.services.stock.record(clinic.actor, row.lot_id, StockKind.DISCARDED, 1, "Broken")
    desk.settle()
    begin(desk, A.EXPIRE)
    form = desk.view.lot_page.form
    assert form.act_button.text() == "Record as expired: 2 vials"
    type_text(form.reason_field.editor, "Into the pharmacy's waste")
    form.submit()
    desk.settle()
    assert clinic.lot("C1234").vials_left == 0
    assert clinic.clock.moment.date() > TODAY


def test_a_used_up_lot_offers_only_what_makes_sense(clinic: Clinic) -> None:
    clinic.receive("C1234", vials=1)
    clinic.sign(clinic.patient(), "C1234")
    assert offered_acts(clinic.lot("C1234"), TODAY) == (*CORRECTIONS, A.QUARANTINE, A.RECALL)


def test_esc_folds_the_form_and_what_was_typed_comes_back_on_wish(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", days=10)
    clinic.receive("D9876", days=20)
    desk = sit(clinic)
    page = desk.view.lot_page
    begin(desk, A.DISCARD)
    page.form.vials_field.editor.setText("3")
    type_text(page.form.reason_field.editor, "Broken")
    press(page.form.reason_field.editor, Qt.Key.Key_Escape)
    assert page.form.isHidden()
    assert page.buttons[A.DISCARD].hasFocus()
    assert desk.messages[-1][0] == "What was typed for lot C1234 was put aside."
    desk.view.show_lot(clinic.lot("D9876").lot_id)
    desk.settle()
    desk.undo()
    assert desk.shown_lot() == "C1234"
    assert (page.form.act(), page.form.vials_field.editor.text(), page.form.reason_field.value()) == (
        A.DISCARD, "3", "Broken"
    )  # fmt: skip
    assert desk.view.unsaved() == "The form of a lot under Stock is filled but not done. Finish or cancel it first."


def test_choosing_another_lot_puts_a_filled_form_aside(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", days=10)
    clinic.receive("D9876", days=20)
    desk = sit(clinic)
    begin(desk, A.QUARANTINE)
    type_text(desk.view.lot_page.form.reason_field.editor, "Alarm")
    desk.view.lot_list.enter_list()
    press(desk.view.lot_list.list, Qt.Key.Key_Down)
    desk.settle()
    assert desk.shown_lot() == "D9876"
    assert desk.view.lot_page.form.isHidden()
    assert desk.messages[-1][0] == "What was typed for lot C1234 was put aside."


def test_enter_on_cancel_does_nothing_to_the_lot(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=3)
    desk = sit(clinic)
    form = desk.view.lot_page.form
    begin(desk, A.DISCARD)
    type_text(form.reason_field.editor, "Broken")
    form.cancel_button.setFocus()
    press(form.cancel_button, Qt.Key.Key_Return)
    desk.settle()
    assert form.isHidden()
    assert clinic.lot("C1234").vials_left == 3


def test_a_refusal_that_comes_after_the_person_went_on_is_still_told(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", days=10)
    clinic.receive("D9876", days=20)
    desk = sit(clinic)
    begin(desk, A.RETURN)
    desk.view.lot_page.form.submit()  # without a reason
    desk.view.show_lot(clinic.lot("D9876").lot_id)
    desk.settle()
    assert desk.messages[-1] == ("Type why.", None)
    assert clinic.lot("C1234").vials_left == 10
