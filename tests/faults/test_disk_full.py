"""A disk that is full at the first write, at the second, at the third: one sentence, nothing half there, it goes on.

Each try is given one page more than the one before, until it succeeds.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic_app.errors import StoreProblem
from clinic_app.models import Base
from clinic_app.models.keys import KeyFile
from clinic_app.reference import Reference
from clinic_app.services.accounts import Accounts
from clinic_app.services.backups import verify_backup
from clinic_app.services.stores import set_up, unlock
from clinic_app.settings import Settings
from tests.clinics import CHEAP, PASSPHRASE, PORT_ALDER, SealedClinic, StandingClock, sign
from tests.faults.full_disks import FullDisk, files_that_cannot_grow, small_disk
from tests.faults.scripted import OTHER_PASSPHRASE
from tests.faults.workplace import TEN, broken, enter
from tests.services.booking import wanted
from tests.services.conftest import OpenClinic

NO_ROOM = {"disk_full", "disk_full_now"}
NO_GROWTH = {"store_unreachable", "folder_unusable"}
"""What the system says of a limit is less clear than of a full disk; the sentence asks to look for room, too."""
Work = tuple[OpenClinic, FullDisk, set[str]]


@pytest.fixture(params=[small_disk, files_that_cannot_grow], ids=["disk", "limit"])
def full(
    request: pytest.FixtureRequest, port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> Iterator[Work]:
    with request.param(tmp_path / "disk") as disk:
        clinic = enter(port_alder.copy(tmp_path / "disk" / "clinic"), reference)
        yield clinic, disk, NO_ROOM | (NO_GROWTH if request.param is files_that_cannot_grow else set())
        clinic.store.database.close()


def rows(clinic: OpenClinic) -> dict[str, int]:
    """How many rows each table has but the trail of who looked at what, which is written when there is room again."""
    tables = {name: table for name, table in Base.metadata.tables.items() if name != "audit_entry"}
    counts = [select(func.count()).select_from(table).scalar_subquery().label(name) for name, table in tables.items()]
    with clinic.store.database.reading() as session:
        return dict(session.execute(select(*counts)).one()._mapping)


def until_it_works(
    disk: FullDisk, act: Callable[[], object], unchanged: Callable[[], object], pages: int = 1
) -> list[str]:
    """The sentences' codes that were told until there was room enough."""
    before, told = unchanged(), []
    disk.fill()
    while True:
        try:
            act()
        except StoreProblem as problem:
            assert str(problem)
            told.append(problem.code)
            assert unchanged() == before
            disk.make_room(pages)
        else:
            disk.empty()
            return told


def test_signing(full: Work) -> None:
    clinic, disk, sentences = full
    lot, patient = clinic.lot(), clinic.patient()
    appointment = clinic.services.schedule.book(clinic.desk, wanted(clinic, patient))
    draft = clinic.services.charts.start(clinic.physician, patient, appointment_id=appointment)
    content = clinic.content(lot)
    told = until_it_works(
        disk,
        lambda: sign(clinic.services, clinic.physician, draft, content, "discussed"),
        lambda: (rows(clinic), clinic.services.charts.open(clinic.physician, draft.id).content),
        pages=2,
    )
    assert len(told) > 10, "a signature is many writes"
    assert set(told) <= sentences
    assert rows(clinic)["visit"] == 1
    assert clinic.services.charts.drafts(clinic.physician) == ()
    assert broken(clinic) == ()


def test_keeping_a_chart_and_booking(full: Work) -> None:
    clinic, disk, sentences = full
    patient = clinic.patient()
    draft = clinic.services.charts.start(clinic.physician, patient)
    kept = until_it_works(
        disk,
        lambda: clinic.services.charts.keep(clinic.physician, draft.id, draft.version, clinic.content()),
        lambda: clinic.services.charts.open(clinic.physician, draft.id).version,
    )
    booked = until_it_works(
        disk, lambda: clinic.services.schedule.book(clinic.desk, wanted(clinic, patient)), lambda: rows(clinic)
    )
    assert kept and booked
    assert {*kept, *booked} <= sentences
    assert clinic.services.charts.open(clinic.physician, draft.id).content == clinic.content()
    assert broken(clinic) == ()


def test_changing_a_passphrase(full: Work) -> None:
    clinic, disk, sentences = full
    settings = clinic.settings
    accounts = Accounts(clinic.store.database, clinic.clock, settings.key_file, clinic.store.key, cost=CHEAP)
    told = until_it_works(
        disk,
        lambda: accounts.change_passphrase(clinic.physician, PASSPHRASE, OTHER_PASSPHRASE),
        lambda: settings.key_file.read_bytes(),
    )
    assert told
    assert set(told) <= sentences
    assert KeyFile.read(settings.key_file).open("ellison", OTHER_PASSPHRASE) == clinic.store.data_key
    assert [file.name for file in settings.data.glob(".*")] == []


def test_a_backup(full: Work) -> None:
    clinic, disk, sentences = full
    plan = clinic.services.backup_plan
    assert plan is not None
    earlier = plan.run().file
    clinic.clock.forward(hours=5)
    clinic.patient()
    told = until_it_works(
        disk, plan.run, lambda: [file.name for file in earlier.parent.iterdir()] and earlier.read_bytes(), pages=24
    )
    assert told
    assert set(told) <= sentences | {"store_unreachable"}, "its sentence asks for room, too"
    assert plan.made()[0].made_at.hour == 15
    for file in earlier.parent.iterdir():
        verify_backup(file, clinic.store.data_key)


def test_setting_up_and_opening(tmp_path: Path) -> None:
    settings, clock = Settings(data=tmp_path / "disk" / "new"), StandingClock(TEN)
    with small_disk(tmp_path / "disk") as disk:
        told = until_it_works(
            disk,
            lambda: set_up(settings, PORT_ALDER, clock, cost=CHEAP),
            lambda: settings.exists,
            pages=64,
        )
        assert len(told) > 2
        assert set(told) <= NO_ROOM | NO_GROWTH
        told = until_it_works(
            disk,
            lambda: unlock(settings, "ellison", PASSPHRASE, clock).database.close(),
            lambda: settings.key_file.read_bytes(),
        )
        assert set(told) <= NO_ROOM | NO_GROWTH
