"""``--self-check``: the installed or frozen program proves that it opens the demo clinic and shows every view."""

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinic_app.ui.workplace import Workplace


def _use_what_brings_files_of_its_own(workplace: "Workplace", folder: Path) -> None:
    """Read a package, hand a record out, read a workbook: a frozen program could lack files of the libraries."""
    from openpyxl import Workbook

    services, actor = workplace.services, workplace.actor
    services.stock.scan(actor, "0100300231145014172705311021SELF\x1d21CHECK")
    patient = services.patients.search(actor, "")[0]
    services.patient_export.export_by_number(actor, patient.record_number, folder / "record.zip")
    book = Workbook()
    sheet = book.create_sheet("Patients", 0)
    sheet.append(["Surname", "DOB"])
    sheet.append(["Self", "1970-01-01"])
    book.save(folder / "book.xlsx")
    services.imports.read(actor, "book.xlsx", (folder / "book.xlsx").read_bytes())


def self_check() -> int:
    """Open a fresh demo clinic offscreen, show every view, draw one document; 0 when nothing went wrong."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from clinic_app.app import make_application, remember_choices_in
    from clinic_app.services.clock import system_clock
    from clinic_app.settings import Settings
    from clinic_app.ui.failures import Failures
    from clinic_app.ui.program import Program
    from clinic_app.ui.theme import Look

    with tempfile.TemporaryDirectory() as logs:
        remember_choices_in(Path(logs))
        application = make_application()
        bugs: list[object] = []
        failures = Failures(Path(logs))
        failures.shown.connect(bugs.append)
        program = Program(Settings(data=Path(logs), demo=True), system_clock, Look(application), failures)
        program.start()
        program.tasks.wait_idle(600)
        shown: list[str] = []
        expected = {"patients", "muscle_map", "schedule", "recall", "stock", "settings"}
        if program.clinic_window is not None:
            window = program.clinic_window.window
            expected |= set(window.views)
            for key in window.views:
                window.show_view(key)
                program.tasks.wait_idle(60)
                if not window.grab().isNull():
                    shown.append(key)
            _use_what_brings_files_of_its_own(program.clinic_window.workplace, Path(logs))
        program.finish()
        if bugs or set(shown) != expected:
            told = "".join(log.read_text(encoding="utf-8") for log in Path(logs).glob("*.log"))
            print(f"The self-check failed.\n{told}", file=sys.stderr)
            return 1
    print(f"Self-check passed: {', '.join(shown)}.")
    return 0
