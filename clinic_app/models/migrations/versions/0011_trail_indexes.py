"""The audit trail is looked through by kind, by act and by day, however long it is."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INDEXES = {"kind": ["kind", "id"], "what": ["what", "id"], "at": ["at"]}


def upgrade() -> None:
    """Go up."""
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", columns)


def downgrade() -> None:
    """Go down."""
    for name in _INDEXES:
        op.drop_index(f"ix_audit_entry_{name}", "audit_entry")
