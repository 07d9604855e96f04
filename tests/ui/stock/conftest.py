"""A clinic with a nurse in a real encrypted store, at nine on a Tuesday morning, and the stock on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QWidget

from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import load_reference
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.chart_data import ChartLine, ChartVial
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.papers import Paper
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stock_data import LedgerLine, LotRow
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role, Side
from clinic_app.ui.changes import Changes
from clinic_app.ui.stock.view import StockView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.ui.keyboard import press, type_text

TODAY = date(2026, 8, 4)
PASSPHRASE = "correct horse battery"
BOTOX = "onabotulinumtoxinA"
KNOWN = "00300231145014"
"""A GTIN that the reference has: Botox of 100 units."""
UNKNOWN = "05012345678900"
"""A GTIN that fits and that nobody has met."""


@dataclass
class StandingClock:
    """Nine o'clock in London."""

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

    def patient(self, given: str = "Ada", family: str = "Okafor") -> int:
        form = PatientForm(
            given_name=given,
            family_name=family,
            birth_date=date(1961, 3, 12),
            history=HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
        )
        return self.services.patients.register(self.actor, form)

    def receive(
        self,
        number: str = "C1234",
        *,
        vials: int = 10,
        days: int = 200,
        product: str = BOTOX,
        size: int = 100,
        patient_id: int | None = None,
    ) -> int:
        return self.services.stock.receive(
            self.actor,
            product=product,
            number=number,
            size_units=Decimal(size),
            expires_on=TODAY + timedelta(days=days),
            vials=vials,
            patient_id=patient_id,
        )

    def lot(self, number: str) -> LotRow:
        rows = self.services.stock.lots(self.actor, all=True)
        return next(row for row in rows if row.number == number)

    def ledger(self, number: str) -> tuple[LedgerLine, ...]:
        return self.services.stock.lot(self.actor, self.lot(number).lot_id).ledger

    def book(self, patient_id: int, at: datetime) -> int:
        choices = self.services.schedule.choices(self.actor)
        kind = next(kind for kind in choices.types if kind.is_injection)
        booking = Booking(patient_id, choices.injectors[0].id, kind.id, at, kind.minutes)
        return self.services.schedule.book(self.actor, booking)

    def sign(self, patient_id: int, number: str, *, on: date = TODAY) -> int:
        """A signed visit: 80 units from a vial of 100, the rest wasted."""
        row = self.lot(number)
        vial = ChartVial(
            key="v",
            product=row.product,
            lot_id=row.lot_id,
            lot_number=row.number,
            expires_on=row.expires_on,
            size_units=row.size_units,
            diluent="saline",
            diluent_ml="2",
            reconstituted_at=datetime(on.year, on.month, on.day, 8, 30),
            wasted="20",
            waste_reason="rest of a single-patient vial",
        )
        draft = self.services.charts.start(self.actor, patient_id)
        content = replace(
            draft.content,
            visited_on=on,
            injector_id=self.actor.account_id,
            indication="cervical_dystonia",
            product=row.product,
            consent=True,
            lines=(ChartLine("a", "splenius_capitis", Side.RIGHT, "80", guidance=("EMG",), vial="v"),),
            vials=(vial,),
        )
        context = self.services.charts.context(self.actor, patient_id)
        now = local_now(self.clock, "Europe/London")
        charted = charting.read(content, context, self.services.reference, now, at_signing=True)
        answers = tuple(charting.answering(f, "discussed") for f in charted.findings)
        content = replace(content, answers=answers)
        confirmed = Confirmed(self.actor.account_id, self.clock())
        return self.services.charts.sign(self.actor, draft.id, draft.version, content, confirmed)


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clinic that was just set up; tests work on copies."""
    folder = tmp_path_factory.mktemp("clinics") / "sealed"
    cost, clock, settings = Cost(1, 8, 1), StandingClock(datetime(2026, 2, 1, 8, 0, tzinfo=UTC)), Settings(folder)
    roles = frozenset({Role.PHYSICIAN, Role.MANAGER})
    answers = NewClinic(
        "Clinic", "US", "Europe/London", "en", PaperSize.A4, LabelRegion.US, "Dr Ruth Abara", "ruth", roles, PASSPHRASE
    )
    set_up(settings, answers, clock, cost=cost)
    store = unlock(settings, "ruth", PASSPHRASE, clock)
    for name, user, role in (("Noor Haddad", "noor", Role.NURSE), ("Rosa Lind", "rosa", Role.FRONT_DESK)):
        add_person(
            settings, store, clock, full_name=name, user_name=user, roles=frozenset({role}), passphrase=PASSPHRASE,
            cost=cost,
        )  # fmt: skip
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
        clock, changes = StandingClock(), Changes()
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
    """A stock view on screen, what it told the world, and the person in front of it."""

    view: StockView
    workplace: Workplace
    messages: list[tuple[str, Callable[[], object] | None]] = field(default_factory=list)
    papers: list[Callable[[], Paper]] = field(default_factory=list)
    patients: list[int] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until every answer has come and every change was heard."""
        application = QCoreApplication.instance()
        assert application is not None
        while True:
            assert self.workplace.tasks.wait_idle()
            application.processEvents()
            if not self.workplace.tasks.busy:
                return

    def numbers(self) -> list[str]:
        """The lots in the list, from the top."""
        return [row.number for row in self.view.lot_list.lots()]

    def shown_lot(self) -> str:
        """The number of the lot on the page."""
        details = self.view.lot_page.details()
        return "" if details is None else details.lot.number

    def scan(self, editor: QWidget, code: str) -> None:
        """A scanner types a code and sends Enter."""
        type_text(editor, code)
        press(editor, Qt.Key.Key_Return)
        self.settle()

    def undo(self) -> None:
        """Take back what the last message tells."""
        _, back = self.messages[-1]
        assert back is not None
        back()
        self.settle()


Sit = Callable[[Clinic], Desk]


@pytest.fixture
def sit(tasks: Tasks, bugs: list[BaseException], settings: QSettings) -> Iterator[Sit]:
    """Sit down in front of the stock of a clinic."""
    views: list[StockView] = []

    def down(clinic: Clinic) -> Desk:
        workplace = Workplace(clinic.services, clinic.actor, tasks, clinic.changes, clinic.services.atlas)
        view = StockView(workplace, settings=settings)
        views.append(view)
        desk = Desk(view, workplace)
        view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        view.paper_requested.connect(desk.papers.append)
        view.patient_requested.connect(desk.patients.append)
        view.resize(1368, 820)
        view.show()
        desk.settle()
        return desk

    yield down
    for view in views:
        view.close()
        view.deleteLater()
    assert bugs == []
