"""The whole demo clinic as files, a clinic made of them, and the same files again."""

from datetime import timedelta
from pathlib import Path

from clinic_app.demo import template
from clinic_app.reference.catalogue import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.clinic_export import export_clinic
from clinic_app.services.clinic_import import import_clinic
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from tests.clinics import CHEAP, StandingClock
from tests.demo.conftest import WEDNESDAY
from tests.services.conftest import OpenClinic

NEW = "harbour violets seldom sleep"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_demo_clinic_comes_back_from_its_files_and_is_worked_in(
    demo: OpenStore, reference: Reference, tmp_path: Path
) -> None:
    export_clinic(demo.database, demo.actor, tmp_path / "first", lambda: WEDNESDAY)
    there = Settings(data=tmp_path / "there")
    came = import_clinic(there, tmp_path / "first", template.USER, NEW, lambda: WEDNESDAY, cost=CHEAP)
    assert came.broken == () and came.rows["visit"] > 500 and came.waiting == ("desk", "nurse", "reyes")

    later = WEDNESDAY + timedelta(minutes=1)
    store = unlock(there, template.USER, NEW, lambda: later, noted=False)
    export_clinic(store.database, store.actor, tmp_path / "second", lambda: WEDNESDAY)
    first, second = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    store.close()

    store = unlock(there, template.USER, NEW, lambda: later)
    services = Services(store.database, lambda: later, reference, key_file=store.files.keys)
    clock, manager = StandingClock(later), store.actor
    clinic = OpenClinic(there, store, services, clock, came.recovery_code, manager, manager, manager, later.date())
    clinic.signed(clinic.patient())
    assert verify_clinic(there, store.database, store.data_key, there.data / "backups") == ()
    store.close()
