"""The front desk's lists in a clinic with two injectors, at nine on a Tuesday morning in August."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import pytest
from PySide6.QtCore import QSettings

from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.terms import Role
from clinic_app.ui.recall.view import RecallView
from clinic_app.ui.tasks import Tasks
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock, seal
from tests.ui.clinic import LONDON, Clinic
from tests.ui.desk import Desk


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> SealedClinic:
    """Both injectors work from Monday to Friday, with an hour at noon."""
    people = {"mei": ("Dr Mei Chen", Role.PHYSICIAN), "rosa": ("Rosa Lind", Role.FRONT_DESK)}
    clock = StandingClock(datetime(2026, 2, 1, 8, 0, tzinfo=UTC))
    sealed = seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, clock.moment, people)
    store = unlock(sealed.settings, "ruth", PASSPHRASE, clock)
    services = Services(store.database, clock, reference)
    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
    for injector in services.schedule.choices(store.actor).injectors:
        services.working_times.set_hours(store.actor, injector.id, dict.fromkeys(range(5), spans))
    store.database.close()
    return sealed


@dataclass
class RecallDesk(Desk[RecallView]):
    """The lists on screen, and what they asked the window for."""

    documents: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    patients: list[int] = field(default_factory=list)
    appointments: list[int] = field(default_factory=list)

    def names(self) -> list[str]:
        """Who stands on the list in front, from the top."""
        page = self.view.pages.currentWidget()
        assert page is not None
        table = page.list.table  # type: ignore[attr-defined]  # each of the three pages has one
        return [row.name for row in table.rows_model.rows()]


Sit = Callable[..., RecallDesk]


@pytest.fixture
def sit(put_on_screen: Callable[[RecallDesk], None], tasks: Tasks, settings: QSettings) -> Sit:
    """Sit down in front of the lists of a clinic."""

    def down(clinic: Clinic, page: str = "Recall") -> RecallDesk:
        workplace = clinic.workplace(tasks)
        desk = RecallDesk(RecallView(workplace, settings=settings), workplace)
        view = desk.view
        view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        view.document_requested.connect(lambda kind, of: desk.documents.append((kind, of)))
        view.repeat_requested.connect(desk.repeats.append)
        view.patient_requested.connect(desk.patients.append)
        view.appointment_requested.connect(desk.appointments.append)
        view.show_page(page)
        put_on_screen(desk)
        return desk

    return down


def due(clinic: Clinic, family: str, on: date = date(2026, 4, 28), **typed: object) -> tuple[int, int]:
    """A patient injected that day with twelve weeks to the next, and the visit."""
    patient_id = clinic.patient("Ada", family, **typed)
    return patient_id, clinic.visit(patient_id, on)
