"""The stock of an American clinic with a nurse, at nine on a Tuesday morning."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

from clinic_app.services.paper import Paper
from clinic_app.terms import LabelRegion, Role
from clinic_app.ui.stock.view import StockView
from clinic_app.ui.tasks import Tasks
from tests.clinics import SealedClinic, seal
from tests.ui.clinic import LONDON, Clinic
from tests.ui.desk import Desk
from tests.ui.keyboard import press, type_text

KNOWN = "00300231145014"
"""A GTIN that the reference has: Botox of 100 units."""
UNKNOWN = "05012345678900"
"""A GTIN that fits and that nobody has met."""


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    """Set up half a year ago, so that there was time to treat people."""
    answers = replace(LONDON, country="US", label_region=LabelRegion.US)
    people = {"noor": ("Noor Haddad", Role.NURSE), "rosa": ("Rosa Lind", Role.FRONT_DESK)}
    began = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", answers, began, people)


@dataclass
class StockDesk(Desk[StockView]):
    """The stock on screen, and what it asked the window to open."""

    papers: list[Callable[[], Paper]] = field(default_factory=list)
    patients: list[int] = field(default_factory=list)

    def numbers(self) -> list[str]:
        """The lots in the list, from the top."""
        return [row.number for row in self.view.lot_list.lots()]

    def shown_lot(self) -> str:
        """The number of the lot on the page."""
        details = self.view.lot_page.details()
        return "" if details is None else details.lot.number

    def scan(self, editor: QWidget, code: str) -> None:
        """A scanner types a code and sends Enter."""
        type_text(editor, code)
        press(editor, Qt.Key.Key_Return)
        self.settle()


Sit = Callable[[Clinic], StockDesk]


@pytest.fixture
def sit(put_on_screen: Callable[[StockDesk], None], tasks: Tasks, settings: QSettings) -> Sit:
    """Sit down in front of the stock of a clinic."""

    def down(clinic: Clinic) -> StockDesk:
        workplace = clinic.workplace(tasks)
        desk = StockDesk(StockView(workplace, settings=settings), workplace)
        desk.view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        desk.view.paper_requested.connect(desk.papers.append)
        desk.view.patient_requested.connect(desk.patients.append)
        put_on_screen(desk)
        return desk

    return down
