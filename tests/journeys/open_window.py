"""Run as a process of its own by tests that need a program with its window: it does what its lines of JSON name.

Each line is a list, the name of what to do and what goes with it; the answer is one line. Where somebody works is on
the command line.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtTest import QTest

from clinic_app.app import make_application
from clinic_app.settings import Settings
from clinic_app.terms import Side
from clinic_app.ui.clinic_window import ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Look
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW
from tests.journeys.hands import commit, editor

UNITS = "Left splenius capitis, units"
NOTE = "Note"


class OpenWindow(QObject):
    """The window and what a person does in it."""

    told = Signal(str)

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        self._does: dict[str, Callable[..., Any]] = {
            "open chart": self._open_chart,
            "type units": self._type_units,
            "open form": self._open_form,
            "type note": self._type_note,
            "save": self._save,
            "look": self._look,
            "read": self._read,
            "close": self._close,
        }
        program.opened.connect(lambda _: say("opened"))
        program.refused.connect(lambda sentence: say({"refused": sentence}))
        self.told.connect(self._hear)

    @property
    def _clinic(self) -> ClinicWindow:
        assert self._program.clinic_window is not None
        return self._program.clinic_window

    @Slot(str)
    def _hear(self, line: str) -> None:
        what, *more = json.loads(line)
        say(self._does[what](*more))

    def _open_chart(self, patient: int) -> int:
        """A new chart with one muscle; returns its draft."""
        self._clinic.start_visit(patient, False)
        self._program.tasks.wait_idle()
        QCoreApplication.processEvents()  # the panel beside the map is made after the map
        chart, panel = self._clinic.muscle_map.chart, self._clinic.muscle_map.panel
        assert chart is not None
        assert panel is not None
        chart.edit(edits.add_line(chart.content, "splenius_capitis", Side.LEFT))
        panel.select("splenius_capitis", Side.LEFT, focus=True)
        return chart.keeper.draft_id

    def _type_units(self, units: str) -> None:
        panel = self._clinic.muscle_map.panel
        assert panel is not None
        line = editor(panel, UNITS)
        line.clear()
        commit(line, units)

    def _open_form(self, patient: int) -> None:
        self._clinic.show_patient(patient)
        self._program.tasks.wait_idle()
        self._clinic.patients.edit_item()

    def _type_note(self, text: str) -> None:
        commit(editor(self._clinic.patients, NOTE), text)

    def _save(self) -> None:
        QTest.keyClick(self._clinic.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    def _look(self) -> dict[str, str]:
        """What stands in the window: what is said of the server, the message, and the note being typed."""
        window, form = self._clinic.window, self._clinic.patients.form()
        note = "" if form is None else form.fields.form().note
        return {"of the server": window.line_note.text(), "message": window.messages.text(), "note": note}

    def _read(self, patient: int) -> dict[str, Any]:
        """What the record has of a patient: the note, and the units in charts that are not signed."""
        services, actor = self._clinic.workplace.services, self._clinic.workplace.actor
        drafts = [services.charts.open(actor, draft.id) for draft in services.charts.drafts(actor, patient)]
        return {
            "note": services.patients.details(actor, patient).form.note,
            "units": [line.units for draft in drafts for line in draft.content.lines],
        }

    def _close(self) -> bool:
        """Whether the window closed; the program ends then."""
        return self._clinic.window.close()


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    data, url, user = sys.argv[1:]
    application = make_application()
    settings = Settings(Path(data), database_url=url, user_name=user, passphrase=PASSPHRASE)
    program = Program(settings, lambda: NOW, Look(application), Failures(Path(data) / "logs"))
    window = OpenWindow(program)
    program.start()

    def listen() -> None:
        for line in sys.stdin:
            window.told.emit(line)

    Thread(target=listen, daemon=True).start()
    application.exec()
    program.finish()


if __name__ == "__main__":
    main()
