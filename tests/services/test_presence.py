from sqlalchemy import select

from clinic_app.models import AuditEntry, DraftPresence
from clinic_app.models.database import Database
from clinic_app.services.access import Actor
from clinic_app.services.presence import HEARTBEAT, SILENT, AlsoOpen, Presence
from tests.services.conftest import OpenClinic

NURSE_AT_2 = AlsoOpen("Nurse", "DESK-2", False)


def at(clinic: OpenClinic, workstation: str) -> Presence:
    """The service as another workstation on the same store has it."""
    database = Database(clinic.store.database.engine, workstation=workstation)
    return Presence(database, clinic.clock)


def rows(clinic: OpenClinic) -> int:
    with clinic.store.database.reading() as session:
        return len(list(session.scalars(select(DraftPresence))))


def test_two_people_on_one_chart_see_each_other(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.nurse, clinic.patient()).id
    one, two = at(clinic, "DESK-1"), at(clinic, "DESK-2")
    assert one.beat(clinic.physician, draft) == ()
    assert two.beat(clinic.nurse, draft) == (AlsoOpen("Dr. Mara Ellison", "DESK-1", False),)
    assert one.beat(clinic.physician, draft) == (NURSE_AT_2,)
    two.leave(clinic.nurse, draft)
    assert one.beat(clinic.physician, draft) == ()


def test_the_same_person_elsewhere_is_told_as_such_and_here_is_nobody(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.physician, clinic.patient()).id
    one, two = at(clinic, "DESK-1"), at(clinic, "DESK-2")
    one.beat(clinic.physician, draft)
    assert one.beat(clinic.physician, draft) == ()
    assert two.beat(clinic.physician, draft) == (AlsoOpen("Dr. Mara Ellison", "DESK-1", True),)


def test_a_program_that_fell_silent_is_forgotten_after_a_minute(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.physician, clinic.patient()).id
    one, two = at(clinic, "DESK-1"), at(clinic, "DESK-2")
    two.beat(clinic.nurse, draft)
    clinic.clock.moment += SILENT
    assert one.beat(clinic.physician, draft) == (NURSE_AT_2,)
    clinic.clock.moment += HEARTBEAT
    assert one.beat(clinic.physician, draft) == ()
    two.beat(clinic.nurse, draft)
    assert one.beat(clinic.physician, draft) == (NURSE_AT_2,)
    assert rows(clinic) == 2


def test_a_chart_that_was_signed_or_never_was_has_nobody(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    draft = clinic.services.charts.start(clinic.physician, patient)
    one = at(clinic, "DESK-1")
    one.beat(clinic.nurse, draft.id)
    clinic.services.charts.discard(clinic.physician, draft.id, draft.version)
    assert rows(clinic) == 0
    assert one.beat(clinic.nurse, draft.id) == ()
    assert one.beat(clinic.nurse, 12345) == ()
    assert rows(clinic) == 0


def test_presence_is_neither_announced_nor_in_the_trail(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.physician, clinic.patient()).id
    heard: list[frozenset[str]] = []
    clinic.store.database.announce = heard.append

    def trail() -> int:
        with clinic.store.database.reading() as session:
            return len(list(session.scalars(select(AuditEntry.id))))

    before = trail()
    presence: Presence = clinic.services.presence
    actor: Actor = clinic.physician
    presence.beat(actor, draft)
    presence.beat(actor, draft)
    presence.leave(actor, draft)
    clinic.store.database.announce = None
    assert (heard, trail()) == ([], before)
