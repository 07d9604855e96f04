"""Prepare: the vials and patients of a day."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import Qt

from clinic_app.services.patient_data import AuthorizationForm
from clinic_app.ui.nav_rail import WIDTH
from clinic_app.ui.stock.frame import PREPARE
from clinic_app.ui.theme import SMALLEST
from tests.ui.clinic import BOTOX, TODAY, Clinic
from tests.ui.keyboard import press, type_text
from tests.ui.stock.conftest import Sit

TREATED_ON = date(2026, 5, 5)


def treated(clinic: Clinic, given: str = "Ada", family: str = "Okafor") -> int:
    """A patient with a signed visit thirteen weeks ago: 80 units of Botox."""
    patient_id = clinic.patient(given, family)
    now = clinic.clock.moment
    clinic.clock.moment = datetime(2026, 5, 5, 10, 0, tzinfo=now.tzinfo)
    if not any(row.number == "OLD" for row in clinic.services.stock.lots(clinic.actor, all=True)):
        clinic.receive("OLD", vials=2, days=-60)
    clinic.sign(patient_id, "OLD", on=TREATED_ON)
    clinic.clock.moment = now
    return patient_id


def test_a_day_lists_patients_and_the_vials_to_fetch(clinic: Clinic, sit: Sit) -> None:
    ada, ben = treated(clinic), treated(clinic, "Ben", "Weiss")
    clinic.receive("C1234", vials=5, days=30)
    clinic.book(ben, datetime(2026, 8, 4, 11, 0), kind="Injection")
    clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.segments.press(PREPARE)
    desk.settle()
    page = desk.view.prepare_page
    rows = page.table.rows_model.rows()
    assert [(row.name, row.units) for row in rows] == [("Ada Okafor", Decimal(80)), ("Ben Weiss", Decimal(80))]
    cells = [str(page.table.rows_model.index(0, column).data() or "") for column in (0, 4, 5, 6, 7, 8)]
    assert cells == ["10:00", "Botox", "80", "1 × 100\u202fU, C1234", "20", ""]
    (card,) = desk.view.fetch_list.cards
    assert card.heading.text() == "Botox"
    assert card.wasted.text() == "40\u202fU would be wasted"
    assert card.short.text() == ""
    assert (page.title.text(), page.summary.text()) == ("Tue 4 Aug 2026", "2 patients")
    page.table.select(rows[1])
    press(page.table, Qt.Key.Key_Return)
    assert desk.patients == [ben]
    desk.view.print_paper()
    assert desk.papers[0]().render()[:4] == b"%PDF"


def test_what_is_short_is_marked_in_words(clinic: Clinic, sit: Sit) -> None:
    ada = treated(clinic)
    clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.prepare(TODAY)
    desk.settle()
    page = desk.view.prepare_page
    assert page.table.rows_model.index(0, 8).data() == "80\u202fU short"
    assert page.table.rows_model.index(0, 8).data(Qt.ItemDataRole.DecorationRole) is not None
    assert (page.summary.text(), page.short.text()) == ("1 patient", "Botox: 80\u202fU short")
    assert page.short.isVisible()
    assert page.uncovered.isHidden()
    (card,) = desk.view.fetch_list.cards
    assert card.short.text() == "80\u202fU short. Receive more before the day."


def test_a_patient_without_a_pattern_is_listed_as_such(clinic: Clinic, sit: Sit) -> None:
    clinic.book(clinic.patient(), datetime(2026, 8, 4, 10, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.prepare(TODAY)
    desk.settle()
    cell = desk.view.prepare_page.table.rows_model.index(0, 8)
    assert cell.data() == "No pattern yet"
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    assert desk.view.fetch_list.cards == []
    assert desk.view.fetch_list.nothing.text() == "No pattern says what to fetch."


def test_the_day_before_and_after_and_any_day_are_near(clinic: Clinic, sit: Sit) -> None:
    clinic.book(clinic.patient(), datetime(2026, 8, 6, 10, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.prepare(TODAY)
    desk.settle()
    page, days = desk.view.prepare_page, desk.view.fetch_list
    assert page.table.empty.isVisible()
    assert page.table.empty.sentence() == (
        "Nobody is booked for an injection on Tue 4 Aug 2026. Choose another day at the left."
    )
    assert not page.print_button.isEnabled()
    days.after.click()
    days.after.click()
    desk.settle()
    assert (page.title.text(), page.table.rows_model.rowCount()) == ("Thu 6 Aug 2026", 1)
    days.before.click()
    desk.settle()
    assert page.title.text() == "Wed 5 Aug 2026"
    days.today.click()
    desk.settle()
    assert page.title.text() == "Tue 4 Aug 2026"
    days.day_field.editor.clear()
    type_text(days.day_field.editor, "+2")
    press(days.day_field.editor, Qt.Key.Key_Return)
    desk.settle()
    assert page.title.text() == "Thu 6 Aug 2026"
    days.day_field.editor.setText("someday")
    press(days.day_field.editor, Qt.Key.Key_Return)
    assert days.day_field.error().startswith("Write a date")
    desk.view.go_back()
    assert desk.view.sides.currentWidget() is desk.view.lot_list


def test_a_booking_made_elsewhere_appears_and_the_selection_stays(clinic: Clinic, sit: Sit) -> None:
    ada, ben = clinic.patient(), clinic.patient("Ben", "Weiss")
    clinic.book(ada, datetime(2026, 8, 4, 10, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.prepare(TODAY)
    desk.settle()
    table = desk.view.prepare_page.table
    table.select(table.rows_model.row_at(0))
    clinic.book(ben, datetime(2026, 8, 4, 9, 15), kind="Injection")
    desk.settle()
    assert [row.name for row in table.rows_model.rows()] == ["Ben Weiss", "Ada Okafor"]
    chosen = table.selected()
    assert chosen is not None
    assert chosen.name == "Ada Okafor"


def test_whose_authorization_lapses_stands_by_the_day_on_the_card_and_whole_in_the_row(
    clinic: Clinic, sit: Sit
) -> None:
    ada, ben = treated(clinic), treated(clinic, "Ben", "Weiss")
    clinic.receive("C1234", vials=5, days=30)
    details = clinic.services.patients.details(clinic.actor, ada)
    lapsed = AuthorizationForm("A1", BOTOX, Decimal(400), 4, date(2026, 1, 1), date(2026, 7, 31))
    form = replace(details.form, authorizations=(lapsed,))
    clinic.services.patients.save(clinic.actor, ada, details.version, form)
    clinic.book(ben, datetime(2026, 8, 4, 10, 0), kind="Injection")
    clinic.book(ada, datetime(2026, 8, 4, 11, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.resize(SMALLEST.width() - WIDTH, 620)
    desk.view.prepare(TODAY)
    desk.settle()
    page = desk.view.prepare_page
    assert page.short.isHidden()
    assert page.uncovered.isVisible()
    assert page.uncovered.text() == "1 authorization does not cover the visit"
    (card,) = desk.view.fetch_list.cards
    assert card.uncovered.text() == "Ada Okafor: authorization ends 31 Jul 2026"
    cell = page.table.rows_model.index(1, 8)
    assert cell.data() == "Authorization ends 31 Jul 2026"
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    assert page.table.columnWidth(8) >= page.table.sizeHintForIndex(cell).width()
    assert not page.table.horizontalScrollBar().isVisible()


def test_a_product_that_is_short_comes_before_those_that_suffice(clinic: Clinic, sit: Sit) -> None:
    ada = treated(clinic)
    clinic.receive("OLDX", product="incobotulinumtoxinA", vials=5, days=300)
    ben = clinic.patient("Ben", "Weiss")
    clinic.sign(ben, "OLDX")
    clinic.book(ada, datetime(2026, 11, 3, 10, 0), kind="Injection")
    clinic.book(ben, datetime(2026, 11, 3, 11, 0), kind="Injection")
    desk = sit(clinic)
    desk.view.prepare(date(2026, 11, 3))
    desk.settle()
    short = [(card.heading.text(), bool(card.short.text())) for card in desk.view.fetch_list.cards]
    assert short == [("Botox", True), ("Xeomin", False)]
