"""Whoever looks each minute stops when nothing can be asked any more."""

from PySide6.QtCore import QTimer

from clinic_app.ui.inbox.source import InboxSource
from clinic_app.ui.tasks import Tasks
from tests.ui.clinic import Clinic


def test_nobody_asks_after_the_lanes_are_closed(clinic: Clinic, tasks: Tasks) -> None:
    source = InboxSource(clinic.workplace(tasks))
    assert tasks.wait_idle()
    timers = source.findChildren(QTimer)
    assert any(timer.isActive() for timer in timers)
    tasks.close()
    assert not any(timer.isActive() for timer in timers)
