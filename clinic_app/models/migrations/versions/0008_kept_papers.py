"""The files that were printed for signed visits, and the clinic's sign."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "kept_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
        sa.UniqueConstraint("digest", name=op.f("uq_kept_file_digest")),
    )
    op.create_table(
        "kept_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_paper")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_kept_paper_{column}_{table}"), ondelete="RESTRICT"
            )
            for column, table in (("visit_id", "visit"), ("file_id", "kept_file"), ("by_id", "account"))
        ),
    )
    op.create_index(op.f("ix_kept_paper_visit_id"), "kept_paper", ["visit_id"])
    op.create_table(
        "clinic_logo",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic_logo")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_logo_clinic_id_clinic"), ondelete="RESTRICT"
        ),
    )


def downgrade() -> None:
    """Go down: what was printed is on paper, and no longer here."""
    for table in ("kept_paper", "kept_file", "clinic_logo"):
        op.drop_table(table)
