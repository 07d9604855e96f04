"""A large clinic in the midst of its work, encrypted like the real thing.

The large one has 100,000 patients, 1,000,000 signed visits with 8,000,000 injections from 20,000 lots, 300,000 side
effects and 500,000 appointments over ten years and sixteen weeks ahead; the small one has a tenth of each. One patient
more has 600 visits. Both have the same five injectors with full calendars
and the same 10,000 patients in treatment: 7,000 have their next injection booked, 3,000 are due or overdue with nothing
booked. So what a week or the recall list holds is the same in both; what differs is how much lies behind it.

What it leaves out: points on the map but at the visits that are repeated next, and of the audit trail all but the
bookings.
"""

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calendars import NOW, InTreatment, Size
from benchmarks.clinic_rows import ClinicRows
from clinic_app.models import upgrade as steps
from clinic_app.models.keys import Cost
from clinic_app.reference import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.backups import backup_name
from clinic_app.services.bundle import Services
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role

USER, PASSPHRASE = "ellison", "four unrelated words here"
INJECTORS = ("Dr. Mara Ellison", "Dr. Ivo Brandt", "Dr. Lena Costa", "Dr. Tomas Hale", "Dr. Ruth Okoye")
_BUILT_FROM = (
    "bulk", "calendars", "clinic_rows", "large_clinic", "ledger_rows", "people", "seals", "treatment_rows",
    "treatments",
)  # fmt: skip
_CHEAP = Cost(passes=1, memory_kib=8, lanes=1)  # deriving keys is not what is measured


@dataclass(frozen=True)
class LargeClinic:
    """The open store with its services."""

    size: Size
    store: OpenStore
    services: Services
    actor: Actor

    @property
    def on_server(self) -> bool:
        """Whether it lies in a database of a server."""
        return self.store.database.line is not None

    def booked_patients(self) -> list[int]:
        """Those in treatment whose next injection is booked."""
        who = InTreatment(self.size)
        return [patient for patient in range(1, self.size.patients + 1) if who.is_booked(patient)]

    def close(self) -> None:
        """Close the store."""
        self.store.database.close()


def built_clinic(folder: Path, size: Size, say: Callable[[str], object] = lambda _: None) -> Path:
    """The folder of the clinic of this size below ``folder``; built first unless it stands there already."""
    place = folder / f"{size.name}-{_edition()}"
    if not (place / "built").exists():
        for older in folder.glob(f"{size.name}-*"):
            shutil.rmtree(older)
        place.mkdir(parents=True)
        say(f"Building a clinic of {size.patients:,} patients; it is kept in {folder}")
        begun = time.perf_counter()
        _build(Settings(data=place), size, say)
        _backed_up(Settings(data=place))
        (place / "built").touch()
        say(f"Built in {time.perf_counter() - begun:.0f} s")
    return place


def open_clinic(settings: Settings, size: Size) -> LargeClinic:
    """Open a clinic that was built."""
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    return LargeClinic(size, store, services, store.actor)


def large_clinic(folder: Path, size: Size) -> LargeClinic:
    """Open the clinic of this size below ``folder`` itself, no copy; it is built first where there is none."""
    return open_clinic(Settings(data=built_clinic(folder, size)), size)


def _backed_up(settings: Settings) -> None:
    """An empty file with the name of a backup made just now: no window that is measured makes one meanwhile."""
    settings.usual_backups.mkdir()
    (settings.usual_backups / backup_name(NOW)).touch()


def _edition() -> str:
    """Changes with what builds it and with the tables."""
    here = Path(__file__).parent
    sources = [
        *(here / f"{name}.py" for name in _BUILT_FROM),
        *sorted((Path(steps.__file__).parent / "migrations" / "versions").glob("*.py")),
    ]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _build(settings: Settings, size: Size, say: Callable[[str], object]) -> None:
    new = NewClinic(
        name="Port Alder Movement Clinic",
        country="US",
        time_zone="America/New_York",
        language="en-US",
        paper_size=PaperSize.LETTER,
        label_region=LabelRegion.US,
        full_name=INJECTORS[0],
        user_name=USER,
        roles=frozenset(Role),
        passphrase=PASSPHRASE,
    )
    set_up(settings, new, lambda: NOW, cost=_CHEAP)
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
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
    ClinicRows(store.database.engine, size, say).run()
    store.database.close()
