"""Files as other programs see them: qpdf checks, Poppler reads text and fonts; at a desk without these, pypdfium2."""

import os
import shutil
import subprocess
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped, unused-ignore]
import pytest

from tests.documents.reading import fonts_used, page_texts

PACKAGES = {"qpdf": "qpdf", "pdffonts": "poppler-utils", "pdftotext": "poppler-utils"}


def complaints(pdf: Path) -> str:
    """What is wrong with the structure of a file; nothing where it is sound."""
    program = _program("qpdf")
    if program is None:
        pypdfium2.PdfDocument(pdf).close()  # raises where it is beyond reading
        return ""
    checked = subprocess.run([program, "--check", pdf], capture_output=True, text=True, check=False)
    sound = checked.returncode == 0 and "No syntax or stream encoding errors found" in checked.stdout
    return "" if sound else f"{checked.stdout}{checked.stderr}"


def fonts(pdf: Path) -> dict[str, bool]:
    """Every font of a file without the prefix of its subset, and whether it is embedded."""
    program = _program("pdffonts")
    if program is None:
        return fonts_used(pdf.read_bytes())
    rows = [line.split() for line in _said(program, pdf).splitlines()[2:]]
    # The type has spaces; the columns behind it are emb, sub, uni and two numbers.
    return {row[0].partition("+")[2] or row[0]: row[-5] == "yes" for row in rows}


def laid_out_text(pdf: Path) -> list[str]:
    """The text of each page, what stands beside each other in one line."""
    program = _program("pdftotext")
    if program is None:
        return page_texts(pdf.read_bytes())
    return _said(program, "-layout", pdf, "-").split("\f")[:-1]


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def _program(name: str) -> str | None:
    found = shutil.which(name)
    if found is None and os.environ.get("CLINIC_APP_CI"):
        pytest.fail(f"Looking at our files with other programs needs the Debian package {PACKAGES[name]}.")
    return found
