"""What each column holds, and how days and numbers are written."""

from PySide6.QtWidgets import QComboBox

from clinic_app.exchange.typed_values import DateOrder
from tests.ui.importing.conftest import INJECTIONS, PATIENTS, ImportDesk


def pick(desk: ImportDesk, header: str, title: str) -> None:
    """Choose in a column's box as a person does."""
    box: QComboBox = desk.wizard.columns.lines[header].box
    box.setCurrentIndex(box.findText(title))
    box.activated.emit(box.currentIndex())
    desk.settle()


def fields(desk: ImportDesk) -> dict[str, str]:
    return {header: line.field() for header, line in desk.wizard.columns.lines.items()}


def test_columns_are_matched_by_their_names_with_examples_beside_them(desk: ImportDesk) -> None:
    rows = [(f"P{n}", "Nunez", "Ines", "1970-02-28", "f", "", 38) for n in range(5)]
    desk.open(desk.csv(PATIENTS, *rows))
    desk.go_on()
    assert fields(desk) == {
        "Record No": "record_number",
        "Last name": "family_name",
        "First name": "given_name",
        "DOB": "birth_date",
        "Sex": "sex",
        "Phone": "phone",
        "Shoe size": "",
    }
    assert desk.wizard.columns.lines["Record No"].examples.accessibleName() == "P0 · P1 · P2"
    assert desk.focus() is desk.wizard.columns.lines["Shoe size"].box


def test_a_field_comes_from_one_column_only_and_nothing_is_lost_going_back(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, ("P1", "Nunez", "Ines", "1970-02-28", "f", "", 38)))
    desk.go_on()
    pick(desk, "Shoe size", "Note")
    pick(desk, "Phone", "Record number")
    assert (fields(desk)["Phone"], fields(desk)["Record No"]) == ("record_number", "")
    before = fields(desk)
    desk.wizard.back.click()
    assert desk.step() == "File"
    desk.go_on()
    assert fields(desk) == before
    assert desk.wizard.unsaved().startswith("The import of old.csv is not finished.")


def test_what_is_needed_and_missing_is_said_there_and_keeps_the_person_there(desk: ImportDesk) -> None:
    header = tuple("Stuff" if name == "Units" else name for name in INJECTIONS)
    desk.open(desk.csv(header, ("A1", "2020-01-31", "SCM", "L", 40, "Botox", "C1")))
    desk.go_on()
    step = desk.wizard.columns
    assert step.missing.text() == "Previous injections need units. Choose the column that holds it below."
    desk.go_on()
    assert desk.step() == step.title
    pick(desk, "Stuff", "Units")
    assert step.missing.text() == ""
    desk.go_on()
    assert desk.step() != step.title


def test_rows_that_do_not_say_whose_they_are(desk: ImportDesk) -> None:
    desk.open(desk.csv(("Last name", "Phone"), ("Nunez", "555 0100")))
    desk.go_on()
    assert desk.wizard.columns.missing.text().startswith("No column says whose the rows are.")


def test_the_order_of_days_is_asked_with_a_day_of_the_file_and_kept(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, ("P1", "Nunez", "Ines", "03/04/1971", "f", "", "")))
    desk.go_on()
    orders = desk.wizard.columns.orders
    assert orders.isVisible()
    assert [button.text() for button in orders.buttons.values()] == [
        "Day, month, year: 03/04/1971 is 3 April 1971",
        "Month, day, year: 03/04/1971 is 4 March 1971",
    ]
    assert desk.focus() is orders.buttons["dmy"]
    desk.go_on()
    assert desk.step() == "Columns"
    assert orders._error.isVisible()
    orders.buttons["mdy"].click()
    desk.settle()
    assert not orders._error.isVisible()
    assert desk.wizard.work.choices.date_order is DateOrder.MDY
    desk.go_on()
    assert desk.step() == "Rows"
    desk.wizard.step_list.buttons[1].click()
    assert orders.buttons["mdy"].isChecked()


def test_days_that_contradict_each_other_are_asked_about_as_well(desk: ImportDesk) -> None:
    rows = [("P1", "Nunez", "Ines", "13/02/1971", "f", "", ""), ("P2", "Roe", "Tim", "02/13/1971", "m", "", "")]
    desk.open(desk.csv(PATIENTS, *rows))
    desk.go_on()
    assert list(desk.wizard.columns.orders.buttons) == ["dmy", "mdy", "ymd"]


def test_the_decimal_sign_is_asked_where_it_matters(desk: ImportDesk) -> None:
    desk.open(desk.csv(INJECTIONS, ("A1", "2020-01-31", "SCM", "L", "1.250", "Dysport", "C1")))
    desk.go_on()
    styles = desk.wizard.columns.styles
    assert styles.isVisible()
    styles.buttons["point"].click()
    desk.settle()
    desk.go_on()
    assert desk.step() != "Columns"
