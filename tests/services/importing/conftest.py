"""A clinic with patients on record, and files to bring in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Base
from clinic_app.services.access import Actor
from clinic_app.services.importing.choices import Ask, ImportChoices
from clinic_app.services.importing.files import ImportFile, read_file
from clinic_app.services.importing.imports import Done, Imports
from clinic_app.services.importing.preview import Preview, Verdict
from clinic_app.terms import ImportKind
from tests.services.conftest import OpenClinic

NOT_COMPARED = frozenset(
    {"audit_entry", "data_import", "imported_row", "commit_mark", "report_month", "report_touch", "report_state"}
)
"""The trail, the list of imports itself, and what is worked out again."""


@dataclass
class Desk:
    """Somebody with a file and the list of imports."""

    clinic: OpenClinic
    imports: Imports
    actor: Actor

    def file(self, header: Sequence[str], rows: Iterable[Sequence[object]], name: str = "old.csv") -> ImportFile:
        return read_file(name, csv_text(header, rows).encode())

    def choices(self, kind: ImportKind, **chosen: Any) -> ImportChoices:
        return ImportChoices(kind, **chosen)

    def look(self, kind: ImportKind, header: Sequence[str], *rows: Sequence[object], **chosen: Any) -> Preview:
        return self.imports.preview(self.actor, self.file(header, rows), ImportChoices(kind, **chosen))

    def bring(self, kind: ImportKind, header: Sequence[str], *rows: Sequence[object], **chosen: Any) -> Done:
        return self.imports.bring_in(self.actor, self.file(header, rows), ImportChoices(kind, **chosen))

    def contents(self) -> dict[str, tuple[int, str]]:
        """Of every table that is compared, how many rows it has and a digest of them."""
        found = {}
        with self.clinic.store.database.reading() as session:
            for table in Base.metadata.sorted_tables:
                if table.name not in NOT_COMPARED:
                    rows = session.execute(select(table).order_by(*table.primary_key.columns)).all()
                    plain = [_without_memory(row._mapping) for row in rows]
                    found[table.name] = (len(rows), sha256(repr(plain).encode()).hexdigest())
        return found


def _without_memory(row: RowMapping) -> list[tuple[str, Any]]:
    """What columns and texts meant is remembered, whatever becomes of the import."""
    return [
        (name, {key: each for key, each in value.items() if key != "imports"} if name == "choices" else value)
        for name, value in row.items()
    ]


def reasons(verdict: Verdict) -> str:
    """All that speaks against a row."""
    return " ".join(str(reason) for reason in (*verdict.warnings, *verdict.reasons))


def asked(preview: Preview) -> set[tuple[Ask, str]]:
    """What is asked."""
    return {(question.ask, question.text) for question in preview.questions}


@pytest.fixture
def desk(clinic: OpenClinic) -> Desk:
    """The manager, in a clinic whose record has Ada Okafor, number A1."""
    clinic.patient(record_number="A1")
    return Desk(clinic, clinic.services.imports, clinic.physician)
