"""A clinic opened as a program opens it, for processes that have no fixtures."""

from datetime import UTC, datetime

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.services.verification import Broken, verify_clinic
from clinic_app.settings import Settings
from tests.clinics import PASSPHRASE, StandingClock
from tests.services.conftest import OpenClinic

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten o'clock in New York on Monday 2 March 2026."""


def enter(settings: Settings, reference: Reference, at: datetime = TEN, passphrase: str = PASSPHRASE) -> OpenClinic:
    """Unlock the clinic as the physician, who is its manager, too. Raises what ``unlock`` raises."""
    clock = StandingClock(at)
    store = unlock(settings, "ellison", passphrase, clock)
    services = Services(
        store.database,
        clock,
        reference,
        key_file=store.files.keys,
        research_key=store.research_key,
        backup=(settings, store.key),
        data_key=store.key,
    )
    actors = {
        a.user_name: Actor(a.id, a.user_name, a.full_name, a.roles) for a in services.clinics.accounts(store.actor)
    }
    return OpenClinic(settings, store, services, clock, "", store.actor, actors["nurse"], actors["desk"])


def broken(clinic: OpenClinic) -> tuple[Broken, ...]:
    """What ``clinic-app verify`` finds."""
    return verify_clinic(
        clinic.settings, clinic.store.database, clinic.store.data_key, clinic.settings.data / "backups"
    )
