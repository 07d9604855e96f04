"""Every row with its verdict, who is on record already, what must be confirmed, and the rows that stay out."""

import csv
from datetime import time
from io import StringIO
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from clinic_app.services.importing.choices import Decision
from clinic_app.ui.importing.wording import Group
from clinic_app.ui.widgets.many_rows import ManyRows
from clinic_app.ui.widgets.tables import Column
from tests.ui.importing.conftest import INJECTIONS, PATIENTS, ImportDesk
from tests.ui.keyboard import CTRL, press

NEW = ("P1", "Nunez", "Ines", "1970-02-28", "f", "", "")
LIKE_ADA = ("", "Okafor", "Adele", "1961-03-12", "f", "555 0100", "")
AS_JOAN = ("A2", "Hale", "Joan", "1950-06-01", "f", "", "")
NAMELESS = ("P9", "", "Nobody", "1950-06-01", "f", "", "")


def begin(desk: ImportDesk, *rows: tuple[object, ...]) -> None:
    desk.open(desk.csv(PATIENTS, *rows))
    desk.go_on(2)
    assert desk.step() == "Rows"


def begin_injections(desk: ImportDesk, *rows: tuple[object, ...]) -> None:
    desk.open(desk.csv((*INJECTIONS, "Indication"), *((*row, "cervical dystonia") for row in rows)))
    desk.go_on(2)
    assert desk.step() == "Rows"


def counts(desk: ImportDesk) -> list[str]:
    return [button.text() for button in desk.wizard.rows.segments.by_group.values()]


def shown(desk: ImportDesk) -> list[int]:
    return [row.number for row in desk.wizard.rows.table.rows_model.rows()]


def choose(desk: ImportDesk, number: int) -> None:
    rows = desk.wizard.rows
    assert rows.table.select(next(row for row in rows.table.rows_model.rows() if row.number == number))


def test_rows_are_counted_by_what_becomes_of_them_and_listed_by_it(desk: ImportDesk) -> None:
    begin(desk, NEW, LIKE_ADA, AS_JOAN, NAMELESS)
    assert counts(desk) == ["All 4", "Comes in 1", "Joins a patient 0", "On record? 2", "To confirm 0", "Refused 1"]
    assert shown(desk) == [3, 4], "the rows that somebody must decide about come first"
    assert desk.focus() is desk.wizard.rows.table
    segments = desk.wizard.rows.segments.by_group
    segments[Group.REFUSED].click()
    assert shown(desk) == [5]
    assert desk.wizard.rows.panel.heading.text() == "Row 5"
    assert not segments[Group.CONFIRM].isEnabled()
    segments[Group.ALL].click()
    assert shown(desk) == [2, 3, 4, 5]
    desk.wizard.rows.table.set_filter("nunez")
    assert shown(desk) == [2]
    assert desk.wizard.next.text() == "Bring in 1 row"
    assert desk.wizard.rows.summary.text() == "3 rows stay out."


def test_a_row_that_looks_like_somebody_is_compared_and_decided(desk: ImportDesk) -> None:
    begin(desk, NEW, LIKE_ADA)
    panel = desk.wizard.rows.panel
    assert panel.heading.text() == "Row 3"
    assert panel.pill.text() == "On record?"
    assert panel.compared.different == ["Given name"]
    assert panel.decision.isVisible()
    assert panel.decision.buttons[None].isChecked()
    assert dict(panel.values.facts())["Birth date"] == "12 Mar 1961"
    panel.decision.buttons[Decision.SAME].click()
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 1 row"
    assert panel.pill.text() == "On record already"
    assert panel.decision.buttons[Decision.SAME].isChecked()
    panel.decision.buttons[Decision.ANOTHER].setFocus()
    panel.decision.buttons[Decision.ANOTHER].click()
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 2 rows"
    assert desk.focus() is panel.decision.buttons[Decision.ANOTHER]
    panel.decision.buttons[None].click()
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 1 row"


