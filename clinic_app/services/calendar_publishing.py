"""Keeps busy times on a calendar server, if the clinic wants it: for one injector's calendar, or for everybody's."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.exchange.calendar_server import CalendarServer, Published, checked_address
from clinic_app.models import Clinic
from clinic_app.models.database import Database, tell
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.calendars import Calendars
from clinic_app.services.clock import Clock

EVERYBODY = 0
"""Whose busy times, where it is not the account id of one injector."""
TARGETS = "calendar_servers"
"""Among the clinic's choices: where busy times go. The passwords are in the keyrings of workstations, nowhere else."""
KIND = "calendar_server"
MOST_WEEKS = 52
_SERVICE = "clinic-app"
_SECONDS = 300
"""How long one publishing may take. What is not sent by then goes with the next one."""
Steps = Callable[[int, int], None]


def unheard(_done: int, _of: int) -> None:
    """Nobody looks at the progress and nobody stops the work."""


@dataclass(frozen=True, slots=True)
class Target:
    """A calendar on a server, and how many weeks ahead are published there."""

    address: str = ""
    user_name: str = ""
    weeks: int = 8
    on: bool = False


class CalendarPublishing:
    """The use cases around it. The workstations that know a calendar's password publish by themselves."""

    def __init__(self, database: Database, clock: Clock, calendars: Calendars) -> None:
        self._database = database
        self._clock = clock
        self._calendars = calendars

    def targets(self, actor: Actor) -> Mapping[int, Target]:
        """Where whose busy times go, by account id or ``EVERYBODY``."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return _targets(session.scalars(select(Clinic)).one())

    def try_it(self, actor: Actor, target: Target, password: str) -> None:
        """Ask the server whether calendar and account are right; nothing is kept. Raises ClinicError with the field."""
        require(actor, Act.SETTINGS)
        _server(target, password).check()

    def turn_on(self, actor: Actor, whose: int, target: Target, password: str) -> None:
        """Publish there from now on, with a password that goes to this workstation's keyring.

        Raises ClinicError with the field that is wrong; then nothing is kept.
        """
        require(actor, Act.SETTINGS)
        if not 1 <= target.weeks <= MOST_WEEKS:
            raise ClinicError("calendar_weeks", field="weeks", most=MOST_WEEKS)
        target = replace(target, address=checked_address(target.address), user_name=target.user_name.strip(), on=True)
        _server(target, password).check()
        if password:
            _remember(target, password)
        self._keep(actor, whose, target)

    def turn_off(self, actor: Actor, whose: int, *, take_away: bool, steps: Steps = unheard) -> None:
        """Publish no more. With ``take_away`` what stands on the server goes first; where it cannot, nothing changes.

        Raises ClinicError.
        """
        require(actor, Act.SETTINGS)
        target = self.targets(actor).get(whose)
        if target is None or not target.on:
            return
        if take_away:
            self._publish(actor, whose, target, "", steps, empty=True)
        self._keep(actor, whose, replace(target, on=False))
        _forget(target)

    def here(self, actor: Actor) -> tuple[int, ...]:
        """Whose busy times this workstation publishes: those whose password it knows."""
        return tuple(whose for whose, each in self.targets(actor).items() if each.on and _remembered(each))

    def publish(self, actor: Actor, whose: int, steps: Steps = unheard, password: str = "") -> Published:
        """Bring the calendar up to date. Raises ClinicError where it cannot be, or where nothing is to be published."""
        target = self.targets(actor).get(whose)
        if target is None or not target.on:
            raise ClinicError("calendar_server_off")
        return self._publish(actor, whose, target, password, steps)

    def _publish(
        self, actor: Actor, whose: int, target: Target, password: str, steps: Steps, *, empty: bool = False
    ) -> Published:
        prefix, busy = self._calendars.busy_times(actor, whose or None, weeks=target.weeks)
        until, changed = monotonic() + _SECONDS, 0

        def counted(done: int, of: int) -> None:
            nonlocal changed
            changed = done
            steps(done, of)
            if monotonic() > until:
                raise ClinicError("calendar_server_late")

        try:
            return _server(target, password).publish(prefix, () if empty else busy, self._clock(), counted)
        finally:
            if changed:  # also of what left before it failed
                with self._database.writing(actor.account_id, self._clock()) as session:
                    tell(session, "exported", KIND, after={"address": target.address, "changes": changed})

    def _keep(self, actor: Actor, whose: int, target: Target) -> None:
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            kept = {**_targets(clinic), whose: target}
            clinic.choices = {**clinic.choices, TARGETS: {str(each): asdict(said) for each, said in kept.items()}}


def _server(target: Target, password: str) -> CalendarServer:
    if not target.user_name.strip():
        raise ClinicError("calendar_server_user", field="user_name")
    known = password or _remembered(target)
    if not known:
        raise ClinicError("calendar_server_no_password", field="password")
    return CalendarServer(target.address, target.user_name.strip(), known)


def _targets(clinic: Clinic) -> dict[int, Target]:
    """What the clinic chose; what cannot be read counts as not chosen."""
    chosen: Any = clinic.choices.get(TARGETS)
    found: dict[int, Target] = {}
    for whose, said in chosen.items() if isinstance(chosen, dict) else ():
        match said:
            case {"address": str(address), "user_name": str(user_name), "weeks": int(weeks), "on": bool(on)}:
                if whose.isdecimal():
                    found[int(whose)] = Target(address, user_name, min(max(weeks, 1), MOST_WEEKS), on)
    return found


def _kept_under(target: Target) -> str:
    return f"{target.user_name.strip()} at {target.address}"


def _remembered(target: Target) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, _kept_under(target)) or ""
    except KeyringError:
        return ""


def _remember(target: Target, password: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, _kept_under(target), password)
    except KeyringError as error:
        raise ClinicError("calendar_server_no_keyring", field="password") from error


def _forget(target: Target) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, _kept_under(target))
    except KeyringError:
        return  # this workstation never knew it
