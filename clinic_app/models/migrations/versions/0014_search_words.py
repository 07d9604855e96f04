"""Patients are found by the words of their names and numbers, which lie in tables of their own."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from clinic_app.models import search_word
from clinic_app.typed_text import fold

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_AT_ONCE = 5000
_PATIENT = sa.table(
    "patient", *(sa.column(name) for name in ("id", "record_number", "family_name", "given_name", "search_text"))
)


def upgrade() -> None:
    """Go up: the text of each patient is folded anew, and its words put into order all at once."""
    op.create_table(
        "search_word",
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("word", _text(100), nullable=False),
        sa.Column("text", _text(1400), nullable=False),
        sa.Column("patient_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("place", "word", "text", "patient_id", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_part",
        sa.Column("part", _text(100), nullable=False),
        sa.Column("word", _text(100), nullable=False),
        sa.PrimaryKeyConstraint("part", "word", name=op.f("pk_name_part")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_patient_search_text", "patient")
    _write(lambda row: search_word.search_text(row.family_name, row.given_name, row.record_number))
    search_word.rebuild(op.get_bind())
    search_word.install(op.get_bind())


def downgrade() -> None:
    """Go down."""
    search_word.remove(op.get_bind())
    op.drop_table("name_part")
    op.drop_table("search_word")
    _write(_as_before)
    op.create_index("ix_patient_search_text", "patient", ["search_text"])


def _write(text_of: Callable[[Any], str]) -> None:
    connection = op.get_bind()
    change = sa.update(_PATIENT).where(_PATIENT.c.id == sa.bindparam("key")).values(search_text=sa.bindparam("text"))
    page = sa.select(_PATIENT).where(_PATIENT.c.id > sa.bindparam("behind")).order_by(_PATIENT.c.id).limit(_AT_ONCE)
    behind = -(2**31)
    while rows := connection.execute(page, {"behind": behind}).all():
        connection.execute(change, [{"key": row.id, "text": text_of(row)} for row in rows])
        behind = rows[-1].id


def _as_before(row: Any) -> str:
    family, given = fold(row.family_name), fold(row.given_name)
    return f"{family} {given}|{given} {family}|{fold(row.record_number)}"[:1400]


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
