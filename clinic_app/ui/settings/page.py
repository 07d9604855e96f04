"""What every page of the settings has in common: a heading, its sections, and changes that can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.theme import AROUND, GROUPS, ROW_PX
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.sections import Card, Scroll, Section
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

Read = TypeVar("Read")
_WIDEST = 960
_HEADER = 32
_MOST_ROWS, _EMPTY_ROWS = 12, 5
_AROUND_FOCUS = 48


@dataclass(frozen=True)
class Change:
    """A change that counts at once. ``do`` and ``undo`` run beside the window; ``undo`` is given what ``do`` returned.

    ``done`` and ``failed`` are told in the window: the form closes, or shows the refusal under its field.
    """

    said: str | Callable[[Any], str]
    do: Callable[[], Any]
    undo: Callable[[Any], object]
    done: Callable[[Any], object] | None = None
    failed: Callable[[ClinicError], object] | None = None


class SettingsPage(QWidget, Generic[Read]):
    """A page that reads what it shows when it is looked at, and again when somebody changed it."""

    undo_offered = Signal(str, object)
    """A sentence, and what takes the change back."""
    kinds: frozenset[str] = frozenset()
    """The kinds of record that the page shows."""
    title = ""
    managers_only = True
    """Whether nobody but the manager changes anything here; everybody reads it."""

    def __init__(self, workplace: Workplace, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self.manager = workplace.may(Act.SETTINGS)
        self.notice = Notice(self)
        self._shown = self._stale = False
        content = QWidget(self)
        content.setMaximumWidth(_WIDEST)
        self._inside = QVBoxLayout(content)
        self._inside.setContentsMargins(0, 0, 0, GROUPS)
        self._inside.setSpacing(AROUND)
        self._inside.addWidget(Title(self.title, content))
        if self.managers_only and not self.manager:
            about = f"{about} Only the manager changes this."
        self._inside.addWidget(Muted(about, content, wrap=True))
        self._inside.addWidget(self.notice)
        self._inside.addStretch(1)
        beside = QWidget(self)
        row = QHBoxLayout(beside)
        row.setContentsMargins(GROUPS, GROUPS, GROUPS, 0)
        row.addWidget(content, 1000)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scroll(beside, self)
        layout.addWidget(self._scroll)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)
        workplace.changes.committed.connect(self._others_changed)

    def add(self, section: QWidget) -> None:
        """One more section below those there are."""
        self._inside.insertWidget(self._inside.count() - 1, section)

    def read(self) -> Read:
        """What the page shows; runs beside the window."""
        raise NotImplementedError

    def show_read(self, read: Read) -> None:
        """Show what was read."""
        raise NotImplementedError

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        if any(card.typed() for card in self.findChildren(FormCard)):
            return f"A form under Settings, {self.title}, is not saved. Save or cancel it first."
        return ""

    @Slot()
    def refresh(self) -> None:
        """Read again."""
        self._stale = False
        self.workplace.tasks.ask(f"settings.{self.title}", self.read, self._show, self._refused, owner=self)

    def showEvent(self, event: QShowEvent) -> None:
        """The first look fetches what there is; a later one what changed meanwhile."""
        super().showEvent(event)
        if self._stale or not self._shown:
            self.refresh()

    @Slot(object)
    def change(self, wanted: Change) -> None:
        """Do it, say it, and offer to take it back."""
        self.notice.hide()

        def done(result: object) -> None:
            if wanted.done is not None:
                wanted.done(result)
            said = wanted.said if isinstance(wanted.said, str) else wanted.said(result)
            self.undo_offered.emit(said, lambda: self._run(lambda: wanted.undo(result)))

        failed = self._refused if wanted.failed is None else wanted.failed
        self.workplace.tasks.run(wanted.do, done, failed, owner=self)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _left: QWidget | None, entered: QWidget | None) -> None:
        if entered is not None and self._scroll.isAncestorOf(entered):
            # Later: a form that just opened has no place yet.
            QTimer.singleShot(0, self, self._follow_focus)

    @Slot()
    def _follow_focus(self) -> None:
        """Scroll to where the person types: to the whole form where it fits."""
        seen = QApplication.focusWidget()
        if seen is None or not self._scroll.isAncestorOf(seen):
            return
        form = seen.parentWidget()
        while form is not None and form is not self and (not isinstance(form, Card) or isinstance(form, Section)):
            form = form.parentWidget()
        if form is not None and form is not self and form.height() <= self._scroll.viewport().height():
            seen = form
        self._scroll.ensureWidgetVisible(seen, 0, _AROUND_FOCUS)

    def _run(self, work: Callable[[], object]) -> None:
        self.workplace.tasks.run(work, lambda _: None, self._refused, owner=self)

    def _show(self, read: Read) -> None:
        self._shown = True
        self.show_read(read)

    def _refused(self, error: ClinicError) -> None:
        self.notice.say(told(error), Level.STOP)
        if self._shown:
            self.refresh()  # a field must not go on showing what was refused

    @Slot(object)
    def _others_changed(self, kinds: frozenset[str]) -> None:
        if not self._shown or not kinds & self.kinds:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True


def table_height(rows: int) -> int:
    """The height of a table, in pixels, that shows all of its rows as long as they are few, or its empty state."""
    return _HEADER + ROW_PX * min(_MOST_ROWS, rows or _EMPTY_ROWS)


def beside_nothing(field: QWidget) -> QHBoxLayout:
    """A short field at the left of its line."""
    row = QHBoxLayout()
    row.addWidget(field, 2)
    row.addStretch(3)
    return row
