"""What somebody does in a clinic until the program is killed, telling of each thing after it was done.

Each kind of work is endless; ``Tell`` hears of a thing when the call that did it has returned, not before.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count

from sqlalchemy import func, select

from clinic_app.errors import WrongPassphrase
from clinic_app.models import Appointment
from clinic_app.models.keys import KeyFile
from clinic_app.services.accounts import Accounts
from clinic_app.services.schedule_data import Booking
from tests.clinics import CHEAP, PASSPHRASE, sign
from tests.services.booking import REVIEW
from tests.services.conftest import OpenClinic

Tell = Callable[..., None]
"""Is told what was done, and by name the facts that must be found again."""

OTHER_PASSPHRASE = "another long way to say it"
_FIRST_DAY = datetime(2026, 3, 4)
_STARTS = [time(8, 30), time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30), time(13, 30), time(14)]


def free_place(number: int) -> datetime:
    """Half hours of the clinic's working days, counted."""
    days, start = divmod(number, len(_STARTS))
    weeks, weekday = divmod(days, 3)
    return datetime.combine(_FIRST_DAY + timedelta(weeks=weeks, days=weekday), _STARTS[start])


def chart_and_book(clinic: OpenClinic, tell: Tell) -> None:
    """One patient after the other: registered, booked, moved, charted, signed."""
    services, physician = clinic.services, clinic.physician
    with clinic.store.database.reading() as session:
        booked = session.scalar(select(func.count()).select_from(Appointment)) or 0
    lot = clinic.lot(vials=100)
    tell("vials", id=lot)
    for number in count(booked):
        patient = clinic.patient(family_name=f"Name{number}")
        tell("patient", id=patient, name=f"Name{number}")
        place = Booking(patient, physician.account_id, REVIEW, free_place(2 * number), 30)
        appointment = services.schedule.book(clinic.desk, place)
        tell("appointment", id=appointment, at=place.starts_at.isoformat())
        moved = free_place(2 * number + 1)
        services.schedule.move(
            clinic.desk, appointment, 1, starts_at=moved, minutes=30, injector_id=physician.account_id
        )
        tell("move", id=appointment, at=moved.isoformat())
        draft = services.charts.start(physician, patient, appointment_id=appointment)
        plan = f"Repeat, as planned for patient {number}."
        tell("draft", id=draft.id, plan=plan)
        content = clinic.content(lot, plan=plan)
        services.charts.keep(physician, draft.id, draft.version, content)
        tell("keep", id=draft.id, plan=plan)
        visit = sign(services, physician, services.charts.open(physician, draft.id), content, "discussed")
        tell("visit", id=visit, draft=draft.id, appointment=appointment, plan=plan)


def back_up(clinic: OpenClinic, tell: Tell) -> None:
    """One backup an hour, with a patient more in each."""
    plan = clinic.services.backup_plan
    assert plan is not None
    for number in count():
        clinic.patient(family_name=f"Name{number}")
        made = plan.run()
        tell("backup", name=made.file.name)
        clinic.clock.forward(hours=1)


def change_passphrase(clinic: OpenClinic, tell: Tell) -> None:
    """From one passphrase to the other and back."""
    settings = clinic.settings
    accounts = Accounts(clinic.store.database, clinic.clock, settings.key_file, clinic.store.key, cost=CHEAP)
    try:
        KeyFile.read(settings.key_file).open("ellison", PASSPHRASE)
    except WrongPassphrase:
        old, new = OTHER_PASSPHRASE, PASSPHRASE
    else:
        old, new = PASSPHRASE, OTHER_PASSPHRASE
    while True:
        accounts.change_passphrase(clinic.physician, old, new)
        tell("passphrase", new=new)
        old, new = new, old


WORK = {work.__name__: work for work in (chart_and_book, back_up, change_passphrase)}
