"""``clinic-app check FILE.json``: reads, answers and says by its exit code whether something stops."""

import argparse
import os
import sys
from pathlib import Path

from clinic_app.check_command.answer import answer, exit_code, findings_of
from clinic_app.check_command.reading import read_form
from clinic_app.check_command.shown import shown
from clinic_app.check_command.visit_chart import chart_of
from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference, load_reference

#: One visit is a few kilobytes; what is larger is another file.
LARGEST_MEBIBYTES = 1
_LARGEST_BYTES = LARGEST_MEBIBYTES * 1024 * 1024


def check_file(parsed: argparse.Namespace) -> int:
    """Check the visit in ``parsed.file`` (- for standard input); the answer goes to standard output as JSON.

    Returns 0 without a stop and 2 with one. Raises ClinicError for what cannot be read or is not of the form.
    """
    if not parsed.file:
        raise ClinicError("check_file_missing")
    text, code = check_visit(_bytes(parsed.file), load_reference())
    _print(text)
    return code


def check_visit(data: bytes, reference: Reference) -> tuple[str, int]:
    """The answer to one visit as JSON, and the exit code that goes with it. Raises ClinicError ``check_…``."""
    chart = chart_of(read_form(data), reference)
    findings = findings_of(chart, reference)
    return answer(chart, findings, reference), exit_code(findings)


def _bytes(file: str) -> bytes:
    name = shown(file)
    try:
        if file == "-":
            data = sys.stdin.buffer.read(_LARGEST_BYTES + 1) if sys.stdin is not None else b""
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise ClinicError("check_file_not_there", file=name) from error
    except OSError as error:
        raise ClinicError("check_file_unreadable", file=name) from error
    if len(data) > _LARGEST_BYTES:
        raise ClinicError("check_too_large", limit=LARGEST_MEBIBYTES)
    return data


def _print(text: str) -> None:
    """Write to standard output, whose reader may have gone: ``clinic-app check FILE | head -1``."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError as error:
        # What is still kept for writing would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise ClinicError("check_not_written") from error
