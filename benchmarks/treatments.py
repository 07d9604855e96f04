"""What was injected in the benchmarks' large clinics, when and from which lot: made up, the same at each run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path

VISITS_A_LOT = 50
INJECTIONS_A_VISIT = 8


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


def treatment_of(patient: int) -> Treatment:
    """What a patient gets at every visit."""
    return TREATMENTS[patient % len(TREATMENTS)]


@dataclass(frozen=True, slots=True)
class VisitPlace:
    """A visit of the clinic; ``before`` is how many of the patient's visits came after it, ``marked`` on the map."""

    number: int
    patient: int
    visited_on: date
    before: int
    marked: bool = False

    @property
    def treatment(self) -> Treatment:
        """Of the patient."""
        return treatment_of(self.patient)

    @property
    def lot(self) -> int:
        """Each lot is one of the product of its visits: lots of five treatments are open at a time."""
        kinds = len(TREATMENTS)
        return 1 + self.patient % kinds + kinds * ((self.number - 1) // (VISITS_A_LOT * kinds))

    def doses(self) -> Iterator[tuple[str, str, int]]:
        """Muscle, side and thousandths of units: one muscle gets a little more than last time, another less."""
        more, less = self.before % INJECTIONS_A_VISIT, (self.before + 3) % INJECTIONS_A_VISIT
        for place, (muscle, side, units) in enumerate(self.treatment.places):
            yield muscle, side, units + (units // 5 if place == more else -(units // 5) if place == less else 0)


@dataclass(frozen=True, slots=True)
class LotPlace:
    """A lot, the day of its first visit, and how many visits opened one of its vials."""

    number: int
    treatment: Treatment
    first_day: date
    opened: int

    @property
    def expires_on(self) -> date:
        """Long after its last vial was opened."""
        return self.first_day + timedelta(days=300)


@cache
def points_of(muscle: str, side: str) -> tuple[tuple[str, str, float, float, float, float], ...]:
    """Two places in a muscle where it is seen best: plate, part, u and t, and the place in mm."""
    atlas = _atlas()
    for plate_id, layer_id in atlas.shown_on(muscle, side):
        plate = atlas.plate(plate_id)
        for part in plate.layer(layer_id).parts:
            if (part.muscle, part.side) == (muscle, side):
                places = [(t, *(round(number, 3) for number in part.at(0.5, t))) for t in (0.4, 0.6)]
                return tuple((plate_id, part.id, 0.5, t, x, y) for t, x, y in places)
    return ()


@cache
def _atlas() -> Atlas:
    return Atlas(resource_path("atlas", "baked"))
