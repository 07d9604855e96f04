"""Records that not everybody may open."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "restriction",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_restriction")),
        *_references("restriction", patient_id="patient", set_by_id="account"),
    )
    op.create_table(
        "record_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_grant")),
        *_references("record_grant", patient_id="patient", account_id="account", seen_by_id="account"),
    )
    op.create_index(op.f("ix_record_grant_patient_id"), "record_grant", ["patient_id"])


def downgrade() -> None:
    """Go down: every record opens to everybody again."""
    op.drop_table("record_grant")
    op.drop_table("restriction")


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete="RESTRICT"
        )
        for column, target in targets.items()
    ]
