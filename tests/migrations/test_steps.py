"""Each step from an older release carries what the store holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from clinic_app.models import InjectionPoint
from clinic_app.models.database import Database, encrypted_engine
from clinic_app.models.upgrade import downgrade, upgrade
from tests.migrations.older_store import OlderStore

KEY = b"k" * 32


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = encrypted_engine(tmp_path / "clinic.db", KEY)
    yield engine
    engine.dispose()


def test_0002_points_keep_their_place_and_share_the_units_of_their_injection(engine: Engine) -> None:
    older = OlderStore(engine, "0001")
    with engine.begin() as connection:
        injection = older.signed_visit(connection, points=3)
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        points = session.scalars(select(InjectionPoint).order_by(InjectionPoint.position)).all()
        assert [(p.injection_id, p.x_mm, p.y_mm, p.units) for p in points] == [
            (injection, 3.5, 4.5, None),
            (injection, 3.5, 5.5, None),
            (injection, 3.5, 6.5, None),
        ]
    downgrade(engine, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM injection_point")).scalar() == 3
