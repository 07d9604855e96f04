"""The patients view of a clinic with a front desk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.terms import Role
from clinic_app.ui.patients.form import PatientFormPage
from clinic_app.ui.patients.view import PatientsView
from clinic_app.ui.tasks import Tasks
from tests.clinics import SealedClinic, seal
from tests.ui.clinic import LONDON, NINE, Clinic
from tests.ui.desk import Desk


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    folder = tmp_path_factory.mktemp("clinics") / "sealed"
    return seal(folder, LONDON, NINE, {"rosa": ("Rosa Lind", Role.FRONT_DESK)})


@dataclass
class Screen(Desk[PatientsView]):
    """The view on screen, and short ways to type."""

    banners: list[Any] = field(default_factory=list)

    def show(self, patient_id: int, tab: str = "summary") -> None:
        self.view.show_patient(patient_id, tab)
        self.settle()

    def search(self, text: str) -> list[str]:
        """Type into the search, press Enter so as not to wait for the pause, and say who is found."""
        self.view.finder.search.editor.setText(text)
        QTest.keyClick(self.view.finder.search.editor, Qt.Key.Key_Return)
        self.settle()
        return [row.name for row in self.view.finder.rows()]

    def form(self) -> PatientFormPage:
        form = self.view.form()
        assert form is not None
        return form

    def new_patient(self, **typed: str) -> PatientFormPage:
        self.view.new_item()
        self.type(**typed)
        return self.form()

    def type(self, **typed: str) -> None:
        for name, text in typed.items():
            self.form().fields.plain[name].editor.setText(text)

    def save(self) -> None:
        self.view.save_item()
        self.settle()


Sit = Callable[[Clinic], Screen]


@pytest.fixture
def sit(put_on_screen: Callable[[Screen], None], tasks: Tasks) -> Sit:
    """Sit down in front of the patients view of a clinic."""

    def down(clinic: Clinic) -> Screen:
        workplace = clinic.workplace(tasks)
        screen = Screen(PatientsView(workplace), workplace)
        screen.view.message_offered.connect(lambda text, undo: screen.messages.append((text, undo)))
        screen.view.banner_changed.connect(screen.banners.append)
        put_on_screen(screen)
        return screen

    return down


@pytest.fixture
def screen(sit: Sit, clinic: Clinic) -> Screen:
    return sit(clinic)
