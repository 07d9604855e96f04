"""The signed visits of the benchmarks' large clinics with all that belongs to them, and what they did.

Each visit has one vial and eight injections. Nine of ten were asked for their response at the return, three of ten had
a side effect with one suspected muscle, half said that there was none, and two were not asked. What is repeated next,
the last visit of those in treatment, has two points an injection on the map.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from benchmarks.bulk import BulkInsert
from benchmarks.calendars import INTERVAL_WEEKS
from benchmarks.ledger_rows import WASTE_REASON, LedgerRows, lots_of
from benchmarks.seals import seal, units_text
from benchmarks.treatments import INJECTIONS_A_VISIT, VisitPlace, points_of
from clinic_app.models import (
    Injection,
    InjectionPoint,
    Response,
    SideEffect,
    SideEffectAnswer,
    SuspectedMuscle,
    Vial,
    Visit,
)

_ASSESSMENT = "Turns to the right, tilt to the left; benefit from week two, wearing off since a fortnight."
_PLAN = (INTERVAL_WEEKS, INTERVAL_WEEKS, INTERVAL_WEEKS, None)
_GUIDANCE: tuple[list[str], ...] = ([], ["EMG"])
Columns = dict[str, object]


class TreatmentRows:
    """Writes the visits of a clinic with everything in them, in the order of their days."""

    def __init__(self, bulk: BulkInsert, visits: Sequence[VisitPlace], recorded_at: str) -> None:
        self._bulk = bulk
        self._visits = visits
        self._recorded_at = recorded_at
        self._lots = lots_of(visits)
        self._ledger = LedgerRows(bulk, visits, self._lots)

    def run(self) -> None:
        """All tables of signed visits and of what they did."""
        self._ledger.lots()
        self._bulk.fill(
            Visit,
            _VISIT_COLUMNS,
            map(self._visit_row, self._visits),
        )
        self._bulk.fill(
            Vial,
            (
                "id", "visit_id", "position", "lot_id", "product", "lot_number", "expires_on", "size_units",
                "diluent", "diluent_ml", "reconstituted_at", "wasted_units", "waste_reason",
            ),
            map(self._vial_row, self._visits),
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
        self._bulk.fill(
            InjectionPoint,
            ("id", "injection_id", "position", "plate", "part", "u", "t", "x_mm", "y_mm"),
            (tuple(point.values()) for v in self._visits for point in _points(v)),
        )
        self._ledger.movements()
        self._responses()
        self._side_effects()

    def _visit_row(self, v: VisitPlace) -> tuple[object, ...]:
        said = _visit(v)
        row = {**said, "codes": '["64616"]', "signed_at": f"{v.visited_on} 15:30:00.000000"}
        row["interval_weeks"] = said.get("interval_weeks")
        row["digest"] = seal(said, [self._vial(v)], _injections(v))
        return tuple(row[name] for name in _VISIT_COLUMNS)

    def _vial(self, v: VisitPlace) -> Columns:
        """As its digest has it."""
        return {
            "id": v.number, "visit_id": v.number, "position": 0, "lot_id": v.lot, "product": v.treatment.product,
            "lot_number": f"C{v.lot}", "expires_on": str(self._lots[v.lot].expires_on),
            "size_units": units_text(v.treatment.vial_units), "diluent": "saline",
            "diluent_ml": units_text(v.treatment.diluent_ml), "reconstituted_at": f"{v.visited_on}T09:00:00",
            "wasted_units": units_text(_wasted(v)), "waste_reason": WASTE_REASON,
        }  # fmt: skip

    def _vial_row(self, v: VisitPlace) -> tuple[object, ...]:
        row = self._vial(v) | {
            "size_units": v.treatment.vial_units, "diluent_ml": v.treatment.diluent_ml, "wasted_units": _wasted(v),
            "reconstituted_at": f"{v.visited_on} 09:00:00.000000",
        }  # fmt: skip
        return tuple(row.values())

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


_VISIT_COLUMNS = (
    "id", "patient_id", "injector_id", "visited_on", "indication", "icd10cm", "assessment", "consent", "codes",
    "interval_weeks", "signed_at", "signed_by_id", "digest",
)  # fmt: skip


def _visit(v: VisitPlace) -> Columns:
    """As its digest has it."""
    said: Columns = {
        "id": v.number, "patient_id": v.patient, "injector_id": 1 + v.number % 5, "visited_on": str(v.visited_on),
        "indication": v.treatment.indication, "icd10cm": v.treatment.icd10cm, "assessment": _ASSESSMENT,
        "consent": v.number % 50 != 0, "complications": "", "codes": ["64616"], "plan": "",
        "signed_at": f"{v.visited_on}T15:30:00+00:00", "signed_by_id": 1 + v.number % 5,
    }  # fmt: skip
    weeks = _PLAN[v.number % len(_PLAN)]
    return said if weeks is None else said | {"interval_weeks": weeks}


def _injections(v: VisitPlace) -> list[Columns]:
    points: dict[object, list[Columns]] = {}
    for point in _points(v):
        points.setdefault(point["injection_id"], []).append(point)
    first = (v.number - 1) * INJECTIONS_A_VISIT + 1
    return [
        {
            "id": first + place, "visit_id": v.number, "vial_id": v.number, "position": place, "muscle": muscle,
            "side": side, "units": units_text(units), "guidance": _GUIDANCE[(v.number + place) % 4 != 0], "note": "",
            "points": points.get(first + place, []),
        }
        for place, (muscle, side, units) in enumerate(v.doses())
    ]  # fmt: skip


def _points(v: VisitPlace) -> Iterator[Columns]:
    """Two a muscle, where the visit is marked on the map."""
    if not v.marked:
        return
    for place, (muscle, side, _) in enumerate(v.treatment.places):
        injection = (v.number - 1) * INJECTIONS_A_VISIT + place + 1
        for position, (plate, part, u, t, x, y) in enumerate(points_of(muscle, side)):
            yield {
                "id": 2 * injection + position, "injection_id": injection, "position": position, "plate": plate,
                "part": part, "u": u, "t": t, "x_mm": x, "y_mm": y,
            }  # fmt: skip


def _wasted(v: VisitPlace) -> int:
    return v.treatment.vial_units - sum(units for _, _, units in v.doses())
