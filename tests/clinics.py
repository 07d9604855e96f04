"""Clinics for tests: set up once in a folder of a run, copied for every test, at a clock that stands still."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from clinic_app.models.keys import Cost
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, Draft
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.stores import NewClinic, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role

PASSPHRASE = "four unrelated words here"
"""Everybody's passphrase."""
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
"""Keys that cost no time."""
PORT_ALDER = NewClinic(
    name="Port Alder Movement Clinic",
    country="US",
    time_zone="America/New_York",
    language="en-US",
    paper_size=PaperSize.LETTER,
    label_region=LabelRegion.US,
    full_name="Dr. Mara Ellison",
    user_name="ellison",
    roles=frozenset(Role),
    passphrase=PASSPHRASE,
)


@dataclass
class StandingClock:
    """A clock that goes when it is told."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: int) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True, slots=True)
class SealedClinic:
    """A clinic as it was set up, which nobody works in."""

    settings: Settings
    recovery_code: str

    def copy(self, folder: Path) -> Settings:
        """The same clinic in a new folder, who may read it included, for one test to work in."""
        shutil.copytree(self.settings.data, folder)
        return Settings(data=folder)


def seal(folder: Path, answers: NewClinic, at: datetime, people: Mapping[str, tuple[str, Role]]) -> SealedClinic:
    """Set up a clinic in a folder that is not there yet, and add people: full name and role by user name."""
    settings, clock = Settings(data=folder), StandingClock(at)
    code = set_up(settings, answers, clock, cost=CHEAP)
    store = unlock(settings, answers.user_name, PASSPHRASE, clock)
    for user_name, (full_name, role) in people.items():
        add_person(
            settings,
            store,
            clock,
            full_name=full_name,
            user_name=user_name,
            roles=frozenset({role}),
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
    store.database.close()
    return SealedClinic(settings, code)


def sign(services: Services, actor: Actor, draft: Draft, content: ChartContent, reason: str) -> int:
    """Sign a draft, acknowledging every warning and giving every stop a reason; returns the visit's number."""
    context = services.charts.context(actor, draft.patient_id)
    now = local_now(services.clock, services.clinic.time_zone)
    charted = charting.read(content, context, services.reference, now, at_signing=True)
    answers = tuple(charting.answering(finding, reason) for finding in charted.findings)
    confirmed = Confirmed(actor.account_id, services.clock())
    return services.charts.sign(actor, draft.id, draft.version, replace(content, answers=answers), confirmed)
