"""What was injected in the benchmarks' large clinics, and what it did: made up, by arithmetic, the same at each run.

Each visit has one vial and eight injections, without points. Nine of ten were asked for their response at the return,
three of ten had a side effect with one suspected muscle, half said that there was none, and two were not asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.bulk import BulkInsert
from benchmarks.calendars import INTERVAL_WEEKS
from clinic_app.models import (
    Injection,
    Lot,
    Response,
    SideEffect,
    SideEffectAnswer,
    SuspectedMuscle,
    Vial,
    Visit,
)

VISITS_A_LOT = 50
INJECTIONS_A_VISIT = 8
_ASSESSMENT = "Turns to the right, tilt to the left; benefit from week two, wearing off since a fortnight."
_PLAN = (INTERVAL_WEEKS, INTERVAL_WEEKS, INTERVAL_WEEKS, None)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a patient gets: units of the product in thousandths, for eight muscles with their sides."""

    indication: str
    icd10cm: str
    product: str
    vial_units: int
    diluent_ml: int
    places: tuple[tuple[str, str, int], ...]
    effects: tuple[str, str]


def _both(*muscles: tuple[str, int]) -> tuple[tuple[str, str, int], ...]:
    return tuple((muscle, side, units) for muscle, units in muscles for side in ("left", "right"))


def _neck(factor: int) -> tuple[tuple[str, str, int], ...]:
    """Turned to the right, in steps of ``factor`` thousandths of a unit."""
    return (
        ("splenius_capitis", "right", 40 * factor),
        ("sternocleidomastoideus", "left", 30 * factor),
        ("levator_scapulae", "right", 25 * factor),
        ("semispinalis_capitis", "right", 20 * factor),
        ("trapezius_pars_descendens", "right", 20 * factor),
        ("trapezius_pars_descendens", "left", 15 * factor),
        ("obliquus_capitis_inferior", "right", 15 * factor),
        ("longissimus_capitis", "left", 10 * factor),
    )


_EYES = _both(
    ("orbicularis_oculi_pretarsal", 7500),
    ("orbicularis_oculi_preseptal", 5000),
    ("orbicularis_oculi_orbital", 5000),
    ("corrugator_supercilii", 5000),
)
_NECK_EFFECTS, _EYE_EFFECTS = ("dysphagia", "neck_weakness"), ("eyelid_ptosis", "dry_eye")
TREATMENTS = (
    Treatment("cervical_dystonia", "G24.3", "onabotulinumtoxinA", 200_000, 2_000, _neck(1000), _NECK_EFFECTS),
    Treatment("cervical_dystonia", "G24.3", "abobotulinumtoxinA", 500_000, 1_000, _neck(2500), _NECK_EFFECTS),
    Treatment("cervical_dystonia", "G24.3", "onabotulinumtoxinA", 200_000, 2_000, _neck(1000), _NECK_EFFECTS),
    Treatment("blepharospasm", "G24.5", "incobotulinumtoxinA", 50_000, 1_000, _EYES, _EYE_EFFECTS),
    Treatment("cervical_dystonia", "G24.3", "incobotulinumtoxinA", 200_000, 2_000, _neck(1000), _NECK_EFFECTS),
)