def test_a_row_that_was_decided_makes_room_for_the_next(desk: ImportDesk) -> None:
    begin(desk, LIKE_ADA, ("", "Okafor", "Ad", "1961-03-12", "f", "", ""))
    panel = desk.wizard.rows.panel
    panel.decision.buttons[Decision.ANOTHER].setFocus()
    panel.decision.buttons[Decision.ANOTHER].click()
    desk.settle()
    assert shown(desk) == [3]
    assert panel.heading.text() == "Row 3"
    assert desk.focus() is desk.wizard.rows.table, "its buttons went with it"


def test_a_name_in_one_column_is_compared_by_its_parts(desk: ImportDesk) -> None:
    desk.open(desk.csv(("Name", "DOB"), ("Okafor, Ada", "1961-03-12")))
    desk.go_on(2)
    panel = desk.wizard.rows.panel
    assert panel.compared.isVisible()
    assert panel.compared.different == []


def test_units_like_another_products_are_confirmed_one_by_one_or_all_once_they_were_listed(desk: ImportDesk) -> None:
    high = [("A1", f"2020-0{month}-28", "splen. cap", "L", 600, "Botox", "C1") for month in (1, 4, 7)]
    begin_injections(desk, *high, ("A2", "2020-01-28", "SCM", "L", 40, "Botox", "C1"))
    rows, panel = desk.wizard.rows, desk.wizard.rows.panel
    assert desk.wizard.next.text() == "Bring in 1 row"
    assert shown(desk) == [2, 3, 4], "what must be confirmed comes first"
    assert panel.confirm.text() == "These units are right"
    panel.confirm.click()
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 2 rows"
    rows.segments.by_group[Group.ALL].click()
    choose(desk, 4)
    assert panel.confirm_all.text() == "Read all 2 like this"
    panel.confirm_all.click()
    assert shown(desk) == [3, 4]
    assert panel.confirm_all.text() == "All 2 like this are right"
    panel.confirm_all.click()
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 4 rows"
    choose(desk, 2)
    assert not panel.confirm.isVisible()


def test_a_muscle_that_was_injected_twice_is_confirmed_in_its_own_words(desk: ImportDesk) -> None:
    row = ("A1", "2020-01-28", "SCM", "L", 40, "Botox", "C1")
    begin_injections(desk, row, row)
    assert desk.wizard.rows.panel.confirm.text() == "It was injected twice"


def test_who_has_no_account_is_said_before_one_is_made(desk: ImportDesk) -> None:
    header = (*INJECTIONS, "Indication", "Injected by")
    row = ("A1", "2020-01-28", "SCM", "L", 40, "Botox", "C1", "cervical dystonia")
    desk.open(desk.csv(header, (*row, "Dr Old"), ("A2", *row[1:], "")))
    desk.go_on(2)
    said = desk.wizard.rows.summary.text()
    assert said == (
        "Every row comes in. Not known here yet: Dr Old. Visits name them; they cannot open the program. "
        "Where nobody is named, the injector is “Not known”."
    )
    assert not desk.wizard.rows.save_button.isEnabled()


def test_appointments_that_clash_come_in_where_somebody_says_why(desk: ImportDesk) -> None:
    header = ("MRN", "Date", "Time", "Minutes", "Injector", "Type", "Status")
    services, mei = desk.clinic.services, desk.clinic.injector("Dr Mei Chen")
    services.working_times.set_hours(desk.clinic.actor, mei, dict.fromkeys(range(5), ((time(8), time(18)),)))
    at = ("2026-09-01", "10:00", "30", "Dr Mei Chen", "Review", "booked")
    desk.open(desk.csv(header, ("A1", *at), ("A2", *at)))
    desk.go_on(2)
    assert desk.step() == "Rows"
    rows = desk.wizard.rows
    assert desk.wizard.next.text() == "Bring in 1 row"
    assert rows.clash.hint() == "1 appointment stays out that would clash with others."
    rows.clash.editor.setText("Two of a family, treated together")
    press(rows.clash.editor, Qt.Key.Key_Return)
    desk.settle()
    assert desk.wizard.next.text() == "Bring in 2 rows"
    assert rows.clash.isVisible()
    desk.go_on()
    assert desk.step() == "Done"


