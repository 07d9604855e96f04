"""The list of lots and the chosen one: found, looked at, and live."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QStyleOptionViewItem, QWidget

from clinic_app.services.stock_data import LotRow
from clinic_app.terms import LotHold, PatientStatus
from clinic_app.ui.stock.expiry import expiry_of
from clinic_app.ui.stock.loading import Shelf, shelved
from clinic_app.ui.stock.lot_model import Index
from clinic_app.ui.stock.lot_page import LEDGER, PATIENTS
from clinic_app.ui.stock.lot_painting import LotDelegate
from clinic_app.ui.stock.wording import Products
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.loading import Skeleton
from tests.ui.clinic import BOTOX, TODAY, Clinic
from tests.ui.keyboard import CTRL, press, type_text
from tests.ui.stock.conftest import KNOWN, Sit


def test_lots_stand_by_their_expiry_and_the_first_is_shown(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("LATE", days=300)
    clinic.receive("SOON", days=12)
    clinic.receive("NEXT", days=90)
    desk = sit(clinic)
    assert desk.numbers() == ["SOON", "NEXT", "LATE"]
    assert desk.shown_lot() == "SOON"
    assert desk.view.lot_list.caption.text() == "3 lots · 30 vials"


@pytest.mark.parametrize(
    ("days", "words", "level"),
    [
        (-400, "expired 30 Jun 2025", Level.STOP),
        (-2, "expired 2 days ago", Level.STOP),
        (-1, "expired yesterday", Level.STOP),
        (0, "expires today", Level.WARN),
        (1, "expires tomorrow", Level.WARN),
        (30, "expires in 30 days", Level.WARN),
        (31, "expires in 31 days", None),
        (90, "expires in 90 days", None),
        (91, "expires 3 Nov 2026", None),
    ],
)
def test_an_expiry_is_told_in_words_and_warns_in_time(days: int, words: str, level: Level | None) -> None:
    expiry = expiry_of(TODAY + timedelta(days=days), TODAY)
    assert (expiry.words, expiry.level) == (words, level)


def test_the_bar_is_empty_when_the_time_is_over_and_full_for_a_year() -> None:
    shares = [expiry_of(TODAY + timedelta(days=days), TODAY).share for days in (-5, 0, 73, 365, 900)]
    assert shares == [0, 0, 0.2, 1, 1]


def test_letters_of_the_search_filter_without_regard_to_case_and_accents(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient("Zoë", "Ångström")
    clinic.receive("C1234")
    clinic.receive("D9876", product="incobotulinumtoxinA", days=100)
    clinic.receive("E5555", patient_id=ada)
    desk = sit(clinic)
    search = desk.view.lot_list.search
    for typed, found in (("xeomin", ["D9876"]), ("c12", ["C1234"]), ("zoe ang", ["E5555"]), ("botox 5555", ["E5555"])):
        search.editor.clear()
        type_text(search.editor, typed)
        press(search.editor, Qt.Key.Key_Return)
        assert desk.numbers() == found
    desk.settle()
    assert desk.shown_lot() == "E5555"
    search.editor.setText("nothing like it")
    press(search.editor, Qt.Key.Key_Return)
    assert desk.numbers() == []
    assert desk.view.lot_list.empty.sentence() == "No lot fits. Try a part of its number, or show used-up lots too."


def test_the_product_filters_too(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    clinic.receive("D9876", product="incobotulinumtoxinA", days=100)
    desk = sit(clinic)
    field = desk.view.lot_list.product_field
    assert [field.editor.itemText(n) for n in range(field.editor.count())] == ["All products", "Botox", "Xeomin"]
    press(field.editor, Qt.Key.Key_Down)
    assert desk.numbers() == ["C1234"]


def test_the_keyboard_goes_from_the_search_through_the_list_to_the_lot(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1", days=50)
    clinic.receive("B2", days=60)
    desk = sit(clinic)
    view = desk.view
    view.focus_search()
    press(view.lot_list.search.editor, Qt.Key.Key_Down)
    assert view.lot_list.list.hasFocus()
    press(view.lot_list.list, Qt.Key.Key_Down)
    desk.settle()
    assert desk.shown_lot() == "B2"
    press(view.lot_list.list, Qt.Key.Key_Return)
    assert view.lot_page.more_button.hasFocus()
    view.lot_list.list.setFocus()
    press(view.lot_list.list, Qt.Key.Key_Up)
    press(view.lot_list.list, Qt.Key.Key_Up)
    assert view.lot_list.search.editor.hasFocus()


def test_a_click_shows_a_lot_with_its_facts(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    clinic.receive("A1", days=50)
    lot_id = clinic.receive("B2", days=12, vials=3, patient_id=ada)
    clinic.services.stock.hold(clinic.actor, lot_id, LotHold.QUARANTINED, "Refrigerator alarm")
    desk = sit(clinic)
    view = desk.view.lot_list.list
    place = desk.numbers().index("B2")
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(place, 0)).center()
    )
    desk.settle()
    facts = desk.view.lot_page.facts
    assert (facts.title.text(), facts.generic.text()) == ("Botox 100\u202fU", BOTOX)
    assert [fact.accessibleName() for fact in (facts.number, facts.expiry, facts.left)] == [
        "Lot: B2", "Expires: 16 Aug 2026 in 12 days", "Vials left: 3 of 3 received"
    ]  # fmt: skip
    assert facts.holds[LotHold.QUARANTINED].text() == "Quarantined: Refrigerator alarm"
    assert facts.owner_link.text() == "Ada Okafor"
    facts.owner_link.click()
    assert desk.patients == [ada]
    spoken = view.model().index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "Botox · onabotulinumtoxinA, 100\u202fU, lot B2, expires in 12 days, 3 vials left, "
        "supplied for Ada Okafor, Quarantined: Refrigerator alarm"
    )


def test_used_up_lots_are_shown_on_wish_after_all_others(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=1, days=10)
    clinic.receive("D9876", days=100)
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    assert desk.numbers() == ["D9876"]
    press(desk.view.lot_list.used_up_box.editor, Qt.Key.Key_Space)
    desk.settle()
    assert desk.numbers() == ["D9876", "C1234"]


def test_a_scan_in_the_search_finds_its_lot(clinic: Clinic, sit: Sit) -> None:
    clinic.services.stock.learn(clinic.actor, KNOWN, BOTOX, Decimal(100))
    clinic.receive("A1", days=5)
    clinic.receive("C1234", days=200)
    desk = sit(clinic)
    desk.scan(desk.view.lot_list.search.editor, f"(01){KNOWN}(17)270220(10)C1234(21)77")
    assert desk.shown_lot() == "C1234"
    assert desk.numbers() == ["A1", "C1234"]
    assert desk.view.lot_list.search.editor.selectedText()  # the next scan replaces it


def test_a_scan_finds_a_used_up_lot_as_well(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=1)
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    desk.scan(desk.view.lot_list.search.editor, f"(01){KNOWN}(17)270220(10)C1234(21)77")
    assert desk.shown_lot() == "C1234"
    assert desk.numbers() == ["C1234"]


def test_a_scanned_lot_that_is_not_in_stock_can_be_received_at_once(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1")
    desk = sit(clinic)
    desk.scan(desk.view.lot_list.search.editor, f"(01){KNOWN}(17)270220(10)C1234(21)77")
    assert desk.view.lot_list.problem.text() == "Lot C1234 is not in stock."
    desk.view.lot_list.offer_button.click()
    desk.settle()
    assert desk.view.pages.currentWidget() is desk.view.receive_panel
    form = desk.view.receive_panel.form
    assert (form.lot_field.value(), form.vials()) == ("C1234", 1)


def test_a_code_of_something_else_is_told_in_a_sentence(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1")
    desk = sit(clinic)
    desk.scan(desk.view.lot_list.search.editor, "(01)00300231145019(10)C1234")  # its check digit is wrong
    assert desk.view.lot_list.problem.text().endswith(".")
    assert desk.numbers() == ["A1"]
    desk.view.lot_list.search.editor.clear()
    desk.view.lot_list.search.editor.setText("a")
    press(desk.view.lot_list.search.editor, Qt.Key.Key_Return)
    assert desk.view.lot_list.problem.text() == ""


def test_an_empty_stock_teaches_to_receive(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    empty = desk.view.lot_list.empty
    assert empty.isVisible()
    assert empty.sentence() == "No vials in stock. Receive the first ones."
    assert desk.view.pages.currentWidget() is desk.view.start
    QTest.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    assert desk.view.pages.currentWidget() is desk.view.receive_panel


def test_the_ledger_tells_a_signed_visit_in_vials_and_units(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    clinic.receive("C1234", vials=4)
    clinic.sign(ada, "C1234")
    desk = sit(clinic)
    ledger = desk.view.lot_page.ledger.table
    rows = ledger.rows_model.rows()
    assert sum(row.units or Decimal(0) for row in rows) == 0
    assert (rows[-1].vials, rows[-1].left_after, rows[0].left_after) == (4, 4, 3)
    cells = [[str(ledger.rows_model.index(r, c).data() or "") for c in (1, 2, 3, 4, 8)] for r in range(len(rows))]
    assert cells == [
        ["Wasted", "", "3", "−20", "Ada Okafor"],
        ["Drawn", "", "3", "−80", "Ada Okafor"],
        ["Opened", "−1", "3", "+100", "Ada Okafor"],
        ["Received", "+4", "4", "", ""],
    ]
    assert ledger.rows_model.index(3, 0).data() == "4 Aug 2026, 09:00"
    ledger.select(rows[0])
    press(ledger, Qt.Key.Key_Return)
    assert desk.patients == [ada]


def test_who_got_a_lot_is_one_tab_away_and_can_be_printed_copied_and_saved(clinic: Clinic, sit: Sit) -> None:
    ada = clinic.patient()
    clinic.receive("C1234")
    clinic.sign(ada, "C1234")
    desk = sit(clinic)
    page = desk.view.lot_page
    assert page.tabs.tabText(PATIENTS) == "Patients (1)"
    press(page.tabs, Qt.Key.Key_Right)
    table = page.recipients.table
    assert table.isVisible()
    (row,) = table.rows_model.rows()
    assert (row.name, row.units, row.wasted) == ("Ada Okafor", Decimal(80), Decimal(20))
    desk.settle()
    place = table.visualRect(table.rows_model.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.patients == [ada]
    page.recipients.copy_button.click()
    title, line = QGuiApplication.clipboard().text().splitlines()
    assert title.split("\t")[:2] == ["Patient", "Birth date"]
    assert line.split("\t")[0] == "Ada Okafor"
    desk.view.print_paper()
    page.recipients.letter_button.click()
    letter = page.recipients.letter_form
    press(letter.reason_field.editor, Qt.Key.Key_Return, CTRL)
    assert letter.reason_field.error() == "Write in plain words what the patients are told."
    assert len(desk.papers) == 1
    type_text(letter.reason_field.editor, "The maker recalls this lot.")
    press(letter.reason_field.editor, Qt.Key.Key_Return, CTRL)
    assert letter.isHidden()
    assert [gather().render()[:4] for gather in desk.papers] == [b"%PDF", b"%PDF"]


def test_the_letter_begins_with_the_reason_of_the_recall(clinic: Clinic, sit: Sit) -> None:
    lot_id = clinic.receive("C1234")
    clinic.sign(clinic.patient(), "C1234")
    clinic.services.stock.hold(clinic.actor, lot_id, LotHold.RECALLED, "The maker's notice of 3 August")
    desk = sit(clinic)
    desk.view.lot_page.recipients.begin_letters()
    assert desk.view.lot_page.recipients.letter_form.reason_field.value() == "The maker's notice of 3 August"


def test_whoever_writes_to_patients_of_two_languages_is_told(clinic: Clinic, sit: Sit) -> None:
    first, second = clinic.receive("C1234", days=10), clinic.receive("D9876", days=20)
    clinic.sign(clinic.patient(language="English"), "C1234")
    clinic.sign(clinic.patient("Ana", "Costa", language="español"), "C1234")
    clinic.sign(clinic.patient("Ben", "Weiss", language="English"), "D9876")
    desk = sit(clinic)
    desk.view.lot_page.tabs.setCurrentIndex(PATIENTS)
    letter = desk.view.lot_page.recipients.letter_form
    for lot_id, said in ((first, "English 1, Español 1"), (second, "")):
        desk.view.show_lot(lot_id)
        desk.settle()
        assert said in letter.reason_field.hint()
        assert bool(said) == bool(letter.reason_field.hint())


def test_what_is_typed_for_a_letter_stays_with_its_lot(clinic: Clinic, sit: Sit) -> None:
    first, second = clinic.receive("C1234", days=10), clinic.receive("D9876", days=20)
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    desk.view.lot_page.tabs.setCurrentIndex(PATIENTS)
    letter = desk.view.lot_page.recipients.letter_form
    desk.view.lot_page.recipients.begin_letters()
    type_text(letter.reason_field.editor, "The maker asks for the vials.")
    desk.view.show_lot(second)
    desk.settle()
    assert letter.isHidden()
    assert letter.reason_field.value() == ""
    desk.view.show_lot(first)
    desk.settle()
    assert letter.reason_field.value() == "The maker asks for the vials."


def test_who_died_or_moved_away_is_marked_before_anybody_calls(clinic: Clinic, sit: Sit) -> None:
    ada, ben = clinic.patient(), clinic.patient("Ben", "Weiss")
    clinic.receive("C1234")
    for patient_id in (ada, ben):
        clinic.sign(patient_id, "C1234")
    for patient_id, change in (
        (ada, {"status": PatientStatus.DIED, "died_on": TODAY}),
        (ben, {"status": PatientStatus.MOVED_AWAY}),
    ):
        details = clinic.services.patients.details(clinic.actor, patient_id)
        form = replace(details.form, **change)
        clinic.services.patients.save(clinic.actor, patient_id, details.version, form)
    desk = sit(clinic)
    desk.view.lot_page.tabs.setCurrentIndex(PATIENTS)
    model = desk.view.lot_page.recipients.table.rows_model
    names = {str(model.index(row, 0).data()) for row in range(model.rowCount())}
    assert names == {"Ada Okafor (died)", "Ben Weiss (moved away)"}


def test_csv_files_are_written_where_the_person_says(clinic: Clinic, sit: Sit, tmp_path: Path) -> None:
    clinic.receive("C/1234")
    clinic.sign(clinic.patient("Zoë"), "C/1234")
    desk = sit(clinic)
    page = desk.view.lot_page
    dialogs: list[QFileDialog] = []
    page.csv.asked.connect(dialogs.append)
    for button, name in ((page.ledger.csv_button, "ledger"), (page.recipients.csv_button, "patients")):
        button.click()
        desk.settle()
        dialog = dialogs.pop()
        assert dialog.selectedFiles()[0].endswith(f"lot-C-1234-{name}.csv")
        dialog.fileSelected.emit(str(tmp_path / f"{name}.csv"))
        dialog.reject()
        desk.settle()
        assert desk.messages[-1][0] == "The CSV file is saved."
        assert "Zoë Okafor" in (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig")
    page.ledger.csv_button.click()
    desk.settle()
    dialogs[-1].fileSelected.emit(str(tmp_path / "nowhere" / "ledger.csv"))
    dialogs[-1].reject()
    desk.settle()
    assert (
        desk.messages[-1][0]
        == f"The folder {tmp_path / 'nowhere'} cannot be used. Choose another one, or check who may write to it."
    )


def test_a_change_elsewhere_is_seen_without_losing_selection_or_typing(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1", days=50)
    clinic.receive("B2", days=60)
    desk = sit(clinic)
    view = desk.view
    view.show_lot(clinic.lot("B2").lot_id)
    desk.settle()
    view.lot_page.tabs.setCurrentIndex(PATIENTS)
    view.edit_item()
    type_text(view.lot_page.form.reason_field.editor, "Counted twi")
    type_text(view.lot_list.search.editor, "bot")
    clinic.receive("B2", days=60, vials=5)
    clinic.receive("C3", days=20)
    clinic.sign(clinic.patient(), "B2")
    desk.settle()
    assert desk.shown_lot() == "B2"
    assert view.lot_page.facts.left.accessibleName() == "Vials left: 14 of 15 received"
    assert view.lot_list.list.currentIndex().row() == desk.numbers().index("B2") == 2
    assert (view.lot_page.form.reason_field.value(), view.lot_list.search.text()) == ("Counted twi", "bot")
    assert view.lot_page.tabs.currentIndex() == PATIENTS
    assert view.lot_page.tabs.tabText(PATIENTS) == "Patients (1)"


def test_what_changed_while_another_view_was_in_front_is_there_on_coming_back(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1", days=50)
    desk = sit(clinic)
    desk.view.hide()
    clinic.receive("B2", days=20)
    desk.settle()
    assert desk.numbers() == ["A1"]
    desk.view.show()
    desk.settle()
    assert desk.numbers() == ["B2", "A1"]
    assert desk.shown_lot() == "A1"


def test_the_place_in_a_long_list_stays_when_something_changes(clinic: Clinic, sit: Sit) -> None:
    for number in range(40):
        clinic.receive(f"L{number:03}", days=10 + number, vials=1)
    desk = sit(clinic)
    bar = desk.view.lot_list.list.verticalScrollBar()
    bar.setValue(700)
    clinic.receive("L039", days=49, vials=1)
    desk.settle()
    assert bar.value() == 700


class CountingDelegate(LotDelegate):
    """Paints as in the window and keeps which rows it was asked for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: set[int] = set()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.rows.add(index.row())
        super().paint(painter, option, index)