@dataclass(frozen=True, slots=True)
class VisitPlace:
    """A visit of the clinic; ``before`` is how many of the patient's visits came after it."""

    number: int
    patient: int
    visited_on: date
    before: int

    @property
    def treatment(self) -> Treatment:
        """Of the patient."""
        return TREATMENTS[self.patient % len(TREATMENTS)]

    def doses(self) -> Iterator[tuple[str, str, int]]:
        """Muscle, side and thousandths of units: one muscle gets a little more than last time, another less."""
        more, less = self.before % INJECTIONS_A_VISIT, (self.before + 3) % INJECTIONS_A_VISIT
        for place, (muscle, side, units) in enumerate(self.treatment.places):
            yield muscle, side, units + (units // 5 if place == more else -(units // 5) if place == less else 0)


class TreatmentRows:
    """Writes the visits of a clinic with everything in them, in the order of their days."""

    def __init__(self, bulk: BulkInsert, visits: Sequence[VisitPlace], recorded_at: str) -> None:
        self._bulk = bulk
        self._visits = visits
        self._recorded_at = recorded_at

    def run(self) -> None:
        """All tables of signed visits and of what they did."""
        self._lots()
        self._bulk.fill(
            Visit,
            (
                "id", "patient_id", "injector_id", "visited_on", "indication", "icd10cm", "assessment", "consent",
                "codes", "interval_weeks", "signed_at", "signed_by_id", "digest",
            ),
            (
                (
                    v.number, v.patient, 1 + v.number % 5, str(v.visited_on), v.treatment.indication,
                    v.treatment.icd10cm, _ASSESSMENT, int(v.number % 50 != 0), '["64616"]', _PLAN[v.number % 4],
                    f"{v.visited_on} 15:30:00.000000", 1 + v.number % 5, "d" * 64,
                )
                for v in self._visits
            ),
        )  # fmt: skip
        self._bulk.fill(
            Vial,
            (
                "id", "visit_id", "position", "lot_id", "product", "lot_number", "expires_on", "size_units",
                "diluent_ml", "wasted_units", "waste_reason",
            ),
            (
                (
                    v.number, v.number, 0, self._lot(v), v.treatment.product, f"C{self._lot(v)}",
                    str(v.visited_on + timedelta(days=300)), v.treatment.vial_units, v.treatment.diluent_ml,
                    v.treatment.vial_units - sum(units for _, _, units in v.doses()), "rest of a single-patient vial",
                )
                for v in self._visits
            ),
        )  # fmt: skip
        self._bulk.fill(
            Injection,
            ("id", "visit_id", "vial_id", "position", "muscle", "side", "units", "guidance"),
            (
                (
                    (v.number - 1) * INJECTIONS_A_VISIT + place + 1, v.number, v.number, place, muscle, side, units,
                    '["EMG"]' if (v.number + place) % 4 else "[]",
                )
                for v in self._visits
                for place, (muscle, side, units) in enumerate(v.doses())
            ),
        )  # fmt: skip
        self._responses()
        self._side_effects()

    def _lot(self, visit: VisitPlace) -> int:
        """Each lot is one of the product of its visits: lots of five treatments are open at a time."""
        kinds = len(TREATMENTS)
        return 1 + visit.patient % kinds + kinds * ((visit.number - 1) // (VISITS_A_LOT * kinds))

    def _lots(self) -> None:
        lots: dict[int, VisitPlace] = {}
        for visit in self._visits:
            lots.setdefault(self._lot(visit), visit)
        self._bulk.fill(
            Lot,
            ("id", "product", "number", "size_units", "expires_on"),
            (
                (
                    lot, v.treatment.product, f"C{lot}", v.treatment.vial_units,
                    str(v.visited_on + timedelta(days=300)),
                )
                for lot, v in sorted(lots.items())
            ),
        )  # fmt: skip

    def _responses(self) -> None:
        self._bulk.fill(
            Response,
            (
                "visit_id", "recorded_at", "first_day", "best_percent", "wore_off_week", "patient_impression",
                "clinician_impression", "pain",
            ),
            (
                (
                    v.number, self._recorded_at, 3 + v.number % 9, 10 * (3 + v.number % 7), 8 + v.number % 5,
                    1 + v.number % 4, 1 + v.number % 3, v.number % 7,
                )
                for v in self._visits
                if v.before and v.number % 10 != 9
            ),
        )  # fmt: skip

    def _side_effects(self) -> None:
        troubled = [v for v in self._visits if v.number % 10 < 3]
        self._bulk.fill(
            SideEffect,
            (
                "id", "patient_id", "visit_id", "kind", "severity", "started_on", "ended_on", "recorded_at",
                "recorded_by_id",
            ),
            (
                (
                    number, v.patient, v.number, v.treatment.effects[v.number % 2], ("mild", "moderate")[number % 2],
                    str(v.visited_on + timedelta(days=3 + number % 15)),
                    str(v.visited_on + timedelta(days=20 + number % 15)), self._recorded_at, 1 + v.number % 5,
                )
                for number, v in enumerate(troubled, 1)
            ),
        )  # fmt: skip
        self._bulk.fill(
            SuspectedMuscle,
            ("id", "side_effect_id", "muscle", "side"),
            (
                (number, number, *v.treatment.places[number % INJECTIONS_A_VISIT][:2])
                for number, v in enumerate(troubled, 1)
                if number % 20
            ),
        )
        self._bulk.fill(
            SideEffectAnswer,
            ("visit_id", "patient_id", "asked_at", "asked_by_id"),
            ((v.number, v.patient, self._recorded_at, 1) for v in self._visits if 3 <= v.number % 10 < 8),
        )
