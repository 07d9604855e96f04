"""The data key in memory: there while it is held, wiped when it is dropped."""

from pathlib import Path

import pytest
from sqlalchemy import text

from clinic_app.errors import StoreProblem
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.models.keys import new_data_key
from tests.clinics import EmptyStore
from tests.postgres import PostgresServer


def test_a_key_that_was_dropped_is_gone_from_its_memory_and_opens_nothing(
    tmp_path: Path, server: PostgresServer | None
) -> None:
    raw = new_data_key()
    key = DataKey(raw)
    assert key.reveal() == raw
    database = Database(EmptyStore.new(tmp_path, server).engine(key))
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (b INTEGER)"))
    database.close()
    key.drop()
    assert not key.held
    assert bytes(key._bytes) == bytes(32)
    for use in (key.reveal, database.engine.connect):
        with pytest.raises(StoreProblem) as refused:
            use()
        assert refused.value.code == "store_locked"
    key.hold(raw)
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM a")).scalar() == 0
    database.close()
