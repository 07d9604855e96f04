"""What a clinic on a server keeps beside its record: its small files, and the marks of saves."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "clinic_file",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clinic_file")),
    )
    op.create_table(
        "commit_mark",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commit_mark")),
    )
    op.create_index(op.f("ix_commit_mark_at"), "commit_mark", ["at"])


def downgrade() -> None:
    """Go down: a clinic in a folder has nothing in them."""
    op.drop_table("commit_mark")
    op.drop_table("clinic_file")
