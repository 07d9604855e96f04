"""What passers-by see: when the clinic locks itself, who may come back, and whether windows name the patient."""

from dataclasses import dataclass

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Account, Clinic
from clinic_app.models.database import Database, tell
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock

_LOCK, _TITLES = "lock", "names_in_titles"
USUAL_MINUTES, MOST_MINUTES = 10, 120
NEVER = 0


@dataclass(frozen=True, slots=True)
class DeskPrivacy:
    """The use cases around an open window. ``minutes`` without a key or a movement of the mouse; 0 for never."""

    database: Database
    clock: Clock

    def minutes(self) -> int:
        """After how many minutes the clinic locks itself."""
        with self.database.reading() as session:
            kept = session.scalars(select(Clinic)).one().choices.get(_LOCK)
        return kept if isinstance(kept, int) and NEVER <= kept <= MOST_MINUTES else USUAL_MINUTES

    def choose(self, actor: Actor, minutes: int) -> int:
        """Lock after so many minutes from now on; returns what was chosen before. Raises ClinicError."""
        require(actor, Act.SETTINGS)
        if not NEVER <= minutes <= MOST_MINUTES:
            raise ClinicError("lock_minutes", field="minutes", most=MOST_MINUTES)
        before = self.minutes()
        self._keep(actor, _LOCK, minutes)
        return before

    def names_in_titles(self) -> bool:
        """Whether a window's title, and with it the task bar, names the patient on screen; by default it does not."""
        with self.database.reading() as session:
            return session.scalars(select(Clinic)).one().choices.get(_TITLES) is True

    def name_in_titles(self, actor: Actor, wanted: bool) -> bool:
        """Name the patient in titles from now on, or not; returns what was chosen before."""
        require(actor, Act.SETTINGS)
        before = self.names_in_titles()
        self._keep(actor, _TITLES, wanted)
        return before

    def let_back(self, actor: Actor, wrong_pins: int = 0) -> Actor:
        """The person as they are now, let back in with the PIN; the trail is told, also of the wrong ones before.

        Raises ClinicError where the account was closed meanwhile.
        """
        with self.database.reading() as session:
            account = session.get(Account, actor.account_id)
            if account is None or not account.active:
                raise ClinicError("account_closed", field="pin")
            roles = frozenset(each.role for each in account.roles)
            now = Actor(account.id, account.user_name, account.full_name, roles)
        with self.database.writing(actor.account_id, self.clock()) as session:
            if wrong_pins:
                tell(session, "refused", "account", actor.account_id, after={"wrong": wrong_pins, "with": "PIN"})
            tell(session, "unlocked", "account", actor.account_id, after={"with": "PIN"})
        return now

    def _keep(self, actor: Actor, name: str, value: object) -> None:
        with self.database.writing(actor.account_id, self.clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            clinic.choices = {**clinic.choices, name: value}
