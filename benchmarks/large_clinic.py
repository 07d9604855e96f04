"""A large clinic in the midst of its work, encrypted like the real thing.

The large one has 100,000 patients, 1,000,000 signed visits with 8,000,000 injections from 20,000 lots, 300,000 side
effects and 500,000 appointments over ten years and sixteen weeks ahead; the small one has a tenth of each. One patient
more has 600 visits. Both have the same five injectors with full calendars
and the same 10,000 patients in treatment: 7,000 have their next injection booked, 3,000 are due or overdue with nothing
booked. So what a week or the recall list holds is the same in both; what differs is how much lies behind it.

What it leaves out: points on the map, and movements in the ledger of the stock.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calendars import NOW, InTreatment, Size
from benchmarks.clinic_rows import ClinicRows
from clinic_app.models import upgrade as steps
from clinic_app.models.keys import Cost
from clinic_app.reference import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role

PASSPHRASE = "four unrelated words here"
INJECTORS = ("Dr. Mara Ellison", "Dr. Ivo Brandt", "Dr. Lena Costa", "Dr. Tomas Hale", "Dr. Ruth Okoye")
_BUILT_FROM = (
    "bulk", "calendars", "clinic_rows", "large_clinic", "ledger_rows", "people", "seals", "treatment_rows", "treatments",
)  # fmt: skip
_CHEAP = Cost(passes=1, memory_kib=8, lanes=1)  # deriving keys is not what is measured


@dataclass(frozen=True)
class LargeClinic:
    """The open store with its services."""

    size: Size
    store: OpenStore
    services: Services
    actor: Actor

    def booked_patients(self) -> list[int]:
        """Those in treatment whose next injection is booked."""
        who = InTreatment(self.size)
        return [patient for patient in range(1, self.size.patients + 1) if who.is_booked(patient)]

    def close(self) -> None:
        """Close the store."""
        self.store.database.close()


def large_clinic(folder: Path, size: Size) -> LargeClinic:
    """Open the clinic of this size below ``folder``; build it first unless it stands there already."""
    place = folder / f"{size.name}-{_edition()}"
    if not (place / "built").exists():
        for older in folder.glob(f"{size.name}-*"):
            shutil.rmtree(older)
        place.mkdir(parents=True)
        _build(Settings(data=place), size)
        (place / "built").touch()
    store = unlock(Settings(data=place), "ellison", PASSPHRASE, lambda: NOW)
    services = build_services(store.database, lambda: NOW, load_reference())
    return LargeClinic(size, store, services, store.actor)


def _edition() -> str:
    """Changes with what builds it and with the tables."""
    here = Path(__file__).parent
    sources = [
        *(here / f"{name}.py" for name in _BUILT_FROM),
        *sorted((Path(steps.__file__).parent / "migrations" / "versions").glob("*.py")),
    ]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _build(settings: Settings, size: Size) -> None:
    new = NewClinic(
        name="Port Alder Movement Clinic",
        country="US",
        time_zone="America/New_York",
        language="en-US",
        paper_size=PaperSize.LETTER,
        label_region=LabelRegion.US,
        full_name=INJECTORS[0],
        user_name="ellison",
        roles=frozenset(Role),
        passphrase=PASSPHRASE,
    )
    set_up(settings, new, lambda: NOW, cost=_CHEAP)
    store = unlock(settings, "ellison", PASSPHRASE, lambda: NOW)
    for name in INJECTORS[1:]:
        add_person(
            settings,
            store,
            lambda: NOW,
            full_name=name,
            user_name=name.split()[-1],
            roles=frozenset({Role.PHYSICIAN}),
            passphrase=PASSPHRASE,
            cost=_CHEAP,
        )
    ClinicRows(store.database.engine, size).run()
    store.database.close()
