"""The whole record of a patient leaves as a file from the page of the patient."""

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from clinic_app.services.access import Actor
from clinic_app.services.paper import Step, untold
from clinic_app.services.patient_export import PatientExport, PatientExported
from clinic_app.ui.patients.record_export import RecordExport
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen, Sit


def choose(screen: Screen, place: Path) -> RecordExport:
    """Click the button, and choose where."""
    export = screen.view.page.papers.export
    dialogs: list[QFileDialog] = []
    export.asked.connect(dialogs.append)
    export.button.click()
    (dialog,) = dialogs
    dialog.fileSelected.emit(str(place))
    dialog.done(QFileDialog.DialogCode.Accepted)
    return export


def test_the_file_is_written_where_the_person_said_and_the_window_says_so(
    sit: Sit, clinic: Clinic, tmp_path: Path
) -> None:
    screen, okafor = sit(clinic), clinic.patient()
    clinic.visit(okafor)
    screen.show(okafor, "documents")
    export = choose(screen, tmp_path / "record")
    assert not export.button.isEnabled()
    screen.settle()
    file = tmp_path / "record.zip"
    assert {"record.pdf", "record.json"} < set(zipfile.ZipFile(file).namelist())
    assert str(file) in export.notice.text() and "not encrypted" in export.notice.text()
    assert export.notice.first.text() == "Open the folder"
    assert export.button.isEnabled() and not export.progress.isVisible()
    screen.show(clinic.patient("Ben"), "documents")
    assert export.notice.text() == ""


def test_what_cannot_be_written_is_told_beside_the_button(sit: Sit, clinic: Clinic, tmp_path: Path) -> None:
    screen, okafor = sit(clinic), clinic.patient()
    screen.show(okafor, "documents")
    (tmp_path / "file").write_text("no folder")
    export = choose(screen, tmp_path / "file" / "record.zip")
    screen.settle()
    assert str(tmp_path / "file") in export.notice.text()
    assert export.button.isEnabled()


class HeldExport(PatientExport):
    """Waits at its second step until it is let go, so that a test can do something meanwhile."""

    def hold(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def export(self, actor: Actor, patient_id: int, place: Path, step: Step = untold) -> PatientExported:
        def held(done: int, of: int) -> None:
            if done == 1:
                self.begun.set()
                assert self.go.wait(20)
            step(done, of)

        return super().export(actor, patient_id, place, held)


def test_an_export_that_is_cancelled_leaves_nothing(sit: Sit, clinic: Clinic, tmp_path: Path) -> None:
    okafor, services = clinic.patient(), clinic.services
    held = HeldExport(
        clinic.store.database, clinic.clock, "Europe/London", services.reference, services.records, services.timeline
    )
    held.hold()
    services.patient_export = held
    screen = sit(clinic)
    screen.show(okafor, "documents")
    export = choose(screen, tmp_path / "out" / "record.zip")
    assert held.begun.wait(20)
    export.progress.cancel_button.click()
    held.go.set()
    screen.settle()
    assert export.notice.text() == "The export was cancelled. Nothing of it stays behind."
    assert list((tmp_path / "out").iterdir()) == []
    assert export.button.isEnabled()


def test_the_front_desk_is_offered_no_export(sit: Sit, open_clinic: Callable[[str], Clinic]) -> None:
    okafor = open_clinic("ruth").patient()
    screen = sit(open_clinic("rosa"))
    screen.show(okafor, "documents")
    assert not screen.view.page.papers.export.isVisible()
