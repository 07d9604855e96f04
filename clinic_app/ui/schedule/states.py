"""How the states of an appointment are said and shown: a word, an icon and a colour each."""

from dataclasses import dataclass
from datetime import date

from clinic_app.services.schedule import NEXT_STATES
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.tokens import Theme

S = AppointmentState

WORDS: dict[S, str] = {
    S.BOOKED: "Booked",
    S.CONFIRMED: "Confirmed",
    S.ARRIVED: "Arrived",
    S.IN_ROOM: "In room",
    S.INJECTED: "Injected",
    S.CHECKED_OUT: "Checked out",
    S.CANCELLED: "Cancelled",
    S.NO_SHOW: "No-show",
}

ICONS: dict[S, str] = {
    S.BOOKED: "calendar",
    S.CONFIRMED: "phone",
    S.ARRIVED: "clock",
    S.IN_ROOM: "user",
    S.INJECTED: "syringe",
    S.CHECKED_OUT: "circle-check",
    S.CANCELLED: "x",
    S.NO_SHOW: "minus",
}

STEPS: dict[S, str] = {
    S.BOOKED: "Back to booked",
    S.CONFIRMED: "Confirm",
    S.ARRIVED: "Mark arrived",
    S.IN_ROOM: "Take to room",
    S.INJECTED: "Mark injected",
    S.CHECKED_OUT: "Check out",
    S.CANCELLED: "Cancel appointment",
    S.NO_SHOW: "Mark no-show",
}
"""What the button that leads to a state says."""

MOVABLE = frozenset({S.BOOKED, S.CONFIRMED})
NOT_BEFORE_THE_DAY = frozenset({S.ARRIVED, S.IN_ROOM, S.INJECTED, S.NO_SHOW})

_USUAL = {
    S.CONFIRMED: S.ARRIVED,
    S.ARRIVED: S.IN_ROOM,
    S.IN_ROOM: S.INJECTED,
    S.INJECTED: S.CHECKED_OUT,
}
_ORDER = tuple(S)


@dataclass(frozen=True, slots=True)
class StateColors:
    """The colours of a block: its mark and edge, its ground, its text."""

    edge: str
    ground: str
    text: str
    quiet: str
    """The second line."""


def usual_step(state: S, day: date, today: date) -> S | None:
    """The state that usually comes next, or None when nothing does."""
    if state is S.BOOKED:
        # On the day itself nobody confirms by telephone any more.
        return S.ARRIVED if day <= today else S.CONFIRMED
    step = _USUAL.get(state)
    return None if step in NOT_BEFORE_THE_DAY and day > today else step


def other_steps(state: S, day: date, today: date) -> tuple[S, ...]:
    """What else can be set from here, in the order of a day; cancelling has its own place."""
    usual = usual_step(state, day, today)
    return tuple(
        step
        for step in _ORDER
        if step in NEXT_STATES[state]
        and step not in (usual, S.CANCELLED)
        and not (step in NOT_BEFORE_THE_DAY and day > today)
    )


def step_text(step: S, now: S) -> str:
    """What the button says that leads from ``now`` to ``step``."""
    if now in GONE and step is S.BOOKED:
        return "Book again"
    if _ORDER.index(step) < _ORDER.index(now) and now not in GONE:
        return f"Back to {WORDS[step].lower()}"
    return STEPS[step]


def state_colors(state: S, theme: Theme) -> StateColors:
    """The colours of a state: amber for who waits, accent for who is being seen, quiet for what is over."""
    if state is S.ARRIVED:
        return StateColors(theme.warn, theme.warn_soft, theme.text, theme.warn)
    if state in (S.IN_ROOM, S.INJECTED):
        return StateColors(theme.accent, theme.accent_soft, theme.text, theme.accent)
    if state in (S.CHECKED_OUT, S.CANCELLED, S.NO_SHOW):
        return StateColors(theme.control_border, theme.sunken, theme.muted, theme.muted)
    if state is S.CONFIRMED:
        return StateColors(theme.info, theme.info_soft, theme.text, theme.muted)
    return StateColors(theme.control_border, theme.surface, theme.text, theme.muted)
