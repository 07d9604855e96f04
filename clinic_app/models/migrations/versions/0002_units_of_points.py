"""Points may have units of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Points so far shared the units of their injection equally: they have none of their own."""
    with op.batch_alter_table("injection_point") as table:
        table.add_column(sa.Column("units", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go down; points share the units of their injection again."""
    with op.batch_alter_table("injection_point") as table:
        table.drop_column("units")
