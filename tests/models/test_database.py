from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from clinic_app.errors import StoreProblem
from clinic_app.models import Account, AccountRole, AuditEntry, Base, Patient
from clinic_app.models.base import Instant, Thousandths
from clinic_app.models.database import Database, encrypted_engine
from clinic_app.models.private_files import private_folder, write_private
from clinic_app.models.upgrade import downgrade, upgrade
from clinic_app.terms import Role, Sex

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def patient(number: str = "1") -> Patient:
    return Patient(
        record_number=number,
        family_name="Okafor",
        given_name="Ada",
        birth_date=date(1961, 3, 12),
        sex=Sex.FEMALE,
        created_at=AT,
    )


def test_the_migrations_build_what_the_records_describe(database: Database) -> None:
    with database.engine.connect() as connection:
        # SQLite gives its columns types of its own.
        compared = {"render_as_batch": True, "compare_type": database.line is not None}
        context = MigrationContext.configure(connection, opts=compared)
        assert compare_metadata(context, Base.metadata) == []


def test_the_first_migration_goes_down_and_up_again(database: Database) -> None:
    downgrade(database.engine, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    upgrade(database.engine)
    assert "visit" in inspect(database.engine).get_table_names()


def test_a_database_of_another_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE songs (id INTEGER)"))
    with pytest.raises(StoreProblem) as refused:
        upgrade(engine)
    assert refused.value.code == "store_not_ours"


def test_a_failed_transaction_leaves_no_trace(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing(None, AT) as session:
        session.add(patient())
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.scalars(select(Patient)).all() == []
        assert session.scalars(select(AuditEntry)).all() == []


def test_reading_never_writes(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("INSERT INTO room (name, active) VALUES ('x', true)"))
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM room")).scalar() == 0


def test_what_is_read_in_one_moment_is_read_in_one_transaction_and_sees_nothing_of_later(database: Database) -> None:
    def count() -> int:
        with database.reading() as session:
            found: int = session.scalar(select(func.count()).select_from(Patient)) or 0
            return found

    with database.one_moment():
        assert count() == 0
        with database.writing(None, AT) as session:
            session.add(patient())
        with database.one_moment():
            assert count() == 0
        assert count() == 0
    assert count() == 1


def test_every_change_is_in_the_audit_trail_with_before_and_after(database: Database) -> None:
    with database.writing(None, AT) as session:
        account = Account(user_name="a", full_name="A", created_at=AT)
        session.add(account)
        session.flush()
    with database.writing(account.id, AT) as session:
        session.add(patient())
    with database.writing(account.id, AT) as session:
        row = session.scalars(select(Patient)).one()
        row.weight_kg = Decimal("61.5")
    with database.writing(account.id, AT) as session:
        session.delete(session.scalars(select(Patient)).one())
    with database.reading() as session:
        trail = [e for e in session.scalars(select(AuditEntry).order_by(AuditEntry.id)) if e.kind == "patient"]
    assert [(e.what, e.account_id, e.workstation, e.patient_id) for e in trail] == [
        ("created", account.id, "desk-1", 1),
        ("changed", account.id, "desk-1", 1),
        ("removed", account.id, "desk-1", 1),
    ]
    assert trail[0].after["family_name"] == "Okafor"
    assert (trail[1].before, trail[1].after) == ({"weight_kg": None}, {"weight_kg": "61.5"})
    assert trail[2].before["birth_date"] == "1961-03-12"


def test_a_child_that_its_parent_lets_go_is_told_as_removed(database: Database) -> None:
    with database.writing(None, AT) as session:
        account = Account(user_name="a", full_name="A", created_at=AT)
        account.roles = [AccountRole(role=Role.NURSE), AccountRole(role=Role.MANAGER)]
        session.add(account)
    with database.writing(None, AT) as session:
        account = session.scalars(select(Account)).one()
        account.roles.remove(next(each for each in account.roles if each.role is Role.NURSE))
    with database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.what, last.kind, last.before, last.after) == (
        "removed", "account_role", {"account_id": account.id, "role": "nurse"}, {},
    )  # fmt: skip


def test_a_commit_announces_the_kinds_it_touched_and_a_failure_none(database: Database) -> None:
    heard: list[frozenset[str]] = []
    database.announce = heard.append
    with database.writing(None, AT) as session:
        session.add(patient())
    with pytest.raises(IntegrityError), database.writing(None, AT) as session:
        session.add(patient())
    with database.writing(None, AT):
        pass
    assert heard == [frozenset({"patient"})]


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing(None, AT) as session:
        session.execute(text("INSERT INTO account_role (account_id, role) VALUES (99, 'nurse')"))


def test_a_second_writer_is_told_to_wait(database: Database) -> None:
    shorter = "PRAGMA busy_timeout = 1" if database.line is None else "SET lock_timeout = 1"

    @event.listens_for(database.engine, "checkout")
    def _impatient(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute(shorter)

    with database.writing(None, AT), pytest.raises(StoreProblem) as refused, database.writing(None, AT):
        raise AssertionError("two writers at once")
    assert refused.value.code == "store_busy"


@pytest.mark.about_files
def test_a_full_disk_is_a_sentence(database: Database) -> None:
    with pytest.raises(StoreProblem) as refused, database.writing(None, AT) as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(400):
            row = patient(str(number))
            row.note = "x" * 2000
            session.add(row)
        session.flush()
    assert refused.value.code == "disk_full_now"


@pytest.mark.about_files
def test_a_wrong_key_opens_nothing(database: Database, tmp_path: Path) -> None:
    database.close()
    other = Database(encrypted_engine(tmp_path / "clinic.db", b"x" * 32))
    with pytest.raises(StoreProblem), other.reading() as session:
        session.execute(text("SELECT 1 FROM clinic"))
    other.close()


@pytest.mark.about_files
def test_a_disk_that_is_full_while_tables_are_made_is_a_sentence(engine: Engine) -> None:
    @event.listens_for(engine, "checkout")
    def _small(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA max_page_count = 8")

    with pytest.raises(StoreProblem) as refused:
        upgrade(engine)
    assert refused.value.code == "disk_full_now"


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreProblem):
        private_folder(tmp_path / "file")
    with pytest.raises(StoreProblem):
        write_private(tmp_path / "missing" / "keys", b"x")


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=3))
def test_quantities_come_back_exactly(value: Decimal) -> None:
    kind = Thousandths()
    dialect = create_engine("sqlite://").dialect
    assert kind.process_result_value(kind.process_bind_param(value, dialect), dialect) == value


def test_a_quantity_finer_than_a_thousandth_is_a_bug() -> None:
    with pytest.raises(ValueError, match="three decimal"):
        Thousandths().process_bind_param(Decimal("0.0001"), create_engine("sqlite://").dialect)


def test_a_moment_without_its_zone_is_a_bug() -> None:
    dialect = create_engine("sqlite://").dialect
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), dialect)
    assert Instant().process_result_value(Instant().process_bind_param(AT, dialect), dialect) == AT
