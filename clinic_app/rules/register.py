"""Every rule by id: the levels it comes with and what it rests on. Titles and sentences are in ``checks_en.toml``."""

from dataclasses import dataclass
from enum import StrEnum

from clinic_app.rules.findings import Level
from clinic_app.rules.limits import LIMITABLE

STOP, WARN, INFO = Level


class Basis(StrEnum):
    """What a rule rests on."""

    #: Figures or statements of labels, each with its sources and whether a page that was read states it.
    LABEL = "label"
    #: The reference's anatomy, which is general knowledge: no page was read for it.
    ANATOMY = "anatomy"
    #: What the program asks for by itself, from chart and record.
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Rule:
    """A charting check. ``own_levels`` begin with the usual one.

    ``starred`` is the "stop*": a stop where the figure is verified, else a warning that asks to confirm it.
    """

    id: str
    basis: Basis
    own_levels: tuple[Level, ...]
    starred: bool = False
    at_signing: bool = False

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every level that a finding may have: also a warning where it is starred, and information where the clinic
        may set a wider limit than the label's."""
        levels = (*self.own_levels, *((WARN,) if self.starred else ()), *((INFO,) if self.id in LIMITABLE else ()))
        return tuple(dict.fromkeys(levels))


RULES: tuple[Rule, ...] = (
    Rule("interval.too_short", Basis.LABEL, (STOP,), starred=True),
    Rule("dose.visit_cap", Basis.LABEL, (STOP,), starred=True),
    Rule("dose.rolling_cap", Basis.LABEL, (STOP,), starred=True),
    Rule("dose.muscle_range", Basis.LABEL, (WARN,)),
    Rule("dose.scm_total", Basis.LABEL, (STOP,), starred=True),
    Rule("dose.point_cap", Basis.LABEL, (STOP,), starred=True),
    Rule("product.missing", Basis.PROGRAM, (STOP,)),
    Rule("product.mixed", Basis.LABEL, (WARN,)),
    Rule("product.changed", Basis.LABEL, (WARN,)),
    Rule("product.cosmetic_only", Basis.LABEL, (STOP,)),
    Rule("vial.missing", Basis.PROGRAM, (STOP,)),
    Rule("vial.expired", Basis.PROGRAM, (STOP,)),
    Rule("vial.overdrawn", Basis.PROGRAM, (STOP,)),
    Rule("vial.too_old", Basis.LABEL, (STOP,), starred=True),
    Rule("vial.unreconciled", Basis.LABEL, (STOP, WARN)),
    Rule("vial.shared", Basis.LABEL, (STOP, WARN)),
    Rule("vial.assigned", Basis.PROGRAM, (STOP,)),
    Rule("patient.allergy", Basis.LABEL, (STOP,), starred=True),
    Rule("patient.condition", Basis.LABEL, (WARN,)),
    Rule("patient.interaction", Basis.LABEL, (WARN,)),
    Rule("patient.pregnancy", Basis.LABEL, (WARN,)),
    Rule("patient.age", Basis.LABEL, (WARN,)),
    Rule("patient.unmatched", Basis.PROGRAM, (INFO,)),
    Rule("target.avoid", Basis.ANATOMY, (WARN,)),
    Rule("guidance.recommended", Basis.ANATOMY, (WARN,)),
    Rule("target.specialist", Basis.ANATOMY, (INFO,)),
    Rule("target.unknown", Basis.PROGRAM, (WARN,)),
    Rule("target.side", Basis.PROGRAM, (STOP,)),
    Rule("history.side_effect", Basis.PROGRAM, (WARN,)),
    Rule("pattern.component", Basis.ANATOMY, (INFO,)),
    Rule("documentation.indication", Basis.PROGRAM, (WARN,), at_signing=True),
    Rule("documentation.consent", Basis.PROGRAM, (WARN,), at_signing=True),
    Rule("documentation.guidance", Basis.PROGRAM, (WARN,), at_signing=True),
    Rule("documentation.points", Basis.PROGRAM, (WARN,), at_signing=True),
    Rule("documentation.reason", Basis.PROGRAM, (WARN,), at_signing=True),
)


@dataclass(frozen=True, slots=True)
class BookingRule:
    """What refuses an appointment; where it is ``passable``, a permitted person may book with a reason."""

    id: str
    passable: bool

    @property
    def error(self) -> str:
        """The id of the error that says it."""
        return self.id.replace(".", "_")


BOOKING_RULES: tuple[BookingRule, ...] = (
    BookingRule("booking.past", passable=False),
    BookingRule("booking.overlap_patient", passable=False),
    BookingRule("booking.closed", passable=True),
    BookingRule("booking.outside_hours", passable=True),
    BookingRule("booking.overlap_injector", passable=True),
    BookingRule("booking.overlap_room", passable=True),
    BookingRule("booking.overlap_device", passable=True),
    BookingRule("booking.interval", passable=True),
    BookingRule("booking.unreviewed_red_flag", passable=True),
    BookingRule("booking.authorization", passable=True),
)
