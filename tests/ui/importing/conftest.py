"""The settings of a clinic with patients on record, and files as old clinics have them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from clinic_app.exchange.csv_text import csv_text
from clinic_app.services.importing.preview import Verdict
from clinic_app.terms import Role
from clinic_app.ui.importing.page import ImportPage
from clinic_app.ui.importing.wizard import ImportWizard
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from tests.clinics import SealedClinic, seal
from tests.ui.clinic import LONDON, NINE, Clinic
from tests.ui.desk import Desk
from tests.ui.keyboard import press

PATIENTS = ("Record No", "Last name", "First name", "DOB", "Sex", "Phone", "Shoe size")
INJECTIONS = ("MRN", "Date", "Muscle", "Side", "Units", "Product", "Lot")


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    people = {"rosa": ("Rosa Lind", Role.FRONT_DESK), "mei": ("Dr Mei Chen", Role.PHYSICIAN)}
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, NINE, people)


@dataclass
class ImportDesk(Desk[SettingsView]):
    """The page of imports on screen, with Ada Okafor on record."""

    clinic: Clinic
    folder: Path

    @property
    def page(self) -> ImportPage:
        page = self.view.importing
        assert page is not None
        return page

    @property
    def wizard(self) -> ImportWizard:
        return self.page.wizard

    def write(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def csv(self, header: Sequence[str], *rows: Sequence[object], name: str = "old.csv") -> str:
        return self.write(name, csv_text(header, rows).encode())

    def xlsx(self, sheets: dict[str, Iterable[Sequence[object]]], name: str = "old.xlsx") -> str:
        from openpyxl import Workbook

        book = Workbook()
        for number, (title, rows) in enumerate(sheets.items()):
            sheet = book.active if number == 0 else book.create_sheet()
            assert sheet is not None
            sheet.title = title
            for row in rows:
                sheet.append(list(row))
        written = BytesIO()
        book.save(written)
        return self.write(name, written.getvalue())

    def step(self) -> str:
        """How the step under way is called."""
        return self.wizard.step.title

    def open(self, path: str) -> None:
        self.page.open_file(path)
        self.settle()

    def go_on(self, times: int = 1) -> None:
        for _ in range(times):
            self.wizard.next.click()
            self.settle()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        press(self.focus(), key, modifier)
        self.settle()

    def focus(self) -> QWidget:
        """Where the focus of the window is."""
        widget = self.view.focusWidget()
        assert widget is not None
        return widget

    def verdicts(self) -> list[Verdict]:
        preview = self.wizard.work.preview
        assert preview is not None
        return list(preview.verdicts)

    def records(self) -> set[str]:
        """The record numbers of everybody on record."""
        rows = self.clinic.services.patients.search(self.clinic.actor, "")
        return {row.record_number for row in rows}


@pytest.fixture
def desk(clinic: Clinic, put_on_screen: Callable[[ImportDesk], None], tasks: Tasks, tmp_path: Path) -> ImportDesk:
    clinic.patient("Ada", "Okafor", record_number="A1", birth_date=date(1961, 3, 12))
    clinic.patient("Joan", "Hale", record_number="A2", birth_date=date(1950, 6, 1))
    workplace = clinic.workplace(tasks)
    made = ImportDesk(SettingsView(workplace), workplace, clinic=clinic, folder=tmp_path)
    made.view.undo_offered.connect(lambda said, undo: made.messages.append((said, undo)))
    put_on_screen(made)
    made.view.show_page(made.page)
    made.view.activateWindow()
    made.settle()
    return made
