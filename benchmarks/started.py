"""Run by the benchmark in a process of its own: the program from its start to the painted unlock page and main window.

The same imports in the same order as the ``clinic-app`` command. Prints "unlock page" and "main window" when they are
painted; with a passphrase in the environment it unlocks by itself. The main window counts once its first list of
patients stands in it and the search takes keys.
"""

import gc
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Start the program on the folder that is given."""
    from clinic_app import cli, core_dumps, fault_report  # noqa: F401  # what the command imports first
    from clinic_app.settings import Settings, passphrase_from_environment

    folder, logs, user = sys.argv[1:4]
    from pathlib import Path

    settings = Settings(Path(folder), user_name=user, passphrase=passphrase_from_environment())
    from clinic_app.app import make_application, remember_choices_in

    gc.disable()
    remember_choices_in(Path(logs))
    from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
    from PySide6.QtWidgets import QWidget

    from clinic_app.services.clock import system_clock
    from clinic_app.ui.failures import Failures
    from clinic_app.ui.program import Program
    from clinic_app.ui.theme import Look, remembered_appearance

    application = make_application()
    look = Look(application, remembered_appearance(QSettings()))
    failures = Failures(Path(logs))

    class Painted(QObject):
        """Tells once when a widget was painted."""

        def __init__(self, what: str, widget: QWidget) -> None:
            super().__init__(widget)
            self._what = what
            widget.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and self._what:
                what, self._what = self._what, ""
                QTimer.singleShot(0, self, lambda: print(what, flush=True))
            return False

    program = Program(settings, system_clock, look, failures)

    def opened(clinic: object) -> None:
        finder = clinic.patients.finder  # type: ignore[attr-defined]  # imported only when it is there
        finder.model.modelReset.connect(lambda: Painted("main window", finder.list.viewport()))

    program.opened.connect(opened)
    program.start()
    page = program.opening.currentWidget()
    assert page is not None
    Painted("unlock page", page)
    application.exec()


if __name__ == "__main__":
    main()
