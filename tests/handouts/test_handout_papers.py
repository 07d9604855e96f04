"""The handouts that ship, as they are printed."""

from datetime import date
from pathlib import Path

import pytest

from clinic_app.documents.handout import Handout, handout_document
from clinic_app.documents.handout_text import read_handout
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.resources import resource_path
from tests.documents.build import CLINIC
from tests.documents.reading import page_sizes

FILES = sorted(resource_path("handouts").glob("*/*.md"))


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("path", FILES, ids=named)
def test_one_sheet_of_paper_holds_each(path: Path, paper: str) -> None:
    text = read_handout(path.read_text(encoding="utf-8"))
    printed = Handout(CLINIC, text, date(2026, 12, 1), None, edition=Edition(paper, "en", "en_US"))
    assert len(page_sizes(to_pdf(handout_document(printed)))) <= 2
