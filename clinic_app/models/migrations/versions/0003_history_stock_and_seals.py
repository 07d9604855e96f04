"""A dated history, a ledger in units, saved patterns, the clinic's own limits, and signed visits that are sealed."""

import json
from collections import defaultdict
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from clinic_app.models import sealing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LISTS = ("better_with", "worse_with", "daily_tasks", "complications")


def upgrade() -> None:
    """Go up."""
    _patient()
    _visit()
    _stock()
    _clinic()
    sealing.install(op.get_bind(), imports=False)


def downgrade() -> None:
    """Go down: what the older tables cannot hold is lost, the days of entries that are no whole day among it."""
    sealing.remove(op.get_bind())
    _clinic_back()
    _stock_back()
    _visit_back()
    _patient_back()


def _patient() -> None:
    with op.batch_alter_table("patient") as table:
        table.add_column(sa.Column("pregnancy_asked_on", sa.Date(), nullable=True))
    with op.batch_alter_table("patient_entry") as table:
        table.alter_column("result", new_column_name="detail", existing_type=sa.String(1000), existing_nullable=False)
        table.add_column(sa.Column("since", sa.String(10), nullable=False, server_default=""))
        table.add_column(sa.Column("until", sa.String(10), nullable=False, server_default=""))
    op.execute("UPDATE patient_entry SET since = dated WHERE dated IS NOT NULL")
    with op.batch_alter_table("patient_entry") as table:
        table.drop_column("dated")
        table.alter_column("since", server_default=None, existing_type=sa.String(10), existing_nullable=False)
        table.alter_column("until", server_default=None, existing_type=sa.String(10), existing_nullable=False)
    with op.batch_alter_table("dystonia_history") as table:
        table.add_column(sa.Column("cause_group", sa.String(32), nullable=True))
        table.add_column(sa.Column("is_task_specific", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("runs_in_family", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("began", sa.String(10), nullable=False, server_default=""))
    op.execute("UPDATE dystonia_history SET began = onset WHERE onset IS NOT NULL")
    _rewrite_lists(lambda text: json.dumps([text] if text else []))
    with op.batch_alter_table("dystonia_history") as table:
        table.drop_column("onset")
        table.alter_column(
            "began", new_column_name="onset", server_default=None, existing_type=sa.String(10), existing_nullable=False
        )
        for name in _LISTS:
            table.alter_column(
                name,
                type_=sa.JSON(),
                existing_type=sa.Text(),
                existing_nullable=False,
                postgresql_using=f"{name}::json",
            )
    op.create_table(
        "diagnosis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("indication", sa.String(100), nullable=False),
        sa.Column("icd10cm", sa.String(16), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_diagnosis_patient_id_patient"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )
    op.create_index(op.f("ix_diagnosis_patient_id"), "diagnosis", ["patient_id"])
    with op.batch_alter_table("toxin_elsewhere") as table:
        table.add_column(sa.Column("reason", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("toxin_elsewhere") as table:
        table.alter_column("reason", server_default=None, existing_type=sa.String(300), existing_nullable=False)


def _patient_back() -> None:
    with op.batch_alter_table("toxin_elsewhere") as table:
        table.drop_column("reason")
    op.drop_table("diagnosis")
    with op.batch_alter_table("dystonia_history") as table:
        table.alter_column("onset", new_column_name="began", existing_type=sa.String(10), existing_nullable=False)
    with op.batch_alter_table("dystonia_history") as table:
        table.add_column(sa.Column("onset", sa.Date(), nullable=True))
        for name in _LISTS:
            table.alter_column(
                name,
                type_=sa.Text(),
                existing_type=sa.JSON(),
                existing_nullable=False,
                postgresql_using=f"{name}::text",
            )
    _rewrite_lists(lambda text: ", ".join(json.loads(text)))
    _days("dystonia_history", "onset", "began")
    with op.batch_alter_table("dystonia_history") as table:
        for name in ("began", "runs_in_family", "is_task_specific", "cause_group"):
            table.drop_column(name)
    with op.batch_alter_table("patient_entry") as table:
        table.alter_column("detail", new_column_name="result", existing_type=sa.String(1000), existing_nullable=False)
        table.add_column(sa.Column("dated", sa.Date(), nullable=True))
    _days("patient_entry", "dated", "since")
    with op.batch_alter_table("patient_entry") as table:
        table.drop_column("since")
        table.drop_column("until")
    op.execute("DELETE FROM patient_entry WHERE kind = 'surgery'")
    with op.batch_alter_table("patient") as table:
        table.drop_column("pregnancy_asked_on")


def _rewrite_lists(change: Callable[[str], str]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT patient_id, {', '.join(_LISTS)} FROM dystonia_history")).all()
    assignments = ", ".join(f"{name} = :{name}" for name in _LISTS)
    for patient_id, *texts in rows:
        connection.execute(
            sa.text(f"UPDATE dystonia_history SET {assignments} WHERE patient_id = :patient_id"),
            {"patient_id": patient_id, **{name: change(text) for name, text in zip(_LISTS, texts, strict=True)}},
        )


def _days(table: str, day: str, text: str) -> None:
    """Only whole days fit into a column of days."""
    # SQLite keeps days as text, and would cast them to their year.
    value = f"CAST({text} AS date)" if op.get_bind().dialect.name == "postgresql" else text
    op.execute(f"UPDATE {table} SET {day} = {value} WHERE length({text}) = 10")


def _visit() -> None:
    op.create_table(
        "draft_presence",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("workstation", sa.String(200), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_draft_presence_account_id_account"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["chart_draft.id"], name=op.f("fk_draft_presence_draft_id_chart_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "account_id", "workstation", name=op.f("pk_draft_presence")),
    )
    op.create_table(
        "saved_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("indication", sa.String(100), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_pattern_account_id_account"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["account.id"], name=op.f("fk_saved_pattern_saved_by_id_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_pattern")),
        sa.UniqueConstraint("account_id", "indication", "product", "name", name=op.f("uq_saved_pattern_account_id")),
    )
    op.create_index(op.f("ix_saved_pattern_account_id"), "saved_pattern", ["account_id"])
    with op.batch_alter_table("vial") as table:
        table.add_column(sa.Column("witness_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("gtin", sa.String(14), nullable=True))
        table.add_column(sa.Column("serial", sa.String(100), nullable=True))
        table.create_foreign_key(
            op.f("fk_vial_witness_id_account"), "account", ["witness_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_index(op.f("ix_vial_serial"), ["serial"])
    with op.batch_alter_table("injection") as table:
        table.add_column(sa.Column("indication", sa.String(100), nullable=True))
    with op.batch_alter_table("override") as table:
        table.add_column(sa.Column("answered_by", sa.String(300), nullable=True))
    with op.batch_alter_table("addendum") as table:
        table.add_column(sa.Column("reason", sa.String(300), nullable=False, server_default=""))
        table.add_column(sa.Column("digest", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("addendum") as table:
        table.alter_column("reason", server_default=None, existing_type=sa.String(300), existing_nullable=False)
        table.alter_column("digest", server_default=None, existing_type=sa.String(64), existing_nullable=False)


def _visit_back() -> None:
    with op.batch_alter_table("addendum") as table:
        table.drop_column("digest")
        table.drop_column("reason")
    with op.batch_alter_table("override") as table:
        table.drop_column("answered_by")
    with op.batch_alter_table("injection") as table:
        table.drop_column("indication")
    with op.batch_alter_table("vial") as table:
        table.drop_index(op.f("ix_vial_serial"))
        table.drop_constraint(op.f("fk_vial_witness_id_account"), type_="foreignkey")
        for name in ("serial", "gtin", "witness_id"):
            table.drop_column(name)
    op.drop_table("saved_pattern")
    op.drop_table("draft_presence")


def _stock() -> None:
    with op.batch_alter_table("lot") as table:
        table.add_column(sa.Column("hold", sa.String(32), nullable=True))
        table.add_column(sa.Column("hold_reason", sa.String(300), nullable=False, server_default=""))
        table.add_column(sa.Column("gtin", sa.String(14), nullable=True))
    op.execute(sa.text("UPDATE lot SET hold = 'quarantined' WHERE quarantined = :yes").bindparams(yes=True))
    with op.batch_alter_table("lot") as table:
        table.drop_column("quarantined")
        table.alter_column("hold_reason", server_default=None, existing_type=sa.String(300), existing_nullable=False)
    with op.batch_alter_table("stock_movement") as table:
        table.add_column(sa.Column("vial_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("units", sa.Integer(), nullable=True))
        table.add_column(sa.Column("witness_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_stock_movement_vial_id_vial"), "vial", ["vial_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_foreign_key(
            op.f("fk_stock_movement_witness_id_account"), "account", ["witness_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_index(op.f("ix_stock_movement_vial_id"), ["vial_id"])
    _follow_the_units()
    op.create_table(
        "product_code",
        sa.Column("gtin", sa.String(14), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("size_units", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.DateTime(), nullable=False),
        sa.Column("learned_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learned_by_id"], ["account.id"], name=op.f("fk_product_code_learned_by_id_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("gtin", name=op.f("pk_product_code")),
    )


def _follow_the_units() -> None:
    """Older ledgers count vials only: say for each vial used in a visit what was drawn from it and what wasted."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE stock_movement SET kind = 'opened' WHERE kind = 'used'"))
    opened = defaultdict(list)
    for key, visit, lot, at, account in connection.execute(
        sa.text("SELECT id, visit_id, lot_id, at, account_id FROM stock_movement WHERE kind = 'opened' ORDER BY id")
    ):
        opened[visit, lot].append((key, at, account))
    vials = connection.execute(
        sa.text(
            "SELECT vial.id, vial.visit_id, vial.lot_id, vial.size_units, vial.wasted_units, vial.waste_reason, "
            "(SELECT coalesce(sum(injection.units), 0) FROM injection WHERE injection.vial_id = vial.id) "
            "FROM vial WHERE vial.lot_id IS NOT NULL ORDER BY vial.position, vial.id"
        )
    ).all()
    add = sa.text(
        "INSERT INTO stock_movement (lot_id, kind, vials, at, account_id, visit_id, vial_id, units, reason) "
        "VALUES (:lot, :kind, 0, :at, :account, :visit, :vial, :units, :reason)"
    )
    for vial, visit, lot, size, wasted, reason, given in vials:
        if not opened[visit, lot]:
            continue
        key, at, account = opened[visit, lot].pop(0)
        connection.execute(
            sa.text("UPDATE stock_movement SET vial_id = :vial, units = :size WHERE id = :key"),
            {"vial": vial, "size": size, "key": key},
        )
        row = {"lot": lot, "at": at, "account": account, "visit": visit, "vial": vial}
        connection.execute(add, {**row, "kind": "drawn", "units": -given, "reason": ""})
        if wasted:
            connection.execute(add, {**row, "kind": "wasted", "units": -wasted, "reason": reason})


def _stock_back() -> None:
    op.drop_table("product_code")
    op.execute("DELETE FROM stock_movement WHERE vials = 0")
    op.execute("UPDATE stock_movement SET kind = 'used' WHERE kind = 'opened'")
    op.execute("UPDATE stock_movement SET kind = 'discarded' WHERE kind IN ('returned', 'expired')")
    with op.batch_alter_table("stock_movement") as table:
        table.drop_index(op.f("ix_stock_movement_vial_id"))
        table.drop_constraint(op.f("fk_stock_movement_witness_id_account"), type_="foreignkey")
        table.drop_constraint(op.f("fk_stock_movement_vial_id_vial"), type_="foreignkey")
        for name in ("witness_id", "units", "vial_id"):
            table.drop_column(name)
    with op.batch_alter_table("lot") as table:
        table.add_column(sa.Column("quarantined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE lot SET quarantined = :yes WHERE hold IS NOT NULL").bindparams(yes=True))
    with op.batch_alter_table("lot") as table:
        table.alter_column("quarantined", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
        for name in ("gtin", "hold_reason", "hold"):
            table.drop_column(name)


def _clinic() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("pin_verifier", sa.String(200), nullable=True))
        table.add_column(sa.Column("pin_failures", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("account") as table:
        table.alter_column("pin_failures", server_default=None, existing_type=sa.Integer(), existing_nullable=False)
    op.create_table(
        "clinic_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check", sa.String(100), nullable=False),
        sa.Column("product", sa.String(100), nullable=False),
        sa.Column("indication", sa.String(100), nullable=False),
        sa.Column("muscle", sa.String(100), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["account.id"], name=op.f("fk_clinic_limit_set_by_id_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_limit")),
    )


def _clinic_back() -> None:
    op.drop_table("clinic_limit")
    with op.batch_alter_table("account") as table:
        table.drop_column("pin_failures")
        table.drop_column("pin_verifier")
