"""Devices, hours of single days, series, bookings over a clash, contact attempts, the waiting list, and cycles."""

import json
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    _clinic()
    _appointment()
    _lists()
    _cycles()


def downgrade() -> None:
    """Go down: what the older tables cannot hold is lost."""
    op.drop_table("treatment_cycle")
    op.drop_table("waiting_wish")
    op.drop_table("contact_attempt")
    op.drop_table("appointment_device")
    with op.batch_alter_table("appointment") as table:
        for columns in ("not_kept", "visit_id", "patient_id_starts_at", "room_id_starts_at", "series_id"):
            table.drop_index(op.f(f"ix_appointment_{columns}"))
        table.create_index(op.f("ix_appointment_patient_id"), ["patient_id"])
        table.drop_constraint(op.f("fk_appointment_overbooked_by_id_account"), type_="foreignkey")
        table.drop_constraint(op.f("fk_appointment_series_id_appointment_series"), type_="foreignkey")
        for name in ("overbooked_over", "overbook_reason", "overbooked_by_id", "series_id"):
            table.drop_column(name)
    op.drop_index(op.f("ix_appointment_starts_at"), "appointment")
    op.create_index(op.f("ix_appointment_starts_at"), "appointment", ["starts_at"])
    op.drop_index(op.f("ix_appointment_event_appointment_id_at"), "appointment_event")
    op.create_index(op.f("ix_appointment_event_appointment_id"), "appointment_event", ["appointment_id"])
    op.drop_table("appointment_series")
    op.drop_table("worked_holiday")
    op.drop_table("day_hours")
    with op.batch_alter_table("appointment_type") as table:
        for name in ("needs", "needs_room", "colour"):
            table.drop_column(name)
    op.drop_table("device")


def _clinic() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("name", name=op.f("uq_device_name")),
    )
    with op.batch_alter_table("appointment_type") as table:
        table.add_column(sa.Column("colour", sa.String(16), nullable=False, server_default=""))
        table.add_column(sa.Column("needs_room", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("needs", sa.JSON(), nullable=False, server_default=json.dumps([])))
    with op.batch_alter_table("appointment_type") as table:
        for name, kind in (("colour", sa.String(16)), ("needs_room", sa.Boolean()), ("needs", sa.JSON())):
            table.alter_column(name, server_default=None, existing_type=kind, existing_nullable=False)
    op.create_table(
        "day_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("injector_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (opens IS NOT NULL AND closes IS NOT NULL AND opens < closes)",
            name=op.f("ck_day_hours_opens_before_closes"),
        ),
        _account("day_hours", "injector_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_hours")),
        sa.UniqueConstraint("injector_id", "day", "opens", name=op.f("uq_day_hours_injector_id")),
    )
    op.create_index(op.f("ix_day_hours_day"), "day_hours", ["day"])
    op.create_table(
        "worked_holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_worked_holiday")),
    )


