"""A scanned package becomes a vial of the chart: looked up, learned once when it is new, refused with a sentence."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.chart_data import ChartContent, LotChoice
from clinic_app.services.stock_data import ProductSize, ScannedVial
from clinic_app.ui.muscle_map import vial_edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.workplace import Workplace

_NOT_ON_SHELF = "lot_not_on_shelf"


class PackageScans(QObject):
    """Asks the stock what was scanned or typed, and puts the vial on the chart that is open."""

    refused = Signal(object)
    """ClinicError: what speaks against the vial."""
    unknown = Signal(object, object)
    """A ScannedVial whose package nobody has named yet, and every ProductSize it can be; ``learn`` goes on with it."""
    taken = Signal(str, object)
    """The vial's key on the chart, and a ClinicError to be shown beside it, or None."""

    def __init__(self, chart: OpenChart, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._workplace = workplace

    @Slot(str)
    def scan(self, text: str) -> None:
        """Look up what a scanner or a person typed."""
        stock, actor = self._workplace.services.stock, self._workplace.actor

        def look_up() -> tuple[ScannedVial, tuple[ProductSize, ...]]:
            scanned = stock.scan(actor, text)
            return scanned, () if scanned.product else stock.sizes(actor)

        def show(found: tuple[ScannedVial, tuple[ProductSize, ...]]) -> None:
            scanned, sizes = found
            if scanned.product:
                self._take(scanned)
            else:
                self.unknown.emit(scanned, sizes)

        self._run(look_up, show)

    @Slot(object, object)
    def learn(self, scanned: ScannedVial, size: ProductSize) -> None:
        """Remember what the package's code stands for, and go on with the vial."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        known = replace(scanned, product=size.product, size_units=size.size_units)
        self._run(lambda: stock.learn(actor, scanned.gtin, size.product, size.size_units), lambda _: self._take(known))

    def _take(self, scanned: ScannedVial) -> None:
        content = self._chart.content
        if vial_edits.holds_package(content, scanned.product, scanned.lot, scanned.serial):
            self.refused.emit(ClinicError("vial_on_chart", field="scan", number=scanned.lot))
            return
        stock, actor = self._workplace.services.stock, self._workplace.actor
        patient, day, product = self._chart.draft.patient_id, content.visited_on, _wanted(content, scanned)

        def look_up() -> tuple[LotChoice | None, ClinicError | None]:
            try:
                return stock.vial_for(actor, scanned, patient, day, product=product), None
            except ClinicError as error:
                if error.code != _NOT_ON_SHELF:
                    raise
                # A clinic that keeps no stock charts what is printed on the vial.
                return None, ClinicError("vial_as_printed", field="scan", number=scanned.lot)

        def take(found: tuple[LotChoice | None, ClinicError | None]) -> None:
            lot, doubt = found
            known = self._chart.reference.products.get(scanned.product)
            diluent = known.diluent if known is not None else ""
            content, key = vial_edits.take_package(self._chart.content, scanned, lot, diluent)
            self._chart.edit(content)
            if scanned.doubtful:
                doubt = ClinicError("scan_doubtful", field="scan", number=scanned.lot)
            self.taken.emit(key, doubt)

        self._run(look_up, take)

    def _run(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        self._workplace.tasks.run(work, done, self.refused.emit, owner=self)


def _wanted(content: ChartContent, scanned: ScannedVial) -> str:
    """The product that the chart waits for: a second one, where the chart has a vial of it, else the visit's."""
    if any(vial.product == scanned.product for vial in content.vials):
        return scanned.product
    return content.product
