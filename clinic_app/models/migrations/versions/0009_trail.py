"""The audit trail becomes a chain, and the database itself refuses to change it."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models import sealing, trail

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up: what was written before is chained in the order in which it was written."""
    connection = op.get_bind()
    sealing.remove(connection)
    op.add_column("audit_entry", sa.Column("chain", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit_entry", sa.Column("patient_chain", sa.String(64), nullable=True))
    trail.chain_anew(connection)
    op.drop_index("ix_audit_entry_patient_id_at", "audit_entry")
    op.create_index("ix_audit_entry_patient_id", "audit_entry", ["patient_id", "id"])
    op.create_index("ix_audit_entry_account_id", "audit_entry", ["account_id", "id"])
    sealing.install(connection, imports=False)


def downgrade() -> None:
    """Go down."""
    connection = op.get_bind()
    sealing.remove(connection)
    op.drop_index("ix_audit_entry_patient_id", "audit_entry")
    op.drop_index("ix_audit_entry_account_id", "audit_entry")
    op.create_index("ix_audit_entry_patient_id_at", "audit_entry", ["patient_id", "at"])
    for column in ("chain", "patient_chain"):
        op.drop_column("audit_entry", column)
    sealing.install(connection, imports=False)
