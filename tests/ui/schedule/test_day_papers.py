"""The papers of a day: offered, drawn with progress, stopped, shown, and kept once they went out."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_app.services.paper import BoundPapers, Step, WentOut
from clinic_app.ui.main_window import MainWindow
from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.schedule.day_papers import DayPapersDialog
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from clinic_app.ui.window_papers import WindowPapers
from tests.documents.reading import page_texts
from tests.ui.clinic import TODAY, Clinic
from tests.ui.desk import settle
from tests.ui.schedule.conftest import Sit


@pytest.fixture(autouse=True)
def nothing_remembered(qapp: QApplication) -> None:
    QSettings().remove("day_papers")


@pytest.fixture
def papers(clinic: Clinic, tasks: Tasks, look: Look, qtbot: QtBot, settings: QSettings) -> Iterator[WindowPapers]:
    window = MainWindow("Clinic", tasks, look, settings=settings, now=lambda: datetime(2026, 8, 4, 9, 0))
    qtbot.addWidget(window)
    window.show()
    made = WindowPapers(clinic.workplace(tasks), window, window)
    yield made
    settle(tasks)


def visits_of_today(clinic: Clinic) -> tuple[int, int]:
    first, second = clinic.patient("Ada", "Okafor"), clinic.patient("Per", "Lindqvist")
    clinic.receive()
    return clinic.sign(first, "C1234"), clinic.sign(second, "C1234")


def opened(clinic: Clinic, tasks: Tasks, qtbot: QtBot) -> tuple[DayPapersDialog, list[tuple[BoundPapers, bytes]]]:
    dialog = DayPapersDialog(clinic.workplace(tasks), TODAY)
    drawn: list[tuple[BoundPapers, bytes]] = []
    dialog.drawn.connect(lambda bound, pdf: drawn.append((bound, pdf)))
    dialog.show()
    settle(tasks)
    return dialog, drawn


def test_the_day_asks_for_its_papers_only_where_one_day_is_shown(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    wanted: list[object] = []
    desk.view.day_papers_requested.connect(wanted.append)
    desk.view.toolbar.papers_button.click()
    assert wanted == [TODAY]
    desk.view.set_mode(Mode.WEEK)
    desk.settle()
    assert not desk.view.toolbar.papers_button.isVisible()


def test_what_is_ticked_is_drawn_patient_by_patient_and_remembered(clinic: Clinic, tasks: Tasks, qtbot: QtBot) -> None:
    visits_of_today(clinic)
    dialog, drawn = opened(clinic, tasks, qtbot)
    assert dialog.lead.text() == "2 visits are signed."
    assert dialog.wanted() == ("visit_note", "aftercare")
    dialog.kinds["visit_note"].editor.click()
    dialog.make_button.click()
    settle(tasks)
    ((bound, pdf),) = drawn
    assert [each.kind for each in bound.papers] == ["aftercare", "aftercare"]
    firsts = [page for page in page_texts(pdf) if "Page 1 of" in page]
    assert ["Okafor" in firsts[0], "Lindqvist" in firsts[1]] == [True, True]
    again, _ = opened(clinic, tasks, qtbot)
    assert again.wanted() == ("aftercare",)
    again.close()


def test_nothing_ticked_or_nothing_signed_makes_nothing(clinic: Clinic, tasks: Tasks, qtbot: QtBot) -> None:
    empty, _ = opened(clinic, tasks, qtbot)
    assert empty.lead.text() == "No visit of this day is signed yet."
    assert not empty.make_button.isEnabled()
    empty.close()
    visits_of_today(clinic)
    dialog, _ = opened(clinic, tasks, qtbot)
    assert dialog.make_button.isEnabled()
    for field in dialog.kinds.values():
        if field.value():
            field.editor.click()
    assert not dialog.make_button.isEnabled()
    dialog.close()


def test_escape_stops_the_drawing_first_and_closes_then(
    clinic: Clinic, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits_of_today(clinic)
    dialog, drawn = opened(clinic, tasks, qtbot)
    render = BoundPapers.render

    def after_escape(self: BoundPapers, step: Step) -> bytes:
        while not stopped:
            step(0, 4)
        return render(self, step)

    stopped: list[bool] = []
    monkeypatch.setattr(BoundPapers, "render", after_escape)
    dialog.make_button.click()
    qtbot.waitUntil(lambda: dialog.progress.isVisible() and dialog.progress.words.text() == "0 of 4 drawn")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    stopped.append(True)
    settle(tasks)
    assert drawn == []
    assert dialog.isVisible()
    assert "Nothing was made" in dialog.notice.text()
    assert dialog.make_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_was_printed_of_a_batch_is_kept_for_each_visit_and_not_offered_again(
    clinic: Clinic, tasks: Tasks, qtbot: QtBot, papers: WindowPapers, tmp_path: Path
) -> None:
    visits = visits_of_today(clinic)
    previews: list[PdfPreview] = []
    papers.shown.connect(previews.append)
    bound = clinic.services.day_papers.bound(clinic.actor, TODAY, ("visit_note", "diary"))
    papers.show(bound, bound.render())
    assert previews[0].save_to(tmp_path / "day.pdf")
    settle(tasks)
    for visit, each in zip(visits, (bound.papers[0], bound.papers[2]), strict=True):
        patient = clinic.services.visits.details(clinic.actor, visit).patient_id
        (row,) = clinic.services.kept_papers.of_patient(clinic.actor, patient)
        assert (row.kind, row.way, row.visit_id) == ("visit_note", WentOut.SAVED, visit)
        assert clinic.services.kept_papers.again(clinic.actor, row.id, "Visit note").render() == each.render()
    previews[0].close()
    dialog, _ = opened(clinic, tasks, qtbot)
    assert dialog.counts["visit_note"].text() == "2 of 2 went out before"
    dialog.kinds["aftercare"].editor.click()
    dialog.make_button.click()
    settle(tasks)
    assert "Nothing is left to print" in dialog.notice.text()
    dialog.close()


def test_the_window_asks_shows_and_prints(
    clinic: Clinic, tasks: Tasks, papers: WindowPapers, qtbot: QtBot, qapp: QApplication
) -> None:
    visits_of_today(clinic)
    previews: list[PdfPreview] = []
    papers.shown.connect(previews.append)
    papers.open_day_papers(TODAY)
    settle(tasks)
    dialog = qapp.activeModalWidget()
    assert isinstance(dialog, DayPapersDialog)
    dialog.make_button.click()
    settle(tasks)
    (preview,) = previews
    assert preview.windowTitle() == "Papers of the day"
    preview.printed.emit()
    settle(tasks)
    assert clinic.services.day_papers.offer(clinic.actor, TODAY).went_out["visit_note"] == 2
    preview.close()
