"""A clinic with two injectors in a real encrypted store, at nine on a Tuesday morning, and the schedule on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from clinic_app.models import Appointment, Injection, Vial, Visit
from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, LabelRegion, PaperSize, Role, Side
from clinic_app.ui.changes import Changes
from clinic_app.ui.schedule.view import ScheduleView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace

TODAY = date(2026, 8, 4)
PASSPHRASE = "correct horse battery"
S = AppointmentState


@dataclass
class FixedClock:
    """A clock that goes when it is told. The clinic's zone is one hour ahead of it in summer."""

    moment: datetime = datetime(2026, 8, 4, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Clinic:
    """The open clinic with short ways to furnish it."""

    clock: FixedClock
    store: OpenStore
    services: Services
    changes: Changes
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.store.actor

    def injector(self, name: str) -> int:
        choices = self.services.schedule.choices(self.actor)
        return next(injector.id for injector in choices.injectors if injector.name == name)

    def kind(self, name: str) -> int:
        choices = self.services.schedule.choices(self.actor)
        return next(kind.id for kind in choices.types if kind.name == name)

    def patient(self, given: str, family: str, born: date = date(1961, 3, 12)) -> int:
        form = PatientForm(given_name=given, family_name=family, birth_date=born)
        return self.services.patients.register(self.actor, form)

    def book(
        self, patient_id: int, at: datetime, *, minutes: int = 30, injector: str = "Dr Ruth Abara", kind: str = "Review"
    ) -> int:
        booking = Booking(patient_id, self.injector(injector), self.kind(kind), at, minutes)
        return self.services.schedule.book(self.actor, booking)

    def row(self, appointment_id: int) -> AppointmentRow:
        return self.services.schedule.appointment(self.actor, appointment_id)

    def set_state(self, appointment_id: int, *states: AppointmentState) -> None:
        for state in states:
            row = self.row(appointment_id)
            self.services.schedule.set_state(self.actor, row.id, row.version, state)

    def sign_visit(self, appointment_id: int, weeks: int | None = 12) -> int:
        """A signed visit as it stands in the record after charting."""
        row = self.row(appointment_id)
        with self.store.database.writing(self.actor.account_id, self.clock()) as session:
            visit = Visit(
                patient_id=row.patient_id,
                injector_id=row.injector_id,
                visited_on=row.starts_at.date(),
                indication="cervical_dystonia",
                interval_weeks=weeks,
                signed_at=self.clock(),
                signed_by_id=row.injector_id,
                digest="",
            )
            session.add(visit)
            session.flush()
            vial = Vial(
                visit_id=visit.id,
                position=0,
                product="onabotulinumtoxinA",
                lot_number="C1234",
                expires_on=date(2027, 1, 31),
                size_units=Decimal(100),
                diluent_ml=Decimal(1),
                wasted_units=Decimal(0),
            )
            session.add(vial)
            session.flush()
            session.add(
                Injection(
                    visit_id=visit.id,
                    vial_id=vial.id,
                    position=0,
                    muscle="splenius_capitis",
                    side=Side.RIGHT,
                    units=Decimal(100),
                )
            )
            session.flush()
            visit.digest = "0" * 64
            appointment = session.get_one(Appointment, appointment_id)
            appointment.visit_id = visit.id
            appointment.state = S.INJECTED
            appointment.version += 1
            return visit.id


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clinic that was just set up; tests work on copies."""
    folder = tmp_path_factory.mktemp("clinics") / "sealed"
    cost, clock, settings = Cost(1, 8, 1), FixedClock(datetime(2026, 8, 1, 8, 0, tzinfo=UTC)), Settings(folder)
    roles = frozenset({Role.PHYSICIAN, Role.MANAGER})
    answers = NewClinic(
        "Clinic", "GB", "Europe/London", "en", PaperSize.A4, LabelRegion.UK_EU, "Dr Ruth Abara", "ruth", roles,
        PASSPHRASE,
    )  # fmt: skip
    set_up(settings, answers, clock, cost=cost)
    store = unlock(settings, "ruth", PASSPHRASE, clock)
    for name, user, role in (("Dr Mei Chen", "mei", Role.PHYSICIAN), ("Rosa Lind", "rosa", Role.FRONT_DESK)):
        add_person(
            settings, store, clock, full_name=name, user_name=user, roles=frozenset({role}), passphrase=PASSPHRASE,
            cost=cost,
        )  # fmt: skip
    services = build_services(store.database, clock, load_reference())
    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
    hours = dict.fromkeys(range(5), spans)
    for injector in services.schedule.choices(store.actor).injectors:
        services.clinics.set_hours(store.actor, injector.id, hours)
    store.database.close()
    return folder


@pytest.fixture
def open_clinic(sealed_clinic: Path, tmp_path: Path, look: object) -> Iterator[Callable[[str], Clinic]]:
    """Opens the clinic as a person; every change is announced as in the window."""
    opened: list[Clinic] = []
    folder = tmp_path / "clinic"
    folder.mkdir(mode=0o700)
    for file in sealed_clinic.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)

    def as_person(user_name: str) -> Clinic:
        clock, changes = FixedClock(), Changes()
        store = unlock(Settings(folder), user_name, PASSPHRASE, clock, changes.announce)
        clinic = Clinic(clock, store, build_services(store.database, clock, load_reference()), changes)
        opened.append(clinic)
        return clinic

    yield as_person
    for clinic in opened:
        clinic.store.database.close()


@pytest.fixture
def clinic(open_clinic: Callable[[str], Clinic]) -> Clinic:
    return open_clinic("ruth")


@dataclass
class Desk:
    """A schedule view on screen, what it told the world, and the person in front of it."""

    view: ScheduleView
    workplace: Workplace
    messages: list[tuple[str, Callable[[], object] | None]] = field(default_factory=list)
    documents: list[tuple[str, int]] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until every answer has come and every change was heard."""
        application = QCoreApplication.instance()
        assert application is not None
        while True:
            assert self.workplace.tasks.wait_idle()
            application.processEvents()
            if not self.workplace.tasks.busy:
                return


Sit = Callable[[Clinic], Desk]


@pytest.fixture
def sit(tasks: Tasks, bugs: list[BaseException]) -> Iterator[Sit]:
    """Sit down in front of the schedule of a clinic."""
    views: list[ScheduleView] = []

    def down(clinic: Clinic) -> Desk:
        workplace = Workplace(
            services=clinic.services,
            actor=clinic.actor,
            tasks=tasks,
            changes=clinic.changes,
            atlas=clinic.services.atlas,
        )
        view = ScheduleView(workplace)
        views.append(view)
        desk = Desk(view, workplace)
        view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        view.document_requested.connect(lambda kind, number: desk.documents.append((kind, number)))
        view.resize(1368, 820)
        view.show()
        desk.settle()
        return desk

    yield down
    for view in views:
        view.close()
        view.deleteLater()
    assert bugs == []
