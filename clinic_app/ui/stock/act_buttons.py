"""The buttons that open the form of an act on a lot; the rarer corrections share one with a menu."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clinic_app.ui.stock.lot_acts import LotAct
from clinic_app.ui.widgets.buttons import PlainButton


class ActButton(PlainButton):
    """Opens the form of one act."""

    asked = Signal(object)
    """The ``LotAct``."""

    def __init__(self, act: LotAct, parent: QWidget) -> None:
        super().__init__(act.value.button, parent)
        self._act = act
        self.setToolTip(act.value.tip)
        self.clicked.connect(self._ask)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self._act)


class CorrectButton(PlainButton):
    """What the stock says wrongly about a lot: a menu of the corrections, so that the row fits the smallest window."""

    asked = Signal(object)
    """The ``LotAct``."""

    def __init__(self, acts: tuple[LotAct, ...], parent: QWidget) -> None:
        super().__init__("Correct", parent)
        self.setToolTip("What the stock says of the lot is wrong: the number of vials (F2) or the expiry")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.entries: dict[LotAct, QAction] = {}
        for act in acts:
            entry = menu.addAction(act.value.button)
            entry.setToolTip(act.value.tip)
            entry.setData(act)
            self.entries[act] = entry
        menu.triggered.connect(self._chosen)
        self.setMenu(menu)

    @Slot(QAction)
    def _chosen(self, entry: QAction) -> None:
        self.asked.emit(entry.data())
