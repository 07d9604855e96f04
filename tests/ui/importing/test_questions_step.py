"""What texts of the file mean: asked once, answered at the place, remembered."""

from PySide6.QtCore import Qt

from clinic_app.services.importing.choices import Ask
from clinic_app.ui.importing.questions_step import QuestionBlock
from tests.ui.importing.conftest import INJECTIONS, PATIENTS, ImportDesk
from tests.ui.keyboard import press, type_text


def begin(desk: ImportDesk, *rows: tuple[object, ...]) -> None:
    desk.open(desk.csv((*INJECTIONS, "Indication"), *((*row, "cervical dystonia") for row in rows)))
    desk.go_on(2)


def block(desk: ImportDesk, ask: Ask, text: str) -> QuestionBlock:
    return desk.wizard.questions.blocks[ask, text]


def answer(desk: ImportDesk, ask: Ask, text: str, wanted: str | None) -> None:
    field = block(desk, ask, text).field
    field.set_value(wanted)
    field.changed.emit()
    desk.settle()


def test_nothing_to_ask_is_passed_over_in_both_directions(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, ("P1", "Nunez", "Ines", "1970-02-28", "f", "", "")))
    desk.go_on(2)
    assert desk.step() == "Rows"
    desk.wizard.back.click()
    assert desk.step() == "Columns"


def test_the_name_of_the_toxin_is_asked_about_once_for_all_its_rows(desk: ImportDesk) -> None:
    begin(desk, *(("A1", f"2020-0{month}-28", "SCM", "L", 40, "BTX-A", "") for month in (1, 4, 7)))
    step = desk.wizard.questions
    assert desk.step() == step.title
    assert list(step.blocks) == [(Ask.PRODUCT, "BTX-A")]
    asked = block(desk, Ask.PRODUCT, "BTX-A")
    assert (asked.title.text(), asked.count.text()) == ("“BTX-A”", "in 3 rows")
    assert step.open_note.text().startswith("1 question not answered: 3 rows stay out.")
    assert desk.focus() is asked.field.editor
    answer(desk, Ask.PRODUCT, "BTX-A", "onabotulinumtoxinA")
    assert asked.count.text() == "in 3 rows, answered"
    assert step.open_note.text() == ""
    assert all(verdict.comes_in for verdict in desk.verdicts())
    desk.go_on()
    assert desk.step() == "Rows"
    desk.wizard.back.click()
    assert desk.step() == step.title
    assert block(desk, Ask.PRODUCT, "BTX-A").field.value() == "onabotulinumtoxinA"
    answer(desk, Ask.PRODUCT, "BTX-A", "")
    assert not any(verdict.comes_in for verdict in desk.verdicts())


def test_a_muscle_is_found_by_typing_a_part_of_its_name(desk: ImportDesk) -> None:
    begin(desk, ("A1", "2020-01-28", "Zzz", "L", 40, "Botox", ""), ("A2", "2020-01-28", "SCM", "R", 40, "Botox", ""))
    field = block(desk, Ask.MUSCLE, "Zzz").field
    line = field.editor.lineEdit()
    assert line is not None
    assert desk.focus() is field.editor
    line.selectAll()
    type_text(line, "sternocleido")
    press(line, Qt.Key.Key_Return)
    desk.settle()
    assert desk.wizard.work.choices.answers == {(Ask.MUSCLE, "Zzz"): "sternocleidomastoideus"}
    assert all(verdict.comes_in for verdict in desk.verdicts())


def test_open_questions_leave_their_rows_out_and_hold_nobody_up(desk: ImportDesk) -> None:
    begin(desk, ("A1", "2020-01-28", "Zzz", "L", 40, "Botox", ""), ("A2", "2020-01-28", "SCM", "R", 40, "Botox", ""))
    desk.go_on()
    assert desk.step() == "Rows"
    assert desk.wizard.next.text() == "Bring in 1 row"


def test_hundreds_of_questions_come_some_at_a_time(desk: ImportDesk) -> None:
    rows = [("A1", "2020-01-28", f"Quux{number}", "L", 40, "Botox", "") for number in range(45)]
    begin(desk, *rows)
    step = desk.wizard.questions
    assert len(step.blocks) == 40
    assert step.more.text() == "5 more come when these are answered."


def test_answers_are_remembered_for_the_next_file(desk: ImportDesk) -> None:
    begin(desk, ("A1", "2020-01-28", "Zzz", "L", 40, "Botox", ""))
    answer(desk, Ask.MUSCLE, "Zzz", "splenius_capitis")
    desk.go_on(2)
    assert desk.step() == "Done"
    begin(desk, ("A2", "2021-01-28", "zzz", "R", 40, "Botox", ""))
    assert desk.step() == "Rows"
    assert desk.wizard.next.text() == "Bring in 1 row"
