"""How the pages of an import name kinds, verdicts and questions."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from clinic_app.services.importing.choices import Ask
from clinic_app.services.importing.preview import MadeImport, Outcome, Verdict
from clinic_app.terms import ImportKind
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.tokens import Level

KINDS: Mapping[ImportKind, str] = {
    ImportKind.PATIENTS: "Patients",
    ImportKind.INJECTIONS: "Previous injections",
    ImportKind.APPOINTMENTS: "Appointments",
    ImportKind.SIDE_EFFECTS: "Side effects",
}

ABOUT_KINDS: Mapping[ImportKind, str] = {
    ImportKind.PATIENTS: "Names, record numbers, birth dates, contacts, the indication. One patient a row.",
    ImportKind.INJECTIONS: "Whom, when, muscle and side, units, product, lot. One muscle a row.",
    ImportKind.APPOINTMENTS: "Whom, day, time, with whom, how it ended. One appointment a row.",
    ImportKind.SIDE_EFFECTS: "Whom, what, how severe, from when to when. One side effect a row.",
}


class Group(StrEnum):
    """The rows of a file by what is to be done about them."""

    ALL = "All"
    NEW = "Comes in"
    JOINS = "Joins a patient"
    DUPLICATE = "On record?"
    CONFIRM = "To confirm"
    REFUSED = "Refused"


ABOUT_GROUPS: Mapping[Group, str] = {
    Group.ALL: "Every row of the file",
    Group.NEW: "Rows that come in as they are",
    Group.JOINS: "Rows that come in and belong to a patient who is on record",
    Group.DUPLICATE: "Rows that are on record already, or look like somebody who is",
    Group.CONFIRM: "Rows that come in once somebody has looked at a warning",
    Group.REFUSED: "Rows that cannot come in, with the reason",
}
_MARKS: Mapping[Group, tuple[str, str, Level]] = {
    Group.NEW: ("Comes in", "check", Level.DONE),
    Group.JOINS: ("Joins a patient", "link", Level.DONE),
    Group.DUPLICATE: ("On record already", "users", Level.INFO),
    Group.CONFIRM: ("To confirm", "triangle-alert", Level.WARN),
    Group.REFUSED: ("Refused", "octagon-alert", Level.STOP),
}


def group_of(verdict: Verdict) -> Group:
    """Where a row is listed."""
    if verdict.outcome is Outcome.REFUSED:
        only_a_look = [reason.code for reason in verdict.reasons] == ["confirm"]
        return Group.CONFIRM if only_a_look else Group.REFUSED
    return {Outcome.NEW: Group.NEW, Outcome.JOINS: Group.JOINS, Outcome.DUPLICATE: Group.DUPLICATE}[verdict.outcome]


def mark_of(verdict: Verdict) -> tuple[str, str, Level]:
    """What becomes of a row in two or three words, with an icon and a level."""
    group = group_of(verdict)
    if verdict.asks:
        return "On record?", "circle-question-mark", Level.WARN
    if verdict.waits and group is Group.REFUSED:
        return "Waits for an answer", "circle-question-mark", Level.WARN
    return _MARKS[group]


QUESTIONS: Mapping[Ask, tuple[str, str]] = {
    Ask.SEX: ("Sex", "What does this mean?"),
    Ask.MUSCLE: ("Muscles", "Which muscle is it?"),
    Ask.SIDE: ("Sides", "Which side is it?"),
    Ask.BOTH_SIDES: ("Both sides", "What is the number of units?"),
    Ask.PRODUCT: ("Products", "Which product was given?"),
    Ask.GUIDANCE: ("Guidance", "How was the needle guided?"),
    Ask.INDICATION: ("Indications", "What was treated?"),
    Ask.INJECTOR: ("Injectors", "Who is it?"),
    Ask.TYPE: ("Kinds of appointment", "Which kind is it?"),
    Ask.ROOM: ("Rooms", "Which room is it?"),
    Ask.STATE: ("States", "How did the appointment end?"),
    Ask.SEVERITY: ("Severity", "How severe is it?"),
    Ask.EFFECT: ("Side effects", "Which side effect is it?"),
}
"""What a question is about, and how it is asked."""

HINTS: Mapping[Ask, str] = {
    Ask.BOTH_SIDES: "Some rows name both sides and one number of units.",
    Ask.INDICATION: "An old visit is about what was treated then, which is not always what is treated now.",
    Ask.PRODUCT: "These do not name one product: BTX-A, for example, is the toxin and not a product. Units of one "
    "product are not those of another, so the program does not guess. Look at what the clinic used in those years.",
    Ask.MUSCLE: "Each of these can mean more than one muscle, or none that the program knows. The likeliest "
    "stand first.",
}
NO_TEXT: Mapping[Ask, str] = {
    Ask.INDICATION: "Rows that name no indication",
    Ask.BOTH_SIDES: "Rows about both sides",
}
"""How the text of a question is called where nothing stands in the file."""


def counted(number: int, name: str, plural: str = "") -> str:
    """A number with what it counts."""
    return f"{number_text(number)} {name if number == 1 else plural or name + 's'}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the clinic's wall clock."""
    at = moment.astimezone(zone)
    return f"{date_text(at.date())}, {time_text(at)}"


def made_text(made: MadeImport, zone: ZoneInfo) -> str:
    """When a file was brought in and by whom."""
    return f"{moment_text(made.made_at, zone)}, by {made.by}"


def state_text(made: MadeImport, zone: ZoneInfo) -> str:
    """Whether an import still counts."""
    if made.undone_at is None:
        return "On record"
    return f"Undone on {date_text(made.undone_at.astimezone(zone).date())} by {made.undone_by}"
