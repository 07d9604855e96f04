import os
import stat
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from clinic_app.ui.spool import spooled, spooling_in
from tests.ui.pdf_preview.conftest import Show, written
from tests.ui.pdf_preview.test_printing import to_file


def test_what_is_on_its_way_to_the_printer_lies_in_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "before")
    folder = tmp_path / "printing"
    with spooling_in(folder):
        assert os.environ["TMPDIR"] == "before"
        with spooled():
            assert os.environ["TMPDIR"] == str(folder)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (folder / "note").write_text("Ada Okafor")
        assert os.environ["TMPDIR"] == "before"
    assert not folder.exists()
    with spooled():
        assert os.environ["TMPDIR"] == "before"


def test_a_variable_that_was_not_set_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    with spooling_in(tmp_path / "printing"):
        with pytest.raises(RuntimeError), spooled():
            raise RuntimeError
        assert "TMPDIR" not in os.environ


def test_what_a_crash_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "printing"
    folder.mkdir()
    (folder / "note").write_text("Ada Okafor")
    with spooling_in(folder):
        assert not folder.exists()


def test_the_preview_prints_through_the_folder(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(["one"]))
    with spooling_in(tmp_path / "printing"):
        with qtbot.waitSignal(preview.printed):
            preview.print_with(to_file(tmp_path / "printed.pdf"))
        assert list((tmp_path / "printing").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    preview = show(written(["one"]))
    with spooling_in(tmp_path / "gone" / "printing"), qtbot.assertNotEmitted(preview.printed):
        preview.print_with(to_file(tmp_path / "printed.pdf"))
    assert preview.notice.text() == (
        "The clinic's folder has no room for what is printed. Free some space and print again."
    )
    assert preview.print_button.isEnabled()
