"""Does to a lot what its form says, through the services, and offers to take it back.

The ledger is never edited: what is taken back stands in it as a line of its own.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.services.stock_data import LotRow
from clinic_app.ui.locale import date_text
from clinic_app.ui.stock.lot_acts import LotAct, Wish
from clinic_app.ui.stock.wording import Products, vials_text
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


class LotActions(QObject):
    """The use cases on a lot that exists."""

    message_offered = Signal(str, object)
    """A sentence and a callable that takes back what it tells, or None."""
    done = Signal(object)
    """The ``Wish`` that was fulfilled."""

    def __init__(self, workplace: Workplace, products: Products, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._products = products

    def do(
        self,
        row: LotRow,
        wish: Wish,
        failed: Callable[[ClinicError], object],
        ended: Callable[[], object],
    ) -> None:
        """Do it; the message says what was done and offers the way back."""

        def finished(movement_id: int | None) -> None:
            self.done.emit(wish)
            self.message_offered.emit(f"{self._what(row, wish)}.", lambda: self._take_back(row, wish, movement_id))

        self._workplace.tasks.run(lambda: self._perform(row, wish), finished, failed, owner=self, ended=ended)

    def _perform(self, row: LotRow, wish: Wish) -> int | None:
        """Returns the ledger's new line where one counted vials."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        if wish.act.takes_vials:
            return stock.record(actor, row.lot_id, wish.act.kind, wish.vials, wish.reason, wish.witness_id)
        if wish.act is LotAct.RELEASE:
            stock.release(actor, row.lot_id, wish.reason)
        elif wish.expires_on is not None:
            stock.correct_expiry(actor, row.lot_id, wish.expires_on, wish.reason)
        else:
            stock.hold(actor, row.lot_id, wish.act.hold, wish.reason)
        return None

    def _perform_back(self, row: LotRow, wish: Wish, movement_id: int | None) -> None:
        stock, actor = self._workplace.services.stock, self._workplace.actor
        if movement_id is not None:
            stock.undo(actor, movement_id)
            return
        if wish.expires_on is not None:
            if stock.lot(actor, row.lot_id).lot.expires_on != wish.expires_on:
                raise ClinicError("expiry_corrected_since", number=row.number)
            stock.correct_expiry(actor, row.lot_id, row.expires_on, f"taken back: {wish.act.value.done}")
            return
        if wish.act is not LotAct.RELEASE:
            stock.release(actor, row.lot_id, f"taken back: {wish.act.value.done}")
        if row.hold is not None:  # what it was held for before
            stock.hold(actor, row.lot_id, row.hold, row.hold_reason)

    def _take_back(self, row: LotRow, wish: Wish, movement_id: int | None) -> None:
        text = f"{self._products.lot(row)}: taken back; the ledger shows both."
        self._workplace.tasks.run(
            lambda: self._perform_back(row, wish, movement_id),
            lambda _none: self.message_offered.emit(text, None),
            self._refused,
            owner=self,
        )

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)

    def _what(self, row: LotRow, wish: Wish) -> str:
        lot, done = self._products.lot(row), wish.act.value.done
        if wish.act is LotAct.CORRECT:
            return f"{lot}: {vials_text(row.vials_left + wish.vials)} {done}"
        if wish.expires_on is not None:
            return f"{lot}: {done} to {date_text(wish.expires_on)}"
        return f"{vials_text(wish.vials)} of {lot}, {done}" if wish.act.takes_vials else f"{lot}, {done}"
