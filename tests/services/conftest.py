"""A real encrypted clinic for every test, with a clock that stands still unless it is moved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import Reference, load_reference
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role, Side

PASSPHRASE = "four unrelated words here"
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)


class StandingClock:
    """Monday 2 March 2026, ten o'clock in New York, until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: int) -> None:
        self.moment += timedelta(**by)


@dataclass
class OpenClinic:
    settings: Settings
    store: OpenStore
    services: Services
    clock: StandingClock
    recovery_code: str
    physician: Actor
    nurse: Actor
    desk: Actor
    today: date = date(2026, 3, 2)

    def patient(self, **typed: object) -> int:
        form = {
            "family_name": "Okafor",
            "given_name": "Ada",
            "birth_date": date(1961, 3, 12),
            "history": HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
        } | typed
        return self.services.patients.register(self.physician, PatientForm(**form))  # type: ignore[arg-type]

    def lot(self, vials: int = 10, size: int = 100, number: str = "C1234", product: str = "onabotulinumtoxinA") -> int:
        return self.services.stock.receive(
            self.nurse,
            product=product,
            number=number,
            size_units=Decimal(size),
            expires_on=date(2027, 5, 31),
            vials=vials,
        )

    def content(self, lot_id: int | None = None, **changes: object) -> ChartContent:
        """A chart that a physician could sign: 60 + 40 units from one vial of 100, nothing left."""
        given = {
            "visited_on": self.clock.moment.date(),
            "injector_id": self.physician.account_id,
            "indication": "cervical_dystonia",
            "icd10cm": "G24.3",
            "product": "onabotulinumtoxinA",
            "assessment": "Turns to the right.",
            "consent": True,
            "plan": "Repeat in 12 weeks.",
            "interval_weeks": 12,
            "vials": (
                ChartVial(
                    key="v1",
                    product="onabotulinumtoxinA",
                    lot_id=lot_id,
                    lot_number="C1234",
                    expires_on=date(2027, 5, 31),
                    size_units=Decimal(100),
                    diluent="saline",
                    diluent_ml="2",
                    reconstituted_at=datetime(2026, 3, 2, 9, 30),
                ),
            ),
            "lines": (
                ChartLine("a", "splenius_capitis", Side.RIGHT, "60", guidance=("EMG",), vial="v1"),
                ChartLine("b", "levator_scapulae", Side.RIGHT, "40", guidance=("EMG",), vial="v1"),
            ),
        } | changes
        return ChartContent(**given)  # type: ignore[arg-type]

    def confirmed(self, actor: Actor | None = None) -> Confirmed:
        """The physician, or somebody else, has just typed the passphrase."""
        return Confirmed((actor or self.physician).account_id, self.clock())

    def signed(self, patient_id: int, content: ChartContent | None = None) -> int:
        """Sign a visit, acknowledging every warning and giving every stop a reason."""
        content = content or self.content()
        draft = self.services.charts.start(self.physician, patient_id)
        context = self.services.charts.context(self.physician, patient_id)
        now = local_now(self.clock, "America/New_York")
        charted = charting.read(content, context, self.services.reference, now, at_signing=True)
        answers = tuple(charting.answering(f, "discussed; benefit outweighs") for f in charted.findings)
        content = replace(content, answers=answers)
        return self.services.charts.sign(self.physician, draft.id, draft.version, content, self.confirmed())


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()


@pytest.fixture
def clinic(tmp_path: Path, reference: Reference) -> Iterator[OpenClinic]:
    clock = StandingClock()
    settings = Settings(data=tmp_path / "clinic")
    code = set_up(
        settings,
        NewClinic(
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
        ),
        clock,
        cost=CHEAP,
    )
    store = unlock(settings, "ellison", PASSPHRASE, clock)
    for name, role in (("nurse", Role.NURSE), ("desk", Role.FRONT_DESK)):
        add_person(
            settings,
            store,
            clock,
            full_name=name.title(),
            user_name=name,
            roles=frozenset({role}),
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
    services = build_services(store.database, clock, reference, key_file=settings.key_file)
    actors = {
        a.user_name: Actor(a.id, a.user_name, a.full_name, a.roles) for a in services.clinics.accounts(store.actor)
    }
    yield OpenClinic(settings, store, services, clock, code, store.actor, actors["nurse"], actors["desk"])
    store.database.close()
