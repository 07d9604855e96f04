"""How a side effect was learned, how serious it is, its report and its review; scale results and diaries of a cycle."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SERIOUS = {"life_threatening": "life threatening", "fatal": "death"}
"""Severities that are a criterion of seriousness in themselves, with the reference's word for it."""


def upgrade() -> None:
    """Go up."""
    with op.batch_alter_table("side_effect") as table:
        table.add_column(sa.Column("learned", sa.String(32), nullable=True))
        table.add_column(sa.Column("red_answer", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("resolved_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("resolved_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("serious", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("serious_criteria", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("report", sa.String(32), nullable=False, server_default="not_needed"))
        table.add_column(sa.Column("reported_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("report_reference", sa.String(200), nullable=False, server_default=""))
        table.create_foreign_key(
            op.f("fk_side_effect_resolved_by_id_account"), "account", ["resolved_by_id"], ["id"], ondelete="RESTRICT"
        )
    _remember_reports()
    _remember_who_resolved()
    with op.batch_alter_table("side_effect") as table:
        table.drop_column("reported")
        for name, kind in (
            ("serious_criteria", sa.JSON()),
            ("report", sa.String(32)),
            ("report_reference", sa.String(200)),
        ):
            table.alter_column(name, server_default=None, existing_type=kind, existing_nullable=False)
    op.create_index("ix_side_effect_red_flag_resolved_at", "side_effect", ["red_flag", "resolved_at"])
    op.create_index(op.f("ix_visit_visited_on"), "visit", ["visited_on"])
    op.create_table(
        "scale_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("scale", sa.String(64), nullable=False),
        sa.Column("subscale", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        *_recorded("scale_result"),
        sa.UniqueConstraint("visit_id", "scale", "subscale", name=op.f("uq_scale_result_visit_id")),
    )
    op.create_index(op.f("ix_scale_result_patient_id"), "scale_result", ["patient_id"])
    op.create_table(
        "diary_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("benefit_percent", sa.Integer(), nullable=True),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(300), nullable=False),
        *_recorded("diary_week"),
        sa.UniqueConstraint("visit_id", "week", name=op.f("uq_diary_week_visit_id")),
        sa.CheckConstraint("week BETWEEN 1 AND 12", name=op.f("ck_diary_week_week_range")),
        sa.CheckConstraint("benefit_percent BETWEEN 0 AND 100", name=op.f("ck_diary_week_benefit_percent_range")),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_diary_week_pain_range")),
    )
    op.create_index(op.f("ix_diary_week_patient_id"), "diary_week", ["patient_id"])


def downgrade() -> None:
    """Go down: what the older tables cannot hold is lost."""
    op.drop_table("diary_week")
    op.drop_table("scale_result")
    op.drop_index(op.f("ix_visit_visited_on"), "visit")
    op.drop_index("ix_side_effect_red_flag_resolved_at", "side_effect")
    with op.batch_alter_table("side_effect") as table:
        table.add_column(sa.Column("reported", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE side_effect SET reported = (report = 'reported')"))
    with op.batch_alter_table("side_effect") as table:
        table.alter_column("reported", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
        table.drop_constraint(op.f("fk_side_effect_resolved_by_id_account"), type_="foreignkey")
        for name in (
            "report_reference",
            "reported_on",
            "report",
            "serious_criteria",
            "serious",
            "resolved_at",
            "resolved_by_id",
            "red_answer",
            "learned",
        ):
            table.drop_column(name)


def _recorded(table: str) -> list[sa.schema.SchemaItem]:
    """Who wrote the row and when, and to whom it belongs."""
    return [
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="RESTRICT"
            )
            for column, other in (("patient_id", "patient"), ("visit_id", "visit"), ("recorded_by_id", "account"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _remember_reports() -> None:
    """A reported one stays reported, on a day that nobody kept; a life-threatening or fatal one waits for its report.

    Which kinds must always be reported stands in the reference, which a step of the tables does not read: these come
    to be judged when they are next changed.
    """
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE side_effect SET report = 'reported' WHERE reported"))
    update = sa.text(
        "UPDATE side_effect SET serious = :yes, serious_criteria = :criteria, "
        "report = CASE WHEN reported THEN report ELSE 'to_be_reported' END WHERE severity = :severity"
    ).bindparams(sa.bindparam("criteria", type_=sa.JSON()))
    for severity, criterion in _SERIOUS.items():
        facts = {"yes": True, "criteria": [criterion], "severity": severity}
        connection.execute(update, facts)


def _remember_who_resolved() -> None:
    """Until now only the audit trail said who resolved a red flag, and when."""
    connection = op.get_bind()
    resolved = set(connection.execute(sa.text("SELECT id FROM side_effect WHERE resolved_note <> ''")).scalars())
    entries = connection.execute(
        sa.text(
            "SELECT record_id, account_id, at, after FROM audit_entry "
            "WHERE kind = 'side_effect' AND what = 'changed' ORDER BY id"
        ).columns(sa.column("record_id"), sa.column("account_id"), sa.column("at", sa.DateTime()), sa.column("after"))
    ).all()
    latest: dict[int, tuple[int | None, datetime]] = {}
    for effect, account, at, after in entries:
        facts = json.loads(after) if isinstance(after, str) else after
        if effect in resolved and (facts or {}).get("resolved_note"):
            latest[effect] = account, at
    update = sa.text("UPDATE side_effect SET resolved_by_id = :account, resolved_at = :at WHERE id = :key").bindparams(
        sa.bindparam("at", type_=sa.DateTime())
    )
    for effect, (account, at) in latest.items():
        connection.execute(update, {"account": account, "at": at, "key": effect})
