"""What is left of every lot is summed from the lines of the ledger that moved a vial, which lie in an index of their
own: twice as many tell of the units in opened vials."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    moved = sa.text("vials <> 0")
    op.create_index(
        "ix_stock_movement_moved",
        "stock_movement",
        ["lot_id", "kind", "vials"],
        sqlite_where=moved,
        postgresql_where=moved,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_stock_movement_moved", "stock_movement")
