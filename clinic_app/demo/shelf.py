"""The demo's refrigerator: vials that are bought as they go, and a few lots that want somebody's attention."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from clinic_app.demo.patterns import ABO, INCO, ONA
from clinic_app.demo.people import SEED
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.terms import LotHold, StockKind

if TYPE_CHECKING:
    from clinic_app.demo.days import MovableClock, Staff

_INJECTION = 1
# Product, units in a vial, vials bought at a time, and the number below which more are bought.
_BOUGHT = (
    (ONA, 100, 30, 24),
    (ONA, 200, 6, 3),
    (INCO, 100, 30, 24),
    (INCO, 200, 6, 3),
    (ABO, 300, 30, 24),
    (ABO, 500, 6, 3),
)
_LARGEST = {ONA: 200, INCO: 200, ABO: 500}


def restock(services: Services, nurse: Actor, day: date) -> None:
    """Buy what runs low, with expiries a year away, and sort out what expired more than a week ago."""
    for row in services.stock.lots(nurse):
        if row.expires_on < day - timedelta(days=7):
            services.stock.record(
                nurse, row.lot_id, StockKind.EXPIRED, row.vials_left, "sorted out at the weekly count"
            )
    for product, size, vials, least in _BOUGHT:
        choices = services.stock.choices(nurse, product, 0, day)
        if sum(choice.vials_left for choice in choices if choice.size_units == size) < least:
            _receive(services, nurse, product, size, day, vials=vials, days=330)


def furnish(services: Services, staff: "Staff", clock: "MovableClock", monday: date) -> None:
    """What a stock view is for: lots about to expire, just expired, held, recalled, and kept for one patient.

    All of it happens in the weeks before ``monday``.
    """
    nurse = staff.nurse
    clock.move_to(datetime.combine(monday - timedelta(days=40), time(16)))
    expired = _receive(services, nurse, INCO, 200, monday, vials=3, days=-3)
    clock.move_to(datetime.combine(monday - timedelta(days=10), time(16)))
    services.stock.record(nurse, expired, StockKind.DISCARDED, 1, "dropped", staff.injectors[1].account_id)
    _receive(services, nurse, ONA, 200, monday, vials=4, days=9)
    held = _receive(services, nurse, INCO, 200, monday, vials=5, days=290)
    clock.move_to(datetime.combine(monday - timedelta(days=3), time(16)))
    services.stock.hold(nurse, held, LotHold.QUARANTINED, "Refrigerator alarm; the maker was asked")
    _recall(services, nurse)
    for friday in (monday + timedelta(days=4), monday + timedelta(days=11)):
        _keep_for_a_patient(services, staff, friday)


def _recall(services: Services, nurse: Actor) -> None:
    """Recall the lot that was used up last, so that there are patients to write to."""
    used_up = [row for row in services.stock.lots(nurse, product=ABO, all=True) if not row.vials_left]
    for lot in sorted(used_up, key=lambda row: (row.expires_on, row.lot_id), reverse=True):
        if services.stock.lot(nurse, lot.lot_id).recipients:
            services.stock.hold(nurse, lot.lot_id, LotHold.RECALLED, "Notice of the maker: glass of some vials cracked")
            return


def _keep_for_a_patient(services: Services, staff: "Staff", day: date) -> None:
    """Vials from a specialty pharmacy for the first patient of the day."""
    coming = services.schedule.board(staff.front_desk, day, 1).appointments
    for appointment in coming:
        pattern = services.charts.last_pattern(staff.nurse, appointment.patient_id)
        if appointment.type_id == _INJECTION and pattern is not None:
            product = pattern.products[0]
            _receive(
                services,
                staff.nurse,
                product,
                _LARGEST[product],
                day,
                vials=1,
                days=260,
                patient_id=appointment.patient_id,
            )
            return


def _receive(
    services: Services,
    nurse: Actor,
    product: str,
    size: int,
    day: date,
    *,
    vials: int,
    days: int,
    patient_id: int | None = None,
) -> int:
    return services.stock.receive(
        nurse,
        product=product,
        number=_number(product, size, day + timedelta(days=days), patient_id),
        size_units=Decimal(size),
        expires_on=day + timedelta(days=days),
        vials=vials,
        patient_id=patient_id,
    )


def _number(product: str, size: int, expires_on: date, patient_id: int | None) -> str:
    """An invented lot number of the kind that the product's vials carry."""
    chance = random.Random(f"{SEED} {product} {size} {expires_on} {patient_id}")
    if product == ONA:
        return f"C{chance.randint(5000, 9999)}C{chance.randint(1, 9)}"
    if product == INCO:
        return str(chance.randint(100_000, 499_999))
    return f"{chance.choice('LMNPR')}{chance.randint(10_000, 99_999)}"