def _appointment() -> None:
    op.create_table(
        "appointment_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name=op.f("ck_appointment_series_weeks_range")),
        _patient("appointment_series"),
        _account("appointment_series", "made_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_series")),
    )
    op.create_index(op.f("ix_appointment_series_patient_id"), "appointment_series", ["patient_id"])
    with op.batch_alter_table("appointment") as table:
        table.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("overbooked_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("overbook_reason", sa.String(300), nullable=False, server_default=""))
        table.add_column(sa.Column("overbooked_over", sa.JSON(), nullable=False, server_default="[]"))
        table.create_foreign_key(
            op.f("fk_appointment_series_id_appointment_series"),
            "appointment_series",
            ["series_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        table.create_foreign_key(
            op.f("fk_appointment_overbooked_by_id_account"),
            "account",
            ["overbooked_by_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        table.drop_index(op.f("ix_appointment_patient_id"))
        table.create_index(op.f("ix_appointment_series_id"), ["series_id"])
        table.create_index(op.f("ix_appointment_room_id_starts_at"), ["room_id", "starts_at"])
        table.create_index(op.f("ix_appointment_patient_id_starts_at"), ["patient_id", "starts_at"])
        table.create_index(op.f("ix_appointment_visit_id"), ["visit_id"])
    with op.batch_alter_table("appointment") as table:
        table.alter_column(
            "overbook_reason", server_default=None, existing_type=sa.String(300), existing_nullable=False
        )
        table.alter_column("overbooked_over", server_default=None, existing_type=sa.JSON(), existing_nullable=False)
    not_kept = sa.text("state IN ('cancelled', 'no_show')")
    op.create_index(
        op.f("ix_appointment_not_kept"),
        "appointment",
        ["patient_id", "starts_at"],
        sqlite_where=not_kept,
        postgresql_where=not_kept,
    )
    op.drop_index(op.f("ix_appointment_starts_at"), "appointment")
    asked = ["starts_at", "state", "minutes", "injector_id", "room_id", "patient_id", "type_id"]
    op.create_index(op.f("ix_appointment_starts_at"), "appointment", asked)
    op.drop_index(op.f("ix_appointment_event_appointment_id"), "appointment_event")
    op.create_index(op.f("ix_appointment_event_appointment_id_at"), "appointment_event", ["appointment_id", "at"])
    _remember_who_overbooked()
    op.create_table(
        "appointment_device",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        _to("appointment_device", "appointment_id", "appointment"),
        _to("appointment_device", "device_id", "device"),
        sa.PrimaryKeyConstraint("appointment_id", "device_id", name=op.f("pk_appointment_device")),
    )
    op.create_index(op.f("ix_appointment_device_device_id"), "appointment_device", ["device_id"])


def _remember_who_overbooked() -> None:
    """Until now only the history of an appointment said who booked it over a clash, and why."""
    connection = op.get_bind()
    events = connection.execute(
        sa.text(
            "SELECT appointment_id, account_id, after FROM appointment_event "
            "WHERE what IN ('booked', 'moved') ORDER BY id"
        )
    ).all()
    latest: dict[int, tuple[int, str]] = {}
    for appointment, account, after in events:
        facts = json.loads(after) if isinstance(after, str) else after
        latest[appointment] = account, str((facts or {}).get("reason", ""))[:300]
    update = sa.text("UPDATE appointment SET overbooked_by_id = :account, overbook_reason = :reason WHERE id = :key")
    for appointment, (account, reason) in latest.items():
        if reason:
            connection.execute(update, {"account": account, "reason": reason, "key": appointment})


def _lists() -> None:
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("next_try_on", sa.Date(), nullable=True),
        _patient("contact_attempt"),
        _account("contact_attempt", "account_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(op.f("ix_contact_attempt_patient_id_at"), "contact_attempt", ["patient_id", "at"])
    op.create_table(
        "waiting_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("injector_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("not_before", sa.Time(), nullable=True),
        sa.Column("not_after", sa.Time(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("wished_at", sa.DateTime(), nullable=False),
        sa.Column("wished_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("end", sa.String(32), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 60", name=op.f("ck_waiting_wish_notice_days_range")),
        _patient("waiting_wish"),
        _to("waiting_wish", "type_id", "appointment_type"),
        _account("waiting_wish", "injector_id"),
        _account("waiting_wish", "wished_by_id"),
        _to("waiting_wish", "appointment_id", "appointment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_wish")),
    )
    op.create_index(op.f("ix_waiting_wish_patient_id"), "waiting_wish", ["patient_id"])
    op.create_index(op.f("ix_waiting_wish_ended_at"), "waiting_wish", ["ended_at"])


def _cycles() -> None:
    cycle = op.create_table(
        "treatment_cycle",
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("injected_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _patient("treatment_cycle"),
        _to("treatment_cycle", "visit_id", "visit"),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_treatment_cycle")),
    )
    op.create_index(op.f("ix_treatment_cycle_due_on"), "treatment_cycle", ["due_on"])
    visits = sa.text(
        "SELECT v.patient_id, v.id, v.visited_on, "
        "coalesce(nullif(v.interval_weeks, 0), nullif(p.usual_interval_weeks, 0), 12) "
        "FROM visit v JOIN patient p ON p.id = v.patient_id WHERE p.status = 'active' "
        "AND EXISTS (SELECT 1 FROM injection i WHERE i.visit_id = v.id) ORDER BY v.visited_on, v.id"
    ).columns(sa.column("patient_id"), sa.column("id"), sa.column("visited_on", sa.Date()), sa.column("weeks"))
    latest = {patient: (visit, day, weeks) for patient, visit, day, weeks in op.get_bind().execute(visits)}
    rows = [
        {
            "patient_id": patient,
            "visit_id": visit,
            "injected_on": day,
            "weeks": weeks,
            "due_on": day + timedelta(weeks=weeks),
        }
        for patient, (visit, day, weeks) in latest.items()
    ]
    if rows:
        op.bulk_insert(cycle, rows)


def _patient(table: str) -> sa.ForeignKeyConstraint:
    return _to(table, "patient_id", "patient")


def _account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return _to(table, column, "account")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="RESTRICT"
    )
