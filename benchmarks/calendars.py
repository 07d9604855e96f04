"""The calendars of the benchmarks' large clinics, and who is in treatment there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
"""The first day of the week in which the clinic stands; it is Monday, ten o'clock."""
VISITS_A_PATIENT = 10
OFTEN_SEEN = 600
"""Visits of the one patient who was seen most."""
OFTEN_SEEN_LAST = MONDAY - timedelta(days=10)
"""The day of the last of them."""
INTERVAL_WEEKS = 12
HOURS = ((time(8), time(12, 15)), (time(13), time(18)))
MINUTES = 15
FULL_WEEKS, HALF_WEEKS = 12, 4
"""How many weeks ahead the calendars are full, and then half full."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a clinic is. ``booked`` and ``due`` are patients in treatment with and without a next injection."""

    patients: int
    appointments: int
    booked: int
    due: int

    @property
    def name(self) -> str:
        """Its folder."""
        return f"clinic-{self.patients}-{self.appointments}"


LARGE = Size(100_000, 500_000, booked=7_000, due=3_000)
SMALL = Size(10_000, 50_000, booked=7_000, due=3_000)
TENTH = Size(1_000, 26_000, booked=700, due=300)
"""The calendars are as full, fewer patients share them."""
TINY = Size(120, 16_000, booked=60, due=30)
"""Only to see that every case runs."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quarter of an hour in an injector's calendar (1 to 5), ``week`` counted from the present one."""

    week: int
    starts_at: datetime
    injector: int


class InTreatment:
    """Who is in treatment: spread evenly over the years in which patients were registered."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._count = size.booked + size.due
        self.every = size.patients // self._count

    def turn(self, patient: int) -> int | None:
        """The number among those in treatment, the first ``booked`` of whom have an appointment; None for others."""
        number, rest = divmod(patient - 1, self.every)
        return (number * 7919) % self._count if rest == 0 and number < self._count else None

    def is_booked(self, patient: int) -> bool:
        """Whether the next injection is booked."""
        turn = self.turn(patient)
        return turn is not None and turn < self._size.booked

    def at(self, number: int) -> int:
        """A patient in treatment, any number."""
        return 1 + self.every * (number % self._count)


def booked_places(count: int) -> list[Place]:
    """So many quarters of an hour, the earliest first: full weeks up to some ahead, half full ones at the end."""
    return _calendar(count)[0]


def free_places(size: Size) -> list[Place]:
    """Where the half full weeks have room."""
    return _calendar(size.appointments)[1]


def _calendar(count: int) -> tuple[list[Place], list[Place]]:
    """What is booked, and what stays free at the end."""
    day_starts = [
        datetime.combine(MONDAY, opens) + timedelta(minutes=MINUTES * step)
        for opens, closes in HOURS
        for step in range(((closes.hour - opens.hour) * 60 + closes.minute - opens.minute) // MINUTES)
    ]
    weeks_before = count // (5 * 5 * len(day_starts))  # more than it needs: the earliest are left out below
    found: list[Place] = []
    free: list[Place] = []
    for week in range(-weeks_before, FULL_WEEKS + HALF_WEEKS):
        for day in range(5):
            for step, start in enumerate(day_starts):
                for injector in range(1, 6):
                    taken = week < FULL_WEEKS or (step + day + injector) % 2 == 0
                    place = Place(week, start + timedelta(weeks=week, days=day), injector)
                    (found if taken else free).append(place)
    return found[-count:], free
