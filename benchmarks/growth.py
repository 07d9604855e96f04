"""What grows with the clinic: the same work in one of a tenth of the patients is the baseline."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle

from benchmarks.calendars import MINUTES, MONDAY, free_places
from benchmarks.clinics import Clinics
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, quick, row
from benchmarks.people import make
from clinic_app.services.schedule_data import Booking
from clinic_app.ui.patients.record import read_record

FLAT, SHOWN = 1.5, 50
Work = Callable[[int], object]


def cases(clinics: Clinics) -> Iterator[Row]:
    """Search, open, book and the week, all without the window, in both clinics one after the other."""
    with clinics.opened(clinics.smaller) as small, clinics.opened() as large:
        span = f"{small.size.patients:,} to {large.size.patients:,} patients, without the window"
        for name, work in _works().items():
            times = beside(work(large, 0), work(small, 1))
            yield row(f"growth: {name}, {span}", None, *times, most=FLAT)


def _works() -> dict[str, Callable[[LargeClinic, int], Work]]:
    return {"search": _search, "open a patient": _open, "week of five injectors": _week, "book": _book}


def _search(clinic: LargeClinic, _turn: int) -> Work:
    """The letters that most surnames begin with: both clinics show fifty rows, where of a whole surname one has few."""
    letters = [letter for letter, _ in Counter(family[0] for _, family, *_ in make(1000)).most_common(8)]
    search = partial(clinic.services.patients.search, clinic.actor)
    assert quick() or all(len(search(letter)) == SHOWN for letter in letters)
    return lambda number: search(letters[number % len(letters)])


def _open(clinic: LargeClinic, _turn: int) -> Work:
    step = clinic.size.patients // 50
    return lambda number: read_record(clinic.services, clinic.actor, 1 + step * (number % 50))


def _week(clinic: LargeClinic, _turn: int) -> Work:
    first = MONDAY - timedelta(weeks=1)
    board = clinic.services.schedule.board
    return lambda number: board(clinic.actor, first - timedelta(weeks=number % 10), 7)


def _book(clinic: LargeClinic, turn: int) -> Work:
    """Every other place and patient: when it is only tried, both clinics are the same one."""
    places = iter([place for place in reversed(free_places(clinic.size)) if place.starts_at.weekday() < 4][turn::2])
    patients = cycle(clinic.booked_patients()[turn::2])

    def book(_: int) -> None:
        at = next(places)
        booking = Booking(next(patients), at.injector, 1, at.starts_at, MINUTES, room_id=at.injector)
        clinic.services.schedule.book(clinic.actor, booking)

    return book
