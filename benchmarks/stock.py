"""Who got vials of a lot: on screen in the real window, and without it beside hand-written SQL."""

from collections.abc import Iterator
from functools import partial

from benchmarks.clinics import Clinics
from benchmarks.hand import rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, row, timed
from benchmarks.window import RealWindow
from clinic_app.ui.clinic_window import PATIENTS, STOCK
from clinic_app.ui.stock.lot_page import PATIENTS as WHO_GOT_IT

LOT_MS = 20.0
_RECIPIENTS = """
SELECT v.id, v.visited_on, p.id, p.given_name, p.family_name, p.birth_date, p.record_number, p.phone, p.address,
       a.full_name, d.wasted_units, (SELECT sum(i.units) FROM injection i WHERE i.vial_id = d.id)
FROM vial d JOIN visit v ON v.id = d.visit_id JOIN patient p ON p.id = v.patient_id
JOIN account a ON a.id = v.injector_id
WHERE d.lot_id = ? ORDER BY v.visited_on DESC
"""
_LEDGER = """
SELECT m.*, a.full_name, p.given_name, p.family_name FROM stock_movement m JOIN account a ON a.id = m.account_id
LEFT JOIN visit v ON v.id = m.visit_id LEFT JOIN patient p ON p.id = v.patient_id WHERE m.lot_id = ? ORDER BY m.id
"""


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about the stock."""
    with clinics.opened() as clinic:
        lots = [found[0] for found in rows_by_hand(clinic, "SELECT id FROM lot WHERE id % 5 = 1 ORDER BY id")]
    lots = lots[:: max(1, len(lots) // 60)]
    with clinics.window() as window:
        yield row("stock: the shelf, on screen", None, timed(lambda _: _shelf(window), after=partial(_leave, window)))
        yield _on_screen(window, lots)
    with clinics.opened() as clinic:
        yield _without_window(clinic, lots)


def _shelf(window: RealWindow) -> None:
    window.clinic.window.show_view(STOCK)
    window.settle()


def _leave(window: RealWindow) -> None:
    window.clinic.window.show_view(PATIENTS)
    window.settle()


def _on_screen(window: RealWindow, lots: list[int]) -> Row:
    """From the choice of a lot until those who got it are painted."""
    _shelf(window)
    stock = window.clinic.stock
    assert stock is not None
    stock.lot_page.tabs.setCurrentIndex(WHO_GOT_IT)

    def choose(number: int) -> None:
        window.clinic.show_lot(lots[number % len(lots)])
        window.settle()

    return row("stock: from a lot to its patients, on screen", LOT_MS, timed(choose))


def _without_window(clinic: LargeClinic, lots: list[int]) -> Row:
    """With the lot's ledger, which the same page shows."""

    def read(number: int) -> None:
        clinic.services.stock.lot(clinic.actor, lots[number % len(lots)])

    def by_hand(number: int) -> None:
        lot = lots[(number + len(lots) // 2) % len(lots)]  # not the one that was just read
        rows_by_hand(clinic, _RECIPIENTS, (lot,))
        rows_by_hand(clinic, _LEDGER, (lot,))

    return row("stock: from a lot to its patients, without the window", LOT_MS, *beside(read, by_hand), most=3)
