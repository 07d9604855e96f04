"""The schedule of a clinic with two injectors, at nine on a Tuesday morning."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

import pytest

from clinic_app.models import Appointment
from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.terms import AppointmentState, Role
from clinic_app.ui.schedule.view import ScheduleView
from clinic_app.ui.tasks import Tasks
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock, seal
from tests.ui.clinic import LONDON, Clinic, signed_visit
from tests.ui.desk import Desk


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> SealedClinic:
    """Both injectors work from Monday to Friday, with an hour at noon."""
    people = {"mei": ("Dr Mei Chen", Role.PHYSICIAN), "rosa": ("Rosa Lind", Role.FRONT_DESK)}
    clock = StandingClock(datetime(2026, 8, 1, 8, 0, tzinfo=UTC))
    sealed = seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, clock.moment, people)
    store = unlock(sealed.settings, "ruth", PASSPHRASE, clock)
    services = Services(store.database, clock, reference)
    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
    hours = dict.fromkeys(range(5), spans)
    for injector in services.schedule.choices(store.actor).injectors:
        services.working_times.set_hours(store.actor, injector.id, hours)
    store.database.close()
    return sealed


def sign_visit(clinic: Clinic, appointment_id: int, weeks: int | None = 12) -> int:
    """A signed visit of an appointment as it stands in the record after charting."""
    row = clinic.row(appointment_id)
    with clinic.store.database.writing(clinic.actor.account_id, clinic.clock()) as session:
        visit = signed_visit(
            session, row.patient_id, row.injector_id, row.starts_at.date(), clinic.clock(), weeks=weeks
        )
        session.flush()
        appointment = session.get_one(Appointment, appointment_id)
        appointment.visit_id = visit.id
        appointment.state = AppointmentState.INJECTED
        appointment.version += 1
        return visit.id


@dataclass
class ScheduleDesk(Desk[ScheduleView]):
    """The schedule on screen."""

    documents: list[tuple[str, int]] = field(default_factory=list)


Sit = Callable[[Clinic], ScheduleDesk]


@pytest.fixture
def sit(put_on_screen: Callable[[ScheduleDesk], None], tasks: Tasks) -> Sit:
    """Sit down in front of the schedule of a clinic."""

    def down(clinic: Clinic) -> ScheduleDesk:
        workplace = clinic.workplace(tasks)
        desk = ScheduleDesk(ScheduleView(workplace), workplace)
        desk.view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        desk.view.document_requested.connect(lambda kind, number: desk.documents.append((kind, number)))
        put_on_screen(desk)
        return desk

    return down
