"""What every view is built with: the services, who is working, and the ways to ask and to hear of changes."""

from dataclasses import dataclass
from datetime import date, datetime

from clinic_app.atlas.atlas import Atlas
from clinic_app.services.access import Act, Actor, may
from clinic_app.services.bundle import Services
from clinic_app.services.clock import local_now
from clinic_app.ui.changes import Changes
from clinic_app.ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Workplace:
    """One unlocked window's surroundings, handed to each view's constructor."""

    services: Services
    actor: Actor
    tasks: Tasks
    changes: Changes
    atlas: Atlas
    signing_hint: str = ""
    """What stands under the field for PIN or passphrase: the demo, which unlocks by itself, tells its PIN there."""

    def may(self, act: Act) -> bool:
        """Whether to offer it; the service checks again."""
        return may(self.actor, act)

    def now(self) -> datetime:
        """The clinic's wall clock, without a zone."""
        return local_now(self.services.clock, self.services.clinic.time_zone)

    def today(self) -> date:
        """The clinic's day."""
        return self.now().date()
