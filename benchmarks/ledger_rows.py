"""The lots of the benchmarks' large clinics and their ledger: what a signature books of each vial."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from benchmarks.bulk import BulkInsert
from benchmarks.treatments import TREATMENTS, LotPlace, VisitPlace
from clinic_app.models import Lot, StockMovement

WASTE_REASON = "rest of a single-patient vial"
_ON_THE_SHELF = 100
"""Vials left of each of the last lots."""


def lots_of(visits: Sequence[VisitPlace]) -> dict[int, LotPlace]:
    """Every lot by its number; visits are in the order of their days."""
    opened = Counter(visit.lot for visit in visits)
    first: dict[int, VisitPlace] = {}
    for visit in visits:
        first.setdefault(visit.lot, visit)
    return {lot: LotPlace(lot, v.treatment, v.visited_on, opened[lot]) for lot, v in sorted(first.items())}


class LedgerRows:
    """Writes lots, and their movements in the order of time."""

    def __init__(self, bulk: BulkInsert, visits: Sequence[VisitPlace], lots: Mapping[int, LotPlace]) -> None:
        self._bulk = bulk
        self._visits = visits
        self._lots = lots

    def lots(self) -> None:
        """Every lot of ten years."""
        self._bulk.fill(
            Lot,
            ("id", "product", "number", "size_units", "expires_on"),
            (
                (lot.number, lot.treatment.product, f"C{lot.number}", lot.treatment.vial_units, str(lot.expires_on))
                for lot in self._lots.values()
            ),
        )

    def movements(self) -> None:
        """Received before the first visit; then each vial opened, drawn and wasted."""
        self._bulk.fill(
            StockMovement,
            ("lot_id", "kind", "vials", "at", "account_id", "visit_id", "vial_id", "units", "reason"),
            self._movements(),
        )

    def _movements(self) -> Iterator[tuple[object, ...]]:
        received: set[int] = set()
        newest = max(self._lots) - 2 * len(TREATMENTS)
        for visit in self._visits:
            lot = self._lots[visit.lot]
            if lot.number not in received:
                received.add(lot.number)
                vials = lot.opened + (_ON_THE_SHELF if lot.number > newest else 0)
                day = lot.first_day - timedelta(days=20)
                yield lot.number, "received", vials, f"{day} 13:00:00.000000", 1, None, None, None, ""
            at, by, size = f"{visit.visited_on} 15:30:00.000000", 1 + visit.number % 5, lot.treatment.vial_units
            drawn = sum(units for _, _, units in visit.doses())
            for kind, vials, units, reason in (
                ("opened", -1, size, ""),
                ("drawn", 0, -drawn, ""),
                ("wasted", 0, drawn - size, WASTE_REASON),
            ):
                if units:
                    yield lot.number, kind, vials, at, by, visit.number, visit.number, units, reason
