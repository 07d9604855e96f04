"""What the account for work may not do on a server, whatever the program asks of it."""

import pytest
from sqlalchemy import text

from clinic_app.errors import StoreProblem
from tests.both_kinds import SERVER
from tests.services.conftest import OpenClinic

pytestmark = pytest.mark.parametrize("store_kind", [SERVER], indirect=True, scope="session")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER visit_is_sealed ON visit",
        "ALTER TABLE visit DISABLE TRIGGER ALL",
        "ALTER TABLE visit ADD COLUMN mine integer",
        "CREATE OR REPLACE FUNCTION visit_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "TRUNCATE audit_entry",
        "TRUNCATE visit CASCADE",
        "UPDATE audit_entry SET what = 'other'",
        "DELETE FROM audit_entry",
        "DELETE FROM stock_movement",
        "UPDATE addendum SET text = 'other'",
        "UPDATE alembic_version SET version_num = '9999'",
        "DROP TABLE room",
    ],
)
def test_seals_trail_and_tables_are_out_of_its_reach(clinic: OpenClinic, statement: str) -> None:
    clinic.signed(clinic.patient(), clinic.content(clinic.lot()))
    with (
        pytest.raises(StoreProblem) as refused,
        clinic.store.database.writing(None, clinic.clock()) as session,
    ):
        session.execute(text(statement))
    assert refused.value.code == "server_rights_missing"
