"""No sequence of acts leaves an overlap that nobody allowed, loses an appointment, or shifts an hour."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as played
from hypothesis.stateful import run_state_machine_as_test

from clinic_app.models import Device, Room
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import AuthorizationForm, ElsewhereForm, PatientForm
from clinic_app.services.stores import NewClinic, unlock
from clinic_app.terms import DeviceKind, Role
from tests.clinics import PASSPHRASE, PORT_ALDER, StandingClock, seal
from tests.services.desk_account import Stage
from tests.services.desk_machine import DeskMachine

MORNING = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
PEOPLE = {"reyes": ("Dr. Tomas Reyes", Role.PHYSICIAN), "desk": ("Desk", Role.FRONT_DESK)}
BERLIN = replace(PORT_ALDER, country="DE", time_zone="Europe/Berlin", language="de-DE")
CLOCK_CHANGES = {
    PORT_ALDER: (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)),
    BERLIN: (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)),
}
"""The Sundays on which the clocks of each clinic's zone change."""


@dataclass
class Theatre:
    """A furnished clinic that nobody works in; every play gets a copy of its own."""

    folder: Path
    answers: NewClinic
    reference: Reference

    def __post_init__(self) -> None:
        self._sealed = seal(self.folder / "sealed", self.answers, MORNING, PEOPLE)
        stage = self._open(self._sealed.settings.data)
        with stage.store.database.writing(stage.physician.account_id, MORNING) as session:
            session.add_all([Room(name="Room 2"), Device(name="EMG", kind=DeviceKind.EMG)])
            session.add(Device(name="Ultrasound", kind=DeviceKind.ULTRASOUND))
        spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
        for injector in stage.services.schedule.choices(stage.desk).injectors:
            stage.services.working_times.set_hours(stage.physician, injector.id, dict.fromkeys(range(5), spans))
        lapsed = AuthorizationForm("A1", "onabotulinumtoxinA", None, None, date(2025, 1, 1), date(2026, 10, 27))
        for name, more in (
            ("Okafor", {}),
            ("Byrne", {"toxin_elsewhere": (ElsewhereForm(date(2026, 2, 1), "onabotulinumtoxinA"),)}),
            ("Weiss", {"authorizations": (lapsed,)}),
        ):
            form = PatientForm(family_name=name, given_name="Ada", birth_date=date(1961, 3, 12), **more)
            stage.services.patients.register(stage.physician, form)
        stage.store.database.close()

    def play(self) -> Stage:
        """A copy of the clinic, open at the first morning."""
        shutil.rmtree(self.folder / "play", ignore_errors=True)
        return self._open(self._sealed.copy(self.folder / "play").data)

    def _open(self, folder: Path) -> Stage:
        settings, clock = replace(self._sealed.settings, data=folder), StandingClock(MORNING)
        store = unlock(settings, self.answers.user_name, PASSPHRASE, clock)
        services = Services(store.database, clock, self.reference)
        desk = next(each for each in services.clinics.accounts(store.actor) if each.user_name == "desk")
        choices = services.schedule.choices(store.actor)
        changes = CLOCK_CHANGES[self.answers]
        return Stage(
            store=store,
            services=services,
            clock=clock,
            physician=store.actor,
            desk=Actor(desk.id, desk.user_name, desk.full_name, desk.roles),
            patients=tuple(row.id for row in services.patients.search(store.actor, "")),
            injectors=tuple(each.id for each in choices.injectors),
            rooms=(None, *(each.id for each in choices.rooms)),
            devices=tuple(each.id for each in choices.devices),
            # Mostly the Mondays after, so that much meets; the Sundays themselves for the hours that are not one.
            days=(*(day + timedelta(days=1) for day in (*changes[:2] * 3, *changes[2:])), *changes),
        )


@pytest.mark.parametrize("answers", [PORT_ALDER, BERLIN], ids=["New York", "Berlin"])
def test_whatever_the_desk_does_no_appointment_is_lost_shifted_or_over_another_unallowed(
    answers: NewClinic, tmp_path: Path, reference: Reference
) -> None:
    theatre = Theatre(tmp_path, answers, reference)

    class Play(DeskMachine):
        def __init__(self) -> None:
            super().__init__(theatre.play())

    run_state_machine_as_test(
        Play,
        settings=played(
            max_examples=16, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
