"""Run as a process of its own by the test that kills it: charts a muscle and tells when a second has passed."""

from PySide6.QtCore import QObject, QTimer, Slot

from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.program import Program
from tests.journeys.hands import commit, editor
from tests.journeys.open_chart import open_chart


class Charting(QObject):
    """Opens a chart, types into it as a person would, and waits to be killed."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        assert program.clinic_window is not None
        self._map = program.clinic_window.muscle_map
        QTimer.singleShot(0, self, self._type)

    @Slot()
    def _type(self) -> None:
        chart, panel = self._map.chart, self._map.panel
        assert chart is not None
        assert panel is not None
        chart.edit(edits.add_line(chart.content, "splenius_capitis", Side.LEFT))
        panel.select("splenius_capitis", Side.LEFT, focus=True)
        QTimer.singleShot(50, self, self._type_units)

    @Slot()
    def _type_units(self) -> None:
        panel = self._map.panel
        assert panel is not None
        commit(editor(panel, "Left splenius capitis, units"), "47.5")
        # The promise is about what was typed more than a second before.
        QTimer.singleShot(1000, self, self._tell)

    @Slot()
    def _tell(self) -> None:
        print("a second has passed", flush=True)


def main() -> None:
    application, program = open_chart()
    charting = Charting(program)
    application.exec()
    del charting


if __name__ == "__main__":
    main()
