"""A view on screen, as the person in front of it has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace

View = TypeVar("View", bound=QWidget)


@dataclass
class Desk(Generic[View]):
    """A view and what it offered to tell in the window, with a way to take it back."""

    view: View
    workplace: Workplace
    messages: list[tuple[str, Callable[[], object] | None]] = field(default_factory=list, kw_only=True)

    def settle(self) -> None:
        settle(self.workplace.tasks)

    def undo(self) -> None:
        """Take back what the last message tells."""
        _, back = self.messages[-1]
        assert back is not None
        back()
        self.settle()


def settle(tasks: Tasks) -> None:
    """Wait until every answer has come and every change was heard."""
    application = QCoreApplication.instance()
    assert application is not None
    while True:
        assert tasks.wait_idle()
        application.processEvents()
        if not tasks.busy:
            return