def test_nothing_is_written_before_somebody_saw_how_many_rows_it_is(desk: ImportDesk) -> None:
    begin(desk, NEW)
    desk.wizard.work.choose(columns={"Phone": ""})
    desk.wizard.next.click()
    desk.settle()
    assert desk.step() == "Rows"
    assert desk.records() == {"A1", "A2"}


def test_nothing_to_bring_in_cannot_be_brought_in(desk: ImportDesk) -> None:
    begin(desk, NAMELESS)
    assert desk.wizard.next.text() == "Bring in 0 rows"
    assert not desk.wizard.next.isEnabled()


def test_the_refused_rows_are_saved_with_their_reasons(desk: ImportDesk, tmp_path: Path) -> None:
    begin(desk, NEW, NAMELESS)
    dialogs: list[QFileDialog] = []
    desk.wizard.saving.asked.connect(dialogs.append)
    desk.wizard.rows.save_button.click()
    desk.settle()
    (dialog,) = dialogs
    dialog.fileSelected.emit(str(tmp_path / "refused.csv"))
    desk.settle()
    header, row = csv.reader(StringIO((tmp_path / "refused.csv").read_text("utf-8-sig")))
    assert header == [*PATIENTS, "Reason"]
    assert row[:3] == ["P9", "", "Nobody"]
    assert row[-1].startswith("Last name: ")
    assert desk.messages[-1][0] == "The CSV file is saved."


def test_another_file_begins_with_its_own_rows(desk: ImportDesk) -> None:
    begin(desk, NEW, LIKE_ADA, AS_JOAN)
    choose(desk, 4)
    desk.wizard.rows.filter.set_text("joan")
    begin(desk, ("P1", "Nunez", "Ines", "1970-02-28", "f", "", ""), ("P2", "Roe", "Tim", "1970-02-28", "m", "", ""))
    assert shown(desk) == [2, 3]
    assert desk.wizard.rows.panel.heading.text() == "Row 2"
    assert desk.wizard.rows.filter.text() == ""


def test_the_list_is_walked_with_the_keys(desk: ImportDesk) -> None:
    begin(desk, NEW, ("P2", "Roe", "Tim", "1970-02-28", "m", "", ""))
    desk.key(Qt.Key.Key_Down)
    assert desk.wizard.rows.panel.heading.text() == "Row 3"
    press(desk.wizard.rows.filter.editor, Qt.Key.Key_Down)
    assert desk.focus() is desk.wizard.rows.table
    press(desk.wizard.rows.table, Qt.Key.Key_C, CTRL)


def test_only_the_rows_on_screen_are_prepared() -> None:
    """Many thousand rows come at once: what each says is asked when it is looked at."""
    asked: list[int] = []

    def text(row: int) -> str:
        asked.append(row)
        return f"row {row}"

    rows = ManyRows((Column("Row", text), Column("Twice", lambda row: str(2 * row))))
    rows.set_rows(range(20_000))
    assert asked == []
    assert rows.index(17_000, 0).data() == "row 17000"
    assert rows.index(17_000, 0).data() == "row 17000"
    assert rows.index(17_000, 1).data() == "34000"
    assert asked == [17_000]
    rows.set_filter("row 1777")
    assert rows.rows() == [1777, *range(17770, 17780)]
    rows.sort(0, Qt.SortOrder.DescendingOrder)
    assert rows.rows()[:2] == [17779, 17778]
    assert [cell[Qt.ItemDataRole.DisplayRole] for cell in rows.cells_of(1)[:2]] == ["0", "2"]
