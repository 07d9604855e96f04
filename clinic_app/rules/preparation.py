"""Which vials to prepare for a day: the fewest wasted units with the sizes on the shelf, earliest expiry first.

The units are those of the record; nothing here proposes a dose. Each vial is for one patient only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from math import gcd


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """Usable vials of one lot; ``size_units`` are units of ``product`` in each, ``patient`` whom they are kept for."""

    lot: int
    product: str
    size_units: Decimal
    expires_on: date
    vials: int
    patient: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """The units of ``product`` that one patient's pattern needs."""

    patient: int
    product: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Allotment:
    """Vials for one need as pairs of lot and count, earliest expiry first.

    ``spare`` units of the product would be wasted, ``short`` are missing on the shelf; one of them is zero.
    """

    vials: tuple[tuple[int, int], ...]
    spare: Decimal
    short: Decimal


def allot(needs: Sequence[Need], shelf: Sequence[ShelfLot]) -> tuple[Allotment, ...]:
    """Vials for each need, in the order of the needs, from one shelf that all of them share.

    Vials supplied for the patient go first and to nobody else. Among the rest, the choice wastes the fewest units of
    this need; then it takes the earliest expiries; then the fewest vials.
    """
    left = {lot.lot: lot.vials for lot in shelf}
    allotted = []
    for need in needs:
        taken: dict[int, int] = {}
        open_units = need.units
        for patient in (need.patient, None):
            usable = [lot for lot in shelf if lot.product == need.product and lot.patient == patient and left[lot.lot]]
            counts = fewest_wasted(open_units, usable, [left[lot.lot] for lot in usable])
            for lot, count in zip(usable, counts, strict=True):
                if count:
                    taken[lot.lot] = count
                    left[lot.lot] -= count
                    open_units -= count * lot.size_units
        order = [lot.lot for lot in sorted(shelf, key=lambda lot: (lot.patient is None, lot.expires_on))]
        vials = tuple((lot, taken[lot]) for lot in order if lot in taken)
        allotted.append(Allotment(vials, max(Decimal(0), -open_units), max(Decimal(0), open_units)))
    return tuple(allotted)


def fewest_wasted(units: Decimal, lots: Sequence[ShelfLot], vials: Sequence[int]) -> tuple[int, ...]:
    """How many vials to take of each lot, of which ``vials`` are left, so that they hold at least ``units``.

    Exact. Takes the smallest total that suffices; among equals the one whose expiries, sorted, come first day by
    day, the shorter list where one continues the other; among those the one of the earlier lots. Takes all where all
    are too few.
    """
    if units <= 0 or not lots:
        return (0,) * len(lots)
    if sum(lot.size_units * count for lot, count in zip(lots, vials, strict=True)) < units:
        return tuple(vials)
    # Whole steps of the sizes' common measure: 100 and 250 units are 2 and 5 steps of 50.
    sizes = [int(lot.size_units * 1000) for lot in lots]
    step = gcd(*sizes)
    sizes = [size // step for size in sizes]
    needed = int((units * 1000 / step).to_integral_value(ROUND_CEILING))
    order = sorted(range(len(lots)), key=lambda n: lots[n].expires_on)
    reach = _reachable([(sizes[n], vials[n]) for n in order], needed + max(sizes))
    enough = reach[0] >> needed
    total = needed + (enough & -enough).bit_length() - 1

    @cache
    def earliest(place: int, rest: int) -> tuple[tuple[date, ...], tuple[int, ...]]:
        """The best way to exactly ``rest`` steps with the lots from ``place`` on: expiries, and places in order."""
        if rest == 0:
            return (), ()
        number = order[place]
        best = None
        for count in range(min(vials[number], rest // sizes[number]) + 1):
            remaining = rest - count * sizes[number]
            if reach[place + 1] >> remaining & 1:
                days, places = earliest(place + 1, remaining)
                found = (lots[number].expires_on,) * count + days, (place,) * count + places
                best = found if best is None else min(best, found)
        assert best is not None  # reach says that there is a way
        return best

    _, places = earliest(0, total)
    return tuple(places.count(order.index(n)) for n in range(len(lots)))


def _reachable(lots: Sequence[tuple[int, int]], most: int) -> list[int]:
    """For each place, the totals up to ``most`` that the lots (size, vials) from there on can make, as set bits."""
    mask = (1 << (most + 1)) - 1
    reach = [1]
    for size, vials in reversed(lots):
        totals, bundle, left = reach[0], 1, vials
        while left:
            bundle = min(bundle, left)
            totals |= totals << size * bundle & mask
            left -= bundle
            bundle *= 2
        reach.insert(0, totals)
    return reach
