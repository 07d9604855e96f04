"""The audit trail becomes a chain, and the database itself refuses to change it."""

import sqlalchemy as sa
from alembic import op

from clinic_app.models import sealing, trail
from clinic_app.models.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer()),
    sa.column("at", Instant()),
    *(sa.column(name, sa.Integer()) for name in ("account_id", "record_id", "patient_id")),
    *(sa.column(name, sa.String()) for name in ("workstation", "what", "kind", "chain", "patient_chain")),
    *(sa.column(name, sa.JSON()) for name in ("before", "after")),
)


def upgrade() -> None:
    """Go up: what was written before is chained in the order in which it was written."""
    connection = op.get_bind()
    sealing.remove(connection)
    op.add_column("audit_entry", sa.Column("chain", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit_entry", sa.Column("patient_chain", sa.String(64), nullable=True))
    _chain(connection)
    op.drop_index("ix_audit_entry_patient_id_at", "audit_entry")
    op.create_index("ix_audit_entry_patient_id", "audit_entry", ["patient_id", "id"])
    op.create_index("ix_audit_entry_account_id", "audit_entry", ["account_id", "id"])
    sealing.install(connection)


def downgrade() -> None:
    """Go down."""
    connection = op.get_bind()
    sealing.remove(connection)
    op.drop_index("ix_audit_entry_patient_id", "audit_entry")
    op.drop_index("ix_audit_entry_account_id", "audit_entry")
    op.create_index("ix_audit_entry_patient_id_at", "audit_entry", ["patient_id", "at"])
    for column in ("chain", "patient_chain"):
        op.drop_column("audit_entry", column)
    sealing.install(connection)


def _chain(connection: sa.Connection) -> None:
    at = trail.Head(0, trail.START)
    change = (
        sa.update(_ENTRY)
        .where(_ENTRY.c.id == sa.bindparam("of"))
        .values(chain=sa.bindparam("chain"), patient_chain=sa.bindparam("patient_chain"))
    )
    while True:
        query = sa.select(_ENTRY).where(_ENTRY.c.id > at.last_id).order_by(_ENTRY.c.id).limit(_AT_ONCE)
        rows = connection.execute(query).mappings().all()
        if not rows:
            return
        chained = trail.chained([dict(row) for row in rows], at)
        links = [
            {"of": row["id"], "chain": link["chain"], "patient_chain": link["patient_chain"]}
            for row, link in zip(rows, chained, strict=True)
        ]
        connection.execute(change, links)
        at.last_id = rows[-1]["id"]
