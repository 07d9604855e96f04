"""Run as a process of its own by the test that kills it: charts a muscle and tells when a second has passed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from clinic_app.app import make_application
from clinic_app.settings import Settings
from clinic_app.terms import Side
from clinic_app.ui.failures import Failures
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Look
from tests.journeys.hands import commit, editor

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


class Charting(QObject):
    """Opens a chart, types into it as a person would, and waits to be killed."""

    def __init__(self, program: Program, patient_id: int) -> None:
        super().__init__(program)
        assert program.clinic_window is not None
        self._program = program
        self._map = program.clinic_window.muscle_map
        program.clinic_window.start_visit(patient_id, False)
        program.tasks.wait_idle(60)
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
    data, user, passphrase, patient_id = sys.argv[1:]
    application = make_application()
    settings = Settings(data=Path(data), user_name=user, passphrase=passphrase)
    program = Program(settings, lambda: NOW, Look(application), Failures(Path(data) / "logs"))
    program.start()
    program.tasks.wait_idle(60)
    charting = Charting(program, int(patient_id))
    application.exec()
    del charting


if __name__ == "__main__":
    main()
