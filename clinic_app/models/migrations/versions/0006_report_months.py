"""What the reports counted of a month, and which visits changed since; what follows a visit is found by the visit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "report_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("edition", sa.String(64), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_month")),
        sa.UniqueConstraint("question", "month", name=op.f("uq_report_month_question")),
    )
    op.create_table(
        "report_touch",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_touch")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_report_touch_visit_id_visit"), ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "report_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("touched_up_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_state")),
    )
    op.create_index(op.f("ix_appointment_follows_visit_id"), "appointment", ["follows_visit_id"])


def downgrade() -> None:
    """Go down: what was counted is counted again."""
    op.drop_index(op.f("ix_appointment_follows_visit_id"), "appointment")
    for table in ("report_state", "report_touch", "report_month"):
        op.drop_table(table)
