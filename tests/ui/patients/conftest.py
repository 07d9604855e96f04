"""A clinic in a real encrypted store, its clock standing still, and the patients view on it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from clinic_app.models import Appointment, Injection, Override, Vial, Visit
from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import Reference, load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, LabelRegion, PaperSize, Role, Side
from clinic_app.ui.changes import Changes
from clinic_app.ui.patients.form import PatientFormPage
from clinic_app.ui.patients.view import PatientsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace

PASSPHRASE = "correct horse battery"
TODAY = date(2026, 8, 4)


@dataclass
class StandingClock:
    """Nine o'clock in London on Tuesday 4 August 2026."""

    moment: datetime = datetime(2026, 8, 4, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Clinic:
    """The open clinic with short ways to furnish it."""

    clock: StandingClock
    store: OpenStore
    services: Services
    changes: Changes

    @property
    def actor(self) -> Actor:
        return self.store.actor

    def patient(self, given: str = "Ada", family: str = "Okafor", **typed: Any) -> int:
        form: dict[str, Any] = {
            "given_name": given,
            "family_name": family,
            "birth_date": date(1961, 3, 12),
            "history": HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
        } | typed
        return self.services.patients.register(self.actor, PatientForm(**form))

    def visit(self, patient_id: int, on: date = date(2026, 7, 21), answers: Sequence[Override] = ()) -> int:
        """A signed visit: 60 units into the right splenius, 40 into the left sternocleidomastoid."""
        with self.store.database.writing(self.actor.account_id, self.clock()) as session:
            visit = Visit(
                patient_id=patient_id,
                injector_id=self.actor.account_id,
                visited_on=on,
                indication="cervical_dystonia",
                plan="Repeat in 12 weeks.",
                interval_weeks=12,
                signed_at=self.clock(),
                signed_by_id=self.actor.account_id,
                digest="",
                overrides=list(answers),
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
                diluent="saline",
                diluent_ml=Decimal(2),
                wasted_units=Decimal(0),
            )
            session.add(vial)
            session.flush()
            for position, (muscle, side, units) in enumerate(
                (("splenius_capitis", Side.RIGHT, 60), ("sternocleidomastoideus", Side.LEFT, 40))
            ):
                session.add(
                    Injection(
                        visit_id=visit.id,
                        vial_id=vial.id,
                        position=position,
                        muscle=muscle,
                        side=side,
                        units=Decimal(units),
                    )
                )
            session.flush()
            visit.digest = "a1" * 32
            return visit.id

    def appointment_of(self, patient_id: int, visit_id: int) -> None:
        """The appointment in which the visit took place, as check-out leaves it."""
        choices = self.services.schedule.choices(self.actor)
        with self.store.database.writing(self.actor.account_id, self.clock()) as session:
            session.add(
                Appointment(
                    patient_id=patient_id,
                    injector_id=choices.injectors[0].id,
                    type_id=choices.types[0].id,
                    starts_at=datetime(2026, 7, 21, 10, 0),
                    minutes=30,
                    state=AppointmentState.CHECKED_OUT,
                    visit_id=visit_id,
                )
            )

    def form(self, patient_id: int) -> PatientForm:
        return self.services.patients.details(self.actor, patient_id).form


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clinic that was just set up; tests work on copies."""
    folder = tmp_path_factory.mktemp("clinics") / "sealed"
    cost, clock, settings = Cost(1, 8, 1), StandingClock(), Settings(folder)
    answers = NewClinic(
        name="Clinic",
        country="GB",
        time_zone="Europe/London",
        language="en",
        paper_size=PaperSize.A4,
        label_region=LabelRegion.UK_EU,
        full_name="Dr Ruth Abara",
        user_name="ruth",
        roles=frozenset({Role.PHYSICIAN, Role.MANAGER}),
        passphrase=PASSPHRASE,
    )
    set_up(settings, answers, clock, cost=cost)
    store = unlock(settings, "ruth", PASSPHRASE, clock)
    add_person(
        settings,
        store,
        clock,
        full_name="Rosa Lind",
        user_name="rosa",
        roles=frozenset({Role.FRONT_DESK}),
        passphrase=PASSPHRASE,
        cost=cost,
    )
    store.database.close()
    return folder


@pytest.fixture
def open_clinic(
    sealed_clinic: Path, tmp_path: Path, look: object, reference: Reference
) -> Iterator[Callable[[str], Clinic]]:
    """Opens the clinic as a person; every commit is announced as in the window."""
    opened: list[Clinic] = []
    folder = tmp_path / "clinic"
    folder.mkdir(mode=0o700)
    for file in sealed_clinic.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)

    def as_person(user_name: str) -> Clinic:
        clock, changes = StandingClock(), Changes()
        store = unlock(Settings(folder), user_name, PASSPHRASE, clock, changes.announce)
        clinic = Clinic(
            clock, store, build_services(store.database, clock, reference, key_file=folder / "clinic.keys"), changes
        )
        opened.append(clinic)
        return clinic

    yield as_person
    for clinic in opened:
        clinic.store.database.close()


@pytest.fixture
def clinic(open_clinic: Callable[[str], Clinic]) -> Clinic:
    return open_clinic("ruth")


@dataclass
class Screen:
    """The view on screen, what it told the world, and short ways to type."""

    view: PatientsView
    workplace: Workplace
    messages: list[tuple[str, Callable[[], object] | None]] = field(default_factory=list)
    banners: list[Any] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until every answer has come and every change was heard."""
        application = QCoreApplication.instance()
        assert application is not None
        while True:
            assert self.workplace.tasks.wait_idle()
            application.processEvents()
            if not self.workplace.tasks.busy:
                return

    def show(self, patient_id: int, tab: str = "summary") -> None:
        self.view.show_patient(patient_id, tab)
        self.settle()

    def search(self, text: str) -> list[str]:
        """Type into the search, press Enter so as not to wait for the pause, and say who is found."""
        self.view.finder.search.editor.setText(text)
        QTest.keyClick(self.view.finder.search.editor, Qt.Key.Key_Return)
        self.settle()
        return [row.name for row in self.view.finder.rows()]

    def form(self) -> PatientFormPage:
        form = self.view.form()
        assert form is not None
        return form

    def new_patient(self, **typed: str) -> PatientFormPage:
        self.view.new_item()
        self.type(**typed)
        return self.form()

    def type(self, **typed: str) -> None:
        for name, text in typed.items():
            self.form().fields.plain[name].editor.setText(text)

    def save(self) -> None:
        self.view.save_item()
        self.settle()


Sit = Callable[[Clinic], Screen]


@pytest.fixture
def sit(tasks: Tasks, bugs: list[BaseException]) -> Iterator[Sit]:
    """Sit down in front of the patients view of a clinic."""
    views: list[PatientsView] = []

    def down(clinic: Clinic) -> Screen:
        workplace = Workplace(
            services=clinic.services,
            actor=clinic.actor,
            tasks=tasks,
            changes=clinic.changes,
            atlas=clinic.services.atlas,
        )
        view = PatientsView(workplace)
        views.append(view)
        screen = Screen(view, workplace)
        view.message_offered.connect(lambda text, undo: screen.messages.append((text, undo)))
        view.banner_changed.connect(screen.banners.append)
        view.resize(1368, 820)
        view.show()
        screen.settle()
        return screen

    yield down
    for view in views:
        view.close()
        view.deleteLater()
    # A pause after typing that still runs must not ask after the lanes are closed.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert bugs == []


@pytest.fixture
def screen(sit: Sit, clinic: Clinic) -> Screen:
    return sit(clinic)
