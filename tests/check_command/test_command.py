"""The command as a person or another program runs it."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from clinic_app.cli import run

from .build import EXAMPLE, visit

ROOT = Path(__file__).parents[2]


def process(
    data: bytes, *arguments: str, options: Sequence[str] = (), **where: Any
) -> subprocess.CompletedProcess[bytes]:
    """``python -m clinic_app check …`` with ``data`` on standard input."""
    command = [sys.executable, *options, "-m", "clinic_app", "check", *arguments]
    where.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, input=data, stderr=subprocess.PIPE, cwd=ROOT, check=False, **where)


def written(folder: Path, of: object) -> str:
    file = folder / "visit.json"
    file.write_text(json.dumps(of), encoding="utf-8")
    return str(file)


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on standard error, and nothing on standard output."""
    out, error = capsys.readouterr()
    assert out == ""
    assert error.count("\n") == 1
    return error.rstrip("\n")


@pytest.mark.parametrize(("of", "code"), [(visit(), 0), (EXAMPLE, 2)])
def test_a_file_is_answered_in_json_with_the_exit_code_of_its_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], of: object, code: int
) -> None:
    assert run(["check", written(tmp_path, of)]) == code
    out, error = capsys.readouterr()
    assert error == ""
    assert set(json.loads(out)) == {"totals", "billing", "findings"}


def test_a_visit_that_is_not_of_the_form_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", written(tmp_path, visit(("injections.0.units", "40")))]) == 1
    assert one_sentence(capsys) == "injections[0].units must be a number, not text."


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, visit())
    for unreadable, sentence in (
        (str(tmp_path), "cannot be read"),
        (f"{file}/more", "cannot be read"),
        (str(tmp_path / "none.json"), "There is no file"),
        (str(tmp_path / "two\nlines.json"), "There is no file"),
        ("", "Name the file to check"),
    ):
        assert run(["check", unreadable]) == 1
        assert sentence in one_sentence(capsys)
    assert run(["check"]) == 1
    assert "Name the file to check" in one_sentence(capsys)


def test_a_large_file_is_refused_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024)
    assert run(["check", str(file)]) == 1
    assert one_sentence(capsys) == "The input is larger than 1 MiB. Give one visit at a time."


def test_the_largest_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "visit.json"
    file.write_bytes(json.dumps(visit()).encode().ljust(1024 * 1024))
    assert run(["check", str(file)]) == 0
    file.write_bytes(json.dumps(visit()).encode().ljust(1024 * 1024 + 1))
    assert run(["check", str(file)]) == 1
    assert "larger" in capsys.readouterr().err


def test_wrong_arguments_never_look_like_a_stop(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["check", "-", "--nothing"], ["check", "a.json", "b.json"], ["chek", "-"]):
        with pytest.raises(SystemExit) as ended:
            run(arguments)
        assert ended.value.code == 1
        assert "clinic-app" in capsys.readouterr().err


def test_standard_input_is_read_by_a_real_process() -> None:
    done = process(json.dumps(EXAMPLE).encode(), "-")
    assert (done.returncode, done.stderr) == (2, b"")
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["rule"] == "interval.too_short"


def test_a_real_process_says_what_is_wrong_without_a_traceback() -> None:
    done = process(b"[" * 100_000, "-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines() == ["The input is nested too deeply to be a visit."]


def test_the_database_the_window_and_the_services_are_not_loaded() -> None:
    done = process(json.dumps(visit()).encode(), "-", options=["-X", "importtime"])
    assert done.returncode == 0
    loaded = set(re.findall(r"\|\s+([\w.]+)$", done.stderr.decode(), re.MULTILINE))
    assert "clinic_app.check_command.command" in loaded
    unwanted = (
        "sqlalchemy",
        "PySide6",
        "sqlcipher3",
        "alembic",
        "reportlab",
        "clinic_app.models",
        "clinic_app.services",
    )
    assert not [name for name in loaded if name.startswith(unwanted)]
    assert not [name for name in loaded if name.startswith(("clinic_app.ui", "clinic_app.documents"))]


def test_a_reader_that_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(json.dumps(EXAMPLE).encode(), "-", stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize("device", [each for each in ("/dev/full",) if Path(each).exists()])
def test_an_answer_that_cannot_be_written_is_one_sentence(device: str) -> None:
    with Path(device).open("wb") as full:
        done = process(json.dumps(visit()).encode(), "-", stdout=full)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "The answer could not be written to standard output. Check that its disk has free space."
    ]


def test_standard_input_that_is_closed_counts_as_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["check", "-"]) == 1
    assert one_sentence(capsys) == "The input is empty. Give one visit in JSON."
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert run(["check", "-"]) == 1
    assert one_sentence(capsys) == "The input is empty. Give one visit in JSON."


def test_a_closed_standard_output_leaves_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run(["check", written(tmp_path, EXAMPLE)]) == 2


def test_the_readme_shows_the_example_that_these_tests_check() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```json\n(\{\"date\".*?)```", readme, re.DOTALL)
    assert shown is not None
    assert json.loads(shown[1]) == EXAMPLE
