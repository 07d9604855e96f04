"""What was brought in from files of before, and vials of which such a file does not know everything."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import op

from clinic_app.models import sealing
from clinic_app.models.base import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NOT_ALWAYS_KNOWN: dict[str, sa.types.TypeEngine[Any]] = {
    "expires_on": sa.Date(),
    "size_units": sa.Integer(),
    "diluent_ml": sa.Integer(),
    "wasted_units": sa.Integer(),
}


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "data_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("file_name", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rows_in", sa.Integer(), nullable=False),
        sa.Column("rows_out", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_data_import_account_id_account"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["account.id"], name=op.f("fk_data_import_undone_by_id_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_import")),
    )
    op.create_table(
        "imported_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["data_import.id"], name=op.f("fk_imported_row_import_id_data_import"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("import_id", "kind", "row_id", name=op.f("uq_imported_row_import_id")),
    )
    sealing.remove(op.get_bind())
    # An undone import removes patients and visits: their numbers must not name somebody else in the trail one day.
    # A server's sequences never give a number twice.
    never_twice = {"sqlite_autoincrement": True}
    with op.batch_alter_table("patient", table_kwargs=never_twice, recreate=_always()):
        pass
    with op.batch_alter_table("visit", table_kwargs=never_twice, recreate=_always()) as table:
        table.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_visit_import_id_data_import"), "data_import", ["import_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_index(op.f("ix_visit_import_id"), ["import_id"])
    with op.batch_alter_table("vial") as table:
        for name, kind in _NOT_ALWAYS_KNOWN.items():
            table.alter_column(name, existing_type=kind, nullable=True)
    sealing.install(op.get_bind())


def downgrade() -> None:
    """Go down: what is not known of a vial becomes zero and the day of its visit, and nothing can be undone."""
    sealing.remove(op.get_bind())
    op.execute(
        "UPDATE vial SET expires_on = (SELECT visited_on FROM visit WHERE visit.id = vial.visit_id) "
        "WHERE expires_on IS NULL"
    )
    for name in ("size_units", "diluent_ml", "wasted_units"):
        op.execute(f"UPDATE vial SET {name} = 0 WHERE {name} IS NULL")
    with op.batch_alter_table("vial") as table:
        for name, kind in _NOT_ALWAYS_KNOWN.items():
            table.alter_column(name, existing_type=kind, nullable=False)
    with op.batch_alter_table("patient", recreate=_always()):
        pass
    with op.batch_alter_table("visit", recreate=_always()) as table:
        table.drop_index(op.f("ix_visit_import_id"))
        table.drop_constraint(op.f("fk_visit_import_id_data_import"), type_="foreignkey")
        table.drop_column("import_id")
    op.drop_table("imported_row")
    op.drop_table("data_import")
    sealing.install(op.get_bind(), imports=False)


def _always() -> Literal["always", "never"]:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
