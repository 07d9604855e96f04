"""The front desk's lists of the demo: tries to reach those who are due, and wishes for an earlier appointment."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.recall import AttemptForm
from clinic_app.services.waiting import WishForm
from clinic_app.terms import ContactOutcome, ContactWay

if TYPE_CHECKING:
    from clinic_app.demo.days import MovableClock

SOME_UNBOOKED = 105
"""So many days before the week some begin to leave without a next appointment."""
MISSED = {47: "", 46: "The patient has the flu", 21: "", 12: "Travels, will call back", 6: "No lift to the clinic"}
"""So many days before the week an injection is missed or, with a reason, cancelled."""
_INJECTION, _REVIEW = 1, 3
_O, _W = ContactOutcome, ContactWay
# Of which row of the recall list, how many days before the week, and what; then the days to the next try.
_TRIES: tuple[tuple[int, int, AttemptForm, int], ...] = (
    (0, 13, AttemptForm(_W.TELEPHONE, _O.NO_ANSWER), 1),
    (0, 12, AttemptForm(_W.TELEPHONE, _O.LEFT_MESSAGE, "Left word with her husband."), 3),
    (1, 10, AttemptForm(_W.LETTER, _O.SENT), 9),
    (2, 5, AttemptForm(_W.TELEPHONE, _O.WILL_CALL, "Looks for a lift first."), 4),
    (3, 4, AttemptForm(_W.TELEPHONE, _O.DECLINED, "Wants to see how long it holds."), 60),
    (4, 3, AttemptForm(_W.TELEPHONE, _O.NO_ANSWER), 3),
)
_WISHES: tuple[tuple[int, WishForm], ...] = (
    (24, WishForm(0, _INJECTION, notice_days=2, note="Retired, comes on any day.")),
    (17, WishForm(0, _INJECTION, weekdays=(1, 3), not_before=time(13))),
    (9, WishForm(0, _INJECTION, weekdays=(0, 1, 2, 3, 4), not_after=time(11), notice_days=1)),
    (6, WishForm(0, _REVIEW, weekdays=(4,), note="Works until Thursday.")),
    (2, WishForm(0, _INJECTION, notice_days=5, not_before=time(9), not_after=time(15))),
)
"""So many days before the week, and what was wished."""


def furnish(services: Services, desk: Actor, clock: "MovableClock", monday: date) -> None:
    """Note the tries and the wishes of the weeks before ``monday``."""
    clock.move_to(datetime.combine(monday - timedelta(days=3), time(15)))
    rows = services.recall.rows(desk, weeks_ahead=2)
    for number, before, form, again in _TRIES:
        if number < len(rows):
            day = monday - timedelta(days=before)
            clock.move_to(datetime.combine(day, time(10, 15 + number)))
            tried = AttemptForm(form.way, form.outcome, form.note, day + timedelta(days=again))
            services.recall.note(desk, rows[number].patient_id, tried)
    booked = services.schedule.board(desk, monday + timedelta(days=14), 28).appointments
    for (before, wish), row in zip(_WISHES, booked[:: max(1, len(booked) // len(_WISHES))], strict=False):
        clock.move_to(datetime.combine(monday - timedelta(days=before), time(11, 40)))
        services.waiting.add(desk, replace(wish, patient_id=row.patient_id))
