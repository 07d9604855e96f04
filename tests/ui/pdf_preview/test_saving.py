import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from clinic_app.ui.pdf_preview import PdfPreview
from tests.ui.pdf_preview.conftest import Show, written
from tests.ui.pdf_preview.test_printing import to_file


def test_what_is_saved_is_what_was_seen_and_its_owner_alone_reads_it(
    show: Show, paper: bytes, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = show(paper)
    target = tmp_path / "note.pdf"
    target.write_bytes(b"older")
    target.chmod(0o644)
    with qtbot.waitSignal(preview.saved) as saved:
        assert preview.save_to(target)
    assert saved.args == [str(target)]
    assert target.read_bytes() == paper
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["note.pdf"]
    assert preview.notice.text() == "Saved as note.pdf"


def test_the_folder_is_opened(show: Show, paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    preview = show(paper)
    preview.save_to(tmp_path / "ä # 1.pdf")
    preview.notice.way_button.click()
    assert opened == [str(tmp_path)]
    assert preview.notice.text() == ""


def test_a_folder_that_cannot_be_opened_is_named(
    show: Show, paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: QUrl) -> bool:
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse)
    preview = show(paper)
    preview.save_to(tmp_path / "note.pdf")
    preview.notice.way_button.click()
    assert preview.notice.text() == f"The folder cannot be opened from here. The file is in {tmp_path}."


def test_a_folder_that_refuses_is_told_with_the_way_to_another(
    show: Show, paper: bytes, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = show(paper)
    with qtbot.assertNotEmitted(preview.saved):
        assert not preview.save_to(tmp_path / "no such folder" / "note.pdf")
    assert "cannot be used. Choose another one" in preview.notice.text()
    preview.notice.way_button.click()
    (dialog,) = preview.findChildren(QFileDialog)
    dialog.reject()


def test_a_full_disk_leaves_the_older_file(
    show: Show, paper: bytes, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "note.pdf"
    target.write_bytes(b"older")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    preview = show(paper)
    with qtbot.assertNotEmitted(preview.saved):
        assert not preview.save_to(target)
    assert preview.notice.text() == f"The disk that holds {tmp_path} is full. Free some space and do it again."
    assert target.read_bytes() == b"older"
    assert [each.name for each in tmp_path.iterdir()] == ["note.pdf"]


def test_the_folder_of_last_time_is_offered_again(show: Show, paper: bytes, tmp_path: Path) -> None:
    chosen = tmp_path / "notes"
    chosen.mkdir()

    previews: list[PdfPreview] = []

    def ask() -> QFileDialog:
        previews.append(show(paper))
        preview = previews[-1]
        preview.save_button.click()
        (dialog,) = preview.findChildren(QFileDialog)
        return dialog

    first = ask()
    assert Path(first.selectedFiles()[0]).name == "visit-note-2026-11-26.pdf"
    first.fileSelected.emit(str(chosen / "other.pdf"))
    first.reject()
    assert (chosen / "other.pdf").read_bytes() == paper
    again = ask()
    assert again.selectedFiles() == [str(chosen / "visit-note-2026-11-26.pdf")]
    again.reject()
    (chosen / "other.pdf").unlink()
    chosen.rmdir()
    gone = ask()
    assert not gone.selectedFiles()[0].startswith(str(chosen))
    gone.reject()


def test_nothing_is_left_in_the_folder_for_temporary_files(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    preview = show(written(*([f"Ada Okafor, page {number}"] for number in range(5))))
    preview.search.look_for("okafor", 0)
    qtbot.waitUntil(lambda: len(preview.search.matches) == 5)
    assert preview.save_to(out / "note.pdf")
    with qtbot.waitSignal(preview.printed):
        preview.print_with(to_file(out / "printed.pdf"))
    preview.close()
    assert list(temporary.iterdir()) == []
    assert sorted(each.name for each in out.iterdir()) == ["note.pdf", "printed.pdf"]
