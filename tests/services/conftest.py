"""A real encrypted clinic for every test, with a clock that stands still unless it is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Connection

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.services.identity import Confirmed
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.settings import Settings
from clinic_app.terms import Role, Side
from tests.both_kinds import server as server
from tests.both_kinds import store_kind as store_kind
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, StandingClock, owned, seal, sign
from tests.postgres import PostgresServer

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Ten o'clock in New York on Monday 2 March 2026, when the tests begin."""
_CHOSEN = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps how many examples a test asks for. It has no public way to change that for one run of it."""


def seal_port_alder(folder: Path, server: PostgresServer | None) -> SealedClinic:
    """A physician who is the manager, a nurse and somebody at the desk."""
    people = {"nurse": ("Nurse", Role.NURSE), "desk": ("Desk", Role.FRONT_DESK)}
    return seal(folder, PORT_ALDER, TEN, people, server)


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

    @contextmanager
    def behind_the_program(self) -> Iterator[Connection]:
        """A transaction of somebody who changes the record without the program, and whom no rights keep out."""
        with owned(self.settings, self.store) as database, database.engine.begin() as connection:
            yield connection

    @property
    def on_server(self) -> bool:
        return bool(self.settings.database_url)

    @property
    def address(self) -> list[str]:
        """Where the clinic is, as a command is told."""
        where = ["--data", str(self.settings.data)]
        return [*where, "--database", self.settings.database_url] if self.on_server else where

    def confirmed(self, actor: Actor | None = None) -> Confirmed:
        """The physician, or somebody else, has just typed the passphrase."""
        return Confirmed((actor or self.physician).account_id, self.clock())

    def signed(self, patient_id: int, content: ChartContent | None = None) -> int:
        """Sign a visit, acknowledging every warning and giving every stop a reason."""
        draft = self.services.charts.start(self.physician, patient_id)
        return sign(self.services, self.physician, draft, content or self.content(), "discussed; benefit outweighs")


@pytest.fixture(autouse=True)
def fewer_examples(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server tries a fifth of the examples: what holds for all of them is looked for in a folder, many times faster.

    That both kinds of store give the same answers needs only a few.
    """
    if "server" not in request.fixturenames or request.getfixturevalue("server") is None:
        return
    chosen = getattr(request.function, _CHOSEN, None)
    if chosen is not None:
        fewer = settings(chosen, max_examples=max(3, chosen.max_examples // 5))
        monkeypatch.setattr(request.function, _CHOSEN, fewer)


@pytest.fixture(scope="session")
def port_alder(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None) -> SealedClinic:
    return seal_port_alder(tmp_path_factory.mktemp("clinics") / "sealed", server)


@contextmanager
def opened(sealed: SealedClinic, settings: Settings, reference: Reference) -> Iterator[OpenClinic]:
    """A clinic, or a copy of it, as its physician works in it at ten."""
    clock = StandingClock(TEN)
    store = unlock(settings, "ellison", PASSPHRASE, clock)
    services = Services(store.database, clock, reference, key_file=store.files.keys, research_key=store.research_key)
    actors = {
        a.user_name: Actor(a.id, a.user_name, a.full_name, a.roles) for a in services.clinics.accounts(store.actor)
    }
    yield OpenClinic(
        settings, store, services, clock, sealed.recovery_code, store.actor, actors["nurse"], actors["desk"]
    )
    store.close()


@pytest.fixture
def clinic(port_alder: SealedClinic, tmp_path: Path, reference: Reference) -> Iterator[OpenClinic]:
    with opened(port_alder, port_alder.copy(tmp_path / "clinic"), reference) as clinic:
        yield clinic