def test_twenty_thousand_lots_cost_the_window_only_what_is_on_screen(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    rows = tuple(
        LotRow(n, BOTOX, f"L{n:05}", Decimal(100), TODAY + timedelta(days=n % 900), 10, 1 + n % 9)
        for n in range(20_000)
    )
    lots = desk.view.lot_list
    delegate = CountingDelegate(lots.list)
    lots.list.setItemDelegate(delegate)
    widgets = len(lots.findChildren(QWidget))
    lots.show_shelf(Shelf(shelved(rows, Products.of(desk.workplace)), (), ()), TODAY)
    lots.grab()
    assert len(lots.lots()) == 20_000
    assert 5 < len(delegate.rows) < 30
    assert len(lots.findChildren(QWidget)) == widgets
    type_text(lots.search.editor, "L19999")
    press(lots.search.editor, Qt.Key.Key_Return)
    assert desk.numbers() == ["L19999"]


def test_what_is_refused_stands_as_a_sentence_and_nothing_waits_for_ever(
    open_clinic: Callable[[str], Clinic], sit: Sit
) -> None:
    desk = sit(open_clinic("rosa"))  # the window would not even offer her the view
    assert desk.view.lot_list.problem.text() == "Only a nurse, physician or the manager can change the stock."
    desk.view.prepare(TODAY)
    desk.settle()
    assert desk.view.prepare_page.problem.text() == "Only a nurse, physician or the manager can change the stock."
    assert not any(skeleton.waiting() for skeleton in desk.view.findChildren(Skeleton))


def test_a_scan_finds_its_lot_wherever_the_cursor_stands(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1", days=5)
    clinic.receive("C1234", days=200)
    desk = sit(clinic)
    page, lots = desk.view.lot_page, desk.view.lot_list
    scan = f"(01){KNOWN}(17)270220(10)C1234(21)77"
    for place in (page.ledger.table, page.more_button, lots.list):
        desk.view.show_lot(clinic.lot("A1").lot_id)
        desk.settle()
        place.setFocus()
        desk.scan(place, scan)
        assert desk.shown_lot() == "C1234"
        assert lots.search.text() == scan
    desk.view.prepare(TODAY)
    desk.settle()
    desk.view.prepare_page.table.setFocus()
    desk.scan(desk.view.prepare_page.table, scan)
    assert desk.view.pages.currentWidget() is page
    assert desk.shown_lot() == "C1234"


def test_a_found_lot_is_in_the_list_whatever_was_filtered_before(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    clinic.receive("D9876", product="incobotulinumtoxinA", days=100)
    desk = sit(clinic)
    lots = desk.view.lot_list
    press(lots.product_field.editor, Qt.Key.Key_Down)
    press(lots.product_field.editor, Qt.Key.Key_Down)
    assert desk.numbers() == ["D9876"]
    assert lots.caption.text() == "1 of 2 lots · 10 vials"
    desk.scan(lots.search.editor, f"(01){KNOWN}(17)270220(10)C1234(21)77")
    assert desk.numbers() == ["D9876", "C1234"]
    assert lots.list.currentIndex().row() == 1


def test_the_filter_of_the_list_is_remembered(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=1, days=10)
    clinic.receive("C5678", days=50)
    clinic.receive("D9876", product="incobotulinumtoxinA", days=5)
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    press(desk.view.lot_list.product_field.editor, Qt.Key.Key_Down)
    press(desk.view.lot_list.used_up_box.editor, Qt.Key.Key_Space)
    desk.settle()
    assert desk.numbers() == ["C5678", "C1234"]
    again = sit(clinic)
    assert again.numbers() == ["C5678", "C1234"]
    assert again.view.lot_list.product_field.editor.currentText() == "Botox"
    assert again.shown_lot() == "C5678"


def test_a_search_without_a_hit_leads_to_the_lots_that_are_used_up(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=1)
    clinic.receive("D9876")
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    lots = desk.view.lot_list
    type_text(lots.search.editor, "c1234")
    press(lots.search.editor, Qt.Key.Key_Return)
    assert lots.empty.button.text() == "Show used-up lots"
    QTest.mouseClick(lots.empty.button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.numbers() == ["C1234"]
    assert lots.search.editor.hasFocus()
    lots.search.editor.setText("nothing like it")
    press(lots.search.editor, Qt.Key.Key_Return)
    assert lots.empty.sentence() == "No lot fits. Try a part of its number."
    assert lots.empty.button.isHidden()


def test_an_empty_clinic_is_taught_on_the_page_too(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    assert desk.view.start.sentence().endswith("Scan a package to begin.")
    search = desk.view.lot_list.search.editor
    assert search.hasFocus()
    desk.scan(search, f"(01){KNOWN}(17)270220(10)C1234(21)77")
    press(desk.view.lot_list.offer_button, Qt.Key.Key_Space)
    desk.settle()
    assert desk.view.receive_panel.save_button.text() == "Receive 1 vial"
    desk.view.save_item()
    desk.settle()
    desk.view.go_back()
    assert desk.shown_lot() == "C1234"


def test_from_a_recalled_lot_two_clicks_lead_to_the_letters(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("A1", days=10)
    recalled = clinic.receive("C1234", days=20)
    clinic.sign(clinic.patient(), "C1234")
    clinic.services.stock.hold(clinic.actor, recalled, LotHold.RECALLED, "The maker's notice of 3 August")
    desk = sit(clinic)
    page, view = desk.view.lot_page, desk.view.lot_list.list
    spot = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    desk.settle()
    assert page.tabs.currentIndex() == PATIENTS
    QTest.mouseClick(page.recipients.letter_button, Qt.MouseButton.LeftButton)
    letter = page.recipients.letter_form
    assert letter.reason_field.value() == "The maker's notice of 3 August"
    press(letter.reason_field.editor, Qt.Key.Key_Return, CTRL)
    assert desk.papers[0]().render()[:4] == b"%PDF"
    press(view, Qt.Key.Key_Up)
    desk.settle()
    assert (desk.shown_lot(), page.tabs.currentIndex()) == ("A1", LEDGER)


def test_the_whole_ledger_is_copied_as_it_is_shown(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234", vials=4)
    clinic.sign(clinic.patient(), "C1234")
    desk = sit(clinic)
    ledger = desk.view.lot_page.ledger
    ledger.copy_button.click()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0] == ["When", "What", "Vials", "Left", "Units", "Who", "Witness", "Reason", "Patient"]
    assert [line[1] for line in lines[1:]] == ["Wasted", "Drawn", "Opened", "Received"]
    assert lines[4][2:6] == ["+4", "4", "", "Dr Ruth Abara"]
    assert desk.messages[-1] == ("4 rows are on the clipboard for a minute.", None)


def test_ctrl_c_copies_the_number_of_the_lot(clinic: Clinic, sit: Sit) -> None:
    clinic.receive("C1234")
    desk = sit(clinic)
    desk.view.lot_list.enter_list()
    press(desk.view.lot_list.list, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "C1234"
