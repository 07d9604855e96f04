"""Run by the benchmark in a process of its own: the least that a window costs, an empty table on Qt's own widgets.

Prints "painted" as soon as it is, and then the process's memory in MB.
"""

import os
import sys
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView, QWidget


class Painted(QObject):
    """Notices that a widget is painted; ``wanted`` says whether a paint counts."""

    def __init__(self, widget: QWidget, wanted: Callable[[], bool] = lambda: True) -> None:
        super().__init__(widget)
        self.seen = False
        self._wanted = wanted
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each event of the widget; none is kept from it."""
        self.seen = self.seen or (event.type() is QEvent.Type.Paint and self._wanted())
        return False


def main() -> None:
    """Show the window until it is painted."""
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    model = QStandardItemModel(0, 6, window)
    table = QTableView(window)
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1440, 900)
    painted = Painted(table.viewport())
    window.show()
    while not painted.seen:
        application.processEvents()
    print("painted", flush=True)
    from benchmarks.measure import resident_mb

    print(resident_mb())


if __name__ == "__main__":
    main()
