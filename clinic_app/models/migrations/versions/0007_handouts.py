"""The texts of handouts that were given or reviewed, the clinic's own ones, and who took which home."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "handout_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout_edition")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_handout_edition_reviewed_by_id_account"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("name", "language", "digest", name=op.f("uq_handout_edition_name")),
    )  # fmt: skip
    op.create_table(
        "clinic_handout",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_clinic_handout")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["handout_edition.id"], name=op.f("fk_clinic_handout_edition_id_handout_edition"),
            ondelete="RESTRICT",
        ),
    )  # fmt: skip
    op.create_table(
        "given_handout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("large", sa.Boolean(), nullable=False),
        sa.Column("contrast", sa.Boolean(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_handout")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_given_handout_{column}_{table}"), ondelete="RESTRICT"
            )
            for column, table in (
                ("patient_id", "patient"), ("edition_id", "handout_edition"), ("given_by_id", "account"),
            )
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_given_handout_patient_id"), "given_handout", ["patient_id"])


def downgrade() -> None:
    """Go down: what was given is on paper at home, and no longer here."""
    for table in ("given_handout", "clinic_handout", "handout_edition"):
        op.drop_table(table)
