"""The reports on screen in a clinic with two patients, at nine on a Tuesday morning in August."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from clinic_app.services.reports_data import Question
from clinic_app.terms import Role
from clinic_app.ui.reports.answer_table import AnswerTable
from clinic_app.ui.reports.view import ReportsView
from clinic_app.ui.tasks import Tasks
from tests.clinics import SealedClinic, StandingClock, seal
from tests.ui.clinic import LONDON, Clinic
from tests.ui.desk import Desk


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    people = {"mei": ("Dr Mei Chen", Role.PHYSICIAN), "max": ("Max Hartl", Role.MANAGER)}
    clock = StandingClock(datetime(2026, 2, 1, 8, 0, tzinfo=UTC))
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, clock.moment, people)


@dataclass
class ReportsDesk(Desk[ReportsView]):
    """The reports on screen, and what they asked the window for."""

    behind: list[tuple[int, ...]] = field(default_factory=list)
    visits: list[tuple[int, int]] = field(default_factory=list)
    papers: list[Callable[[], object]] = field(default_factory=list)

    def ask(self, question: Question) -> AnswerTable:
        self.view.questions.choose(question)
        self.settle()
        return self.table()

    def table(self) -> AnswerTable:
        table = self.view.answer_table()
        assert table is not None
        return table

    def cells(self) -> list[list[str]]:
        """The rows as they are read."""
        model = self.table().table.rows_model
        return [
            [str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]


Sit = Callable[[Clinic], ReportsDesk]


@pytest.fixture
def sit(put_on_screen: Callable[[ReportsDesk], None], tasks: Tasks) -> Sit:
    """Sit down in front of the reports of a clinic."""

    def down(clinic: Clinic) -> ReportsDesk:
        workplace = clinic.workplace(tasks)
        desk = ReportsDesk(ReportsView(workplace), workplace)
        desk.view.visits_requested.connect(desk.behind.append)
        desk.view.visit_requested.connect(lambda patient, visit: desk.visits.append((patient, visit)))
        desk.view.paper_requested.connect(desk.papers.append)
        desk.view.message_offered.connect(lambda text, back: desk.messages.append((text, back)))
        put_on_screen(desk)
        return desk

    return down


@dataclass(frozen=True)
class Injected:
    """Two patients with their visits."""

    okafor: int
    visits: tuple[int, ...]


@pytest.fixture
def injected(clinic: Clinic) -> Injected:
    """Okafor was injected in March, June and July, Weiss in July."""
    okafor, weiss = clinic.patient("Ada", "Okafor"), clinic.patient("Ben", "Weiss")
    days = (date(2026, 3, 10), date(2026, 6, 2), date(2026, 7, 21))
    visits = tuple(clinic.visit(okafor, day) for day in days)
    return Injected(okafor, (*visits, clinic.visit(weiss, date(2026, 7, 1))))
