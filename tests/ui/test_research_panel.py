"""Research export in the window."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_app.services import research_subjects
from clinic_app.services.access import Actor
from clinic_app.services.research import Exported, Research
from clinic_app.terms import Role
from clinic_app.ui.research_panel import ResearchPanel
from clinic_app.ui.tasks import Tasks
from tests.clinics import SealedClinic, seal
from tests.ui.clinic import LONDON, NINE, Clinic
from tests.ui.desk import Desk

PanelDesk = Desk[ResearchPanel]
Show = Callable[[Clinic], PanelDesk]


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    people = {"nurse": ("Nurse", Role.NURSE)}
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, NINE, people)


@pytest.fixture
def show(put_on_screen: Callable[[PanelDesk], None], tasks: Tasks) -> Show:
    def on_screen(clinic: Clinic) -> PanelDesk:
        workplace = clinic.workplace(tasks)
        desk = Desk(ResearchPanel(workplace), workplace)
        put_on_screen(desk)
        return desk

    return on_screen


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def choose(desk: PanelDesk, folder: Path) -> None:
    """Press the button, and choose a folder in the dialog that it asks with."""
    dialogs: list[QFileDialog] = []
    desk.view.asked.connect(dialogs.append)
    click(desk.view.export)
    (dialog,) = dialogs
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(folder))
    dialog.reject()


def test_an_export_goes_into_a_new_folder_and_says_how_many_rows_it_has(
    clinic: Clinic, show: Show, tmp_path: Path
) -> None:
    clinic.visit(clinic.patient())
    desk = show(clinic)
    choose(desk, tmp_path)
    assert desk.view.cancel.isVisible() and not desk.view.export.isVisible()
    assert desk.view.focusWidget() is desk.view.cancel
    desk.settle()
    assert desk.view.focusWidget() is desk.view.export
    folder = tmp_path / "research-2026-08-04"
    assert (folder / "dictionary.csv").exists()
    assert (
        "1 patient: 2 injections, 1 cycle, 0 side effects." in desk.view.notice.text()
        and str(folder) in desk.view.notice.text()
    )
    assert desk.view.export.isVisible() and not desk.view.cancel.isVisible()
    assert desk.view.bar.value() == desk.view.bar.maximum() == 1


def test_an_export_that_ends_leaves_the_focus_where_the_person_has_gone(
    clinic: Clinic, show: Show, tmp_path: Path
) -> None:
    desk = show(clinic)
    choose(desk, tmp_path)
    desk.view.cancel.clearFocus()
    desk.settle()
    assert desk.view.export.isVisible()
    assert desk.view.focusWidget() is not desk.view.export


def test_the_tick_warns_at_once_and_brings_free_text(clinic: Clinic, show: Show, tmp_path: Path) -> None:
    clinic.visit(clinic.patient())
    desk = show(clinic)
    assert desk.view.warning.text() == ""
    desk.view.with_text.editor.click()
    assert "may name people" in desk.view.warning.text()
    choose(desk, tmp_path)
    assert not desk.view.with_text.editor.isEnabled()
    desk.settle()
    assert "assessment" in (tmp_path / "research-2026-08-04" / "cycles.csv").read_text(encoding="utf-8")
    assert desk.view.with_text.editor.isEnabled()
    desk.view.with_text.editor.click()
    assert desk.view.warning.text() == ""


class HeldResearch(Research):
    """Waits after the first patients until it is let go, so that a test can do something meanwhile."""

    def hold(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def export(self, actor: Actor, folder: Path, **how: object) -> Exported | None:
        told = how["progress"]
        assert callable(told)

        def progress(done: int, of: int) -> None:
            told(done, of)
            self.begun.set()
            assert self.go.wait(20)

        return super().export(actor, folder, **{**how, "progress": progress})  # type: ignore[arg-type]


def test_an_export_that_is_cancelled_half_way_leaves_nothing(
    clinic: Clinic, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(research_subjects, "AT_ONCE", 1)
    for name in ("Ada", "Ben"):
        clinic.visit(clinic.patient(name))
    services = clinic.services
    held = HeldResearch(
        clinic.store.database, clinic.clock, "Europe/London", services.reference, clinic.store.research_key
    )
    held.hold()
    services.research = held
    desk = show(clinic)
    choose(desk, tmp_path / "out")
    assert held.begun.wait(20)
    click(desk.view.cancel)
    assert not desk.view.cancel.isEnabled()
    held.go.set()
    desk.settle()
    assert "cancelled" in desk.view.notice.text()
    assert list((tmp_path / "out").iterdir()) == []
    held.go.set()
    choose(desk, tmp_path / "out")
    desk.settle()
    assert (tmp_path / "out" / "research-2026-08-04").exists()


def test_a_folder_that_cannot_be_used_is_a_sentence_and_the_button_is_there_again(
    clinic: Clinic, show: Show, tmp_path: Path
) -> None:
    clinic.visit(clinic.patient())
    (tmp_path / "file").write_text("")
    desk = show(clinic)
    choose(desk, tmp_path / "file")
    desk.settle()
    assert "cannot be used" in desk.view.notice.text()
    assert desk.view.export.isVisible()


def test_whoever_is_no_manager_reads_who_may(open_clinic: Callable[[str], Clinic], show: Show) -> None:
    desk = show(open_clinic("nurse"))
    assert not desk.view.export.isEnabled()
    assert not desk.view.with_text.editor.isEnabled()
    assert desk.view.notice.text() == "Only the manager can export data for research."


def test_every_part_can_be_reached_and_is_named(clinic: Clinic, show: Show) -> None:
    desk = show(clinic)
    for widget in (desk.view.with_text.editor, desk.view.export, desk.view.cancel):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.toolTip()
    assert desk.view.accessibleName() and desk.view.bar.accessibleName()
