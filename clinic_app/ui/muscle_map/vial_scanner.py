"""A scanned package becomes a vial of the chart: looked up, learned once when it is new, refused with a sentence."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.chart_data import LotChoice
from clinic_app.services.stock_data import ScannedVial
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.workplace import Workplace

_NOT_ON_SHELF = "lot_not_on_shelf"


class VialScanner(QObject):
    """Asks the stock what was scanned, and puts the vial on the chart that is open."""

    refused = Signal(object)
    """ClinicError: what speaks against the vial."""
    unknown = Signal(object)
    """A ScannedVial whose package nobody has named yet; ``learn`` goes on with it."""
    taken = Signal(str, object)
    """The vial's key on the chart, and a ClinicError to be shown beside it, or None."""

    def __init__(self, chart: OpenChart, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._workplace = workplace

    @Slot(str)
    def scan(self, text: str) -> None:
        """Look up what the scanner typed."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        self._workplace.tasks.run(lambda: stock.scan(actor, text), self._scanned, self.refused.emit, owner=self)

    def learn(self, scanned: ScannedVial, product: str, size_units: Decimal) -> None:
        """Remember what the package's code stands for, and go on with the vial."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        known = replace(scanned, product=product, size_units=size_units)
        self._workplace.tasks.run(
            lambda: stock.learn(actor, scanned.gtin, product, size_units),
            lambda _: self._scanned(known),
            self.refused.emit,
            owner=self,
        )

    def _scanned(self, scanned: ScannedVial) -> None:
        if not scanned.product:
            self.unknown.emit(scanned)
            return
        content = self._chart.content
        if edits.holds_package(content, scanned.product, scanned.lot, scanned.serial):
            self.refused.emit(ClinicError("vial_on_chart", field="scan", number=scanned.lot))
            return
        stock, actor = self._workplace.services.stock, self._workplace.actor
        patient, day = self._chart.draft.patient_id, content.visited_on

        def look_up() -> tuple[LotChoice | None, ClinicError | None]:
            try:
                return stock.vial_for(actor, scanned, patient, day, product=content.product), None
            except ClinicError as error:
                if error.code != _NOT_ON_SHELF:
                    raise
                return None, error  # a clinic that keeps no stock charts what is printed on the vial

        def take(found: tuple[LotChoice | None, ClinicError | None]) -> None:
            lot, doubt = found
            known = self._chart.reference.products.get(scanned.product)
            content, key = edits.take_package(
                self._chart.content, scanned, lot, known.diluent if known is not None else ""
            )
            self._chart.edit(content)
            if scanned.doubtful:
                doubt = doubt or ClinicError("scan_doubtful", field="scan", number=scanned.lot)
            self.taken.emit(key, doubt)

        self._workplace.tasks.run(look_up, take, self.refused.emit, owner=self)
