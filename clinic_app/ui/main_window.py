"""The window: rail, banner, view, message line; menus that name every shortcut."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QByteArray, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QActionGroup,
    QCloseEvent,
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.closing import Closing
from clinic_app.ui.find_anything import FindAnything, Found
from clinic_app.ui.icons import icon
from clinic_app.ui.locale import time_text
from clinic_app.ui.nav_rail import NavRail
from clinic_app.ui.shortcuts import Keys, ShortcutList
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import BETWEEN, INSIDE, SMALLEST, TIGHT, USUAL, Appearance, Look, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.banner import BannerFacts, PatientBanner
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.messages import SECONDS, MessageBar, WayOn
from clinic_app.ui.widgets.notes import Note


@dataclass(frozen=True)
class ViewEntry:
    """A view of the rail.

    ``widget`` may be a function that makes it when it is first shown. The window's commands call these methods of the
    view where it has them: ``new_item`` (Ctrl+N), ``edit_item`` (F2), ``save_item`` (Ctrl+S), ``print_paper`` (Ctrl+P),
    ``undo``, ``redo``, ``go_back`` (Esc), ``focus_search`` (Ctrl+F). ``step_texts`` names what undo and redo would do.
    """

    key: str
    title: str
    icon: str
    widget: QWidget | Callable[[], QWidget]
    shortcut: str = ""
    """Ctrl+1 for the first view that has none of its own, and so on."""
    shows_patient: bool = True
    """Whether the banner stands above it."""
    keys: Callable[[], Keys] = tuple
    """Gives its own keys, for the list of shortcuts."""
    at_the_foot: bool = False
    """Below, beside the person, for what is not part of the day's work."""


class MainWindow(QMainWindow):
    """Everything around the views. Views are told, never asked for by name."""

    lock_requested = Signal()
    switch_requested = Signal()
    """Somebody else wants to work here; what is on screen stays for who is here now."""
    leaving = Signal(bool)
    """The window is asked to close, before anybody keeps what is typed; or it stays after all."""
    closing = Signal(object)
    """Carries ``Closing``; connect directly and veto to keep the window open."""
    view_changed = Signal(str)
    reminder_chosen = Signal()
    """The person wants to see what the reminder at the lower right is about."""

    def __init__(
        self,
        clinic_name: str,
        tasks: Tasks,
        look: Look,
        *,
        settings: QSettings | None = None,
        now: Callable[[], datetime] = datetime.now,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic_name, self._names_in_title = clinic_name, False
        self.setWindowTitle(clinic_name)
        self.setMinimumSize(SMALLEST)
        self._look = look
        self._settings = QSettings() if settings is None else settings
        self._now = now
        self._entries: dict[str, ViewEntry] = {}
        self._widgets: dict[str, QWidget] = {}
        self._current = ""
        self._facts: tuple[str, ...] = ()
        self.rail = NavRail(self)
        self.banner = PatientBanner(self)
        self.messages = MessageBar(self)
        self.reminder = _Reminder("", self, icon="triangle-alert")
        self.reminder.clicked.connect(self.reminder_chosen)
        self.reminder.hide()
        self._line_room = QWidget(self)
        self._line_room.hide()
        self.line_note = Note(Level.WARN, self)
        self._right = Muted("", self)
        self._stack = QStackedWidget(self)
        self._build()
        self.find_anything = FindAnything(tasks, self)
        self.find_anything.add_provider(self._find_commands)
        self._menus: dict[str, QMenu] = {}
        self._build_menus()
        self.rail.chosen.connect(self.show_view)
        self.rail.lock_button.clicked.connect(self.lock_requested)
        tasks.refused.connect(self._show_refusal)
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._show_time)
        self._minute.start(5_000)
        self._show_time()
        self._restore_geometry()

    def add_view(self, entry: ViewEntry) -> None:
        """Register a view. The first one registered is shown first."""
        numbered = sum(not other.shortcut for other in self._entries.values())
        shortcut = entry.shortcut or f"Ctrl+{numbered + 1}"
        self._entries[entry.key] = entry
        self.rail.add_view(entry.key, entry.title, entry.icon, shortcut, at_the_foot=entry.at_the_foot)
        action = QAction(icon(entry.icon), entry.title, self)
        action.setShortcut(QKeySequence(shortcut))
        action.setData(entry.key)
        action.triggered.connect(self._view_action)
        self._menus["View"].insertAction(self._after_views, action)
        if len(self._entries) == 1:
            self.show_view(entry.key)

    @property
    def views(self) -> tuple[str, ...]:
        """The keys of every view, in the order of the rail."""
        return tuple(self._entries)

    def view(self, key: str) -> QWidget:
        """The widget of a view, made now if it was not shown yet."""
        if key not in self._widgets:
            made = self._entries[key].widget
            widget = made if isinstance(made, QWidget) else made()
            self._widgets[key] = widget
            self._stack.addWidget(widget)
        return self._widgets[key]

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Bring a view to the front."""
        self._stack.setCurrentWidget(self.view(key))
        self.rail.show_chosen(key)
        changed = key != self._current
        self._current = key
        self._show_banner()
        if self.focusWidget() is None:
            self._focus_view()
        if changed:
            self.view_changed.emit(key)

    def current_view(self) -> str:
        """The key of the view in front."""
        return self._current

    def set_patient_banner(self, facts: BannerFacts | None) -> None:
        """The patient whom the views with a banner are about."""
        self.banner.set_patient(facts)
        self._show_banner()
        self._show_title()

    def name_patient_in_title(self, wanted: bool) -> None:
        """Whether the title, which the task bar shows too, names the patient of the banner."""
        self._names_in_title = wanted
        self._show_title()

    def _show_title(self) -> None:
        patient = self.banner.patient() if self._names_in_title else None
        self.setWindowTitle(self._clinic_name if patient is None else f"{patient.name} · {self._clinic_name}")

    def show_message(
        self,
        text: str,
        level: Level = Level.DONE,
        undo: Callable[[], object] | None = None,
        seconds: float | None = SECONDS,
        way_on: WayOn | None = None,
    ) -> None:
        """Say something in the message line."""
        self.messages.show_message(text, level, undo, seconds, way_on)

    def say_of_line(self, text: str, level: Level = Level.WARN) -> None:
        """What everybody must know of the clinic's server as long as it is so; "" takes it away."""
        new = text != self.line_note.text()
        self.line_note.say(text, level)
        self._line_room.setVisible(bool(text))
        if text and new:  # said again and again it would drown what else is read aloud
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line_note, text))

    def set_user(self, name: str, roles: Sequence[str], actions: Sequence[QAction] = ()) -> None:
        """Who works at this window, and what they can do about themselves."""
        self.rail.set_user(name, ", ".join(roles), [*actions, self._switch_action, self._lock_action])

    def set_reminder(self, text: str, tooltip: str = "") -> None:
        """What waits, at the lower right until it is done; "" takes it away."""
        self.reminder.setText(text)
        self.reminder.setToolTip(tooltip)
        self.reminder.setVisible(bool(text))

    def set_status_facts(self, *facts: str) -> None:
        """What stands at the lower right before the time: backup, store."""
        self._facts = facts
        self._show_time()

    def add_command(
        self, menu: str, text: str, run: Callable[[], object], *, shortcut: str = "", icon_name: str = ""
    ) -> QAction:
        """One more command in "File", "Edit", "View" or "Help"; Ctrl+K and the list of shortcuts know it too."""
        action = QAction(text, self)
        action.setIconText(text)  # its name, also while its text says what would be undone
        if icon_name:
            action.setIcon(icon(icon_name))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(run)
        self._menus[menu].addAction(action)
        return action

    def commands(self) -> list[QAction]:
        """Every command of the menus."""
        found: list[QAction] = []
        for menu in self._menus.values():
            for action in menu.actions():
                inside = action.menu()
                if isinstance(inside, QMenu):
                    found.extend(inside.actions())
                elif not action.isSeparator():
                    found.append(action)
        return found

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the view in front: one that was made after it may have taken the focus, and lost it again."""
        super().showEvent(event)
        if self.focusWidget() is None:
            self._focus_view()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whoever has unsaved work, then remember the window."""
        question = Closing()
        self.leaving.emit(True)
        self.closing.emit(question)
        if question.reasons:
            self.leaving.emit(False)
            self.show_message(question.reasons[0], Level.WARN, seconds=None)
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what floats in the middle."""
        super().resizeEvent(event)
        if self.find_anything.isVisible():
            self.find_anything.move((self.width() - self.find_anything.width()) // 2, self.find_anything.y())

    def _build(self) -> None:
        bottom = _StatusLine(self)
        row = QHBoxLayout(bottom)
        row.setContentsMargins(0, 1, 16, 0)
        row.addWidget(self.messages, 1)
        row.addWidget(self.reminder)
        row.addSpacing(BETWEEN)
        row.addWidget(self._right)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.banner)
        right.addWidget(self._stack, 1)
        around = QVBoxLayout(self._line_room)
        around.setContentsMargins(BETWEEN, TIGHT, BETWEEN, INSIDE)
        around.addWidget(self.line_note)
        right.addWidget(self._line_room)
        right.addWidget(bottom)
        middle = QWidget(self)
        columns = QHBoxLayout(middle)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.rail)
        columns.addLayout(right, 1)
        self.setCentralWidget(middle)

    def _build_menus(self) -> None:
        for title in ("File", "Edit", "View", "Help"):
            self._menus[title] = self.menuBar().addMenu(f"&{title}")
        self._add_view_command("File", "New", "new_item", "Ctrl+N", "plus")
        self._add_view_command("File", "Save", "save_item", "Ctrl+S", "save")
        self._add_view_command("File", "Print", "print_paper", "Ctrl+P", "printer")
        self._menus["File"].addSeparator()
        self._lock_action = self.add_command(
            "File", "Lock", self.lock_requested.emit, shortcut="Ctrl+L", icon_name="lock"
        )
        self._switch_action = self.add_command(
            "File", "Switch user…", self.switch_requested.emit, shortcut="Ctrl+Shift+L", icon_name="users"
        )
        self.add_command("File", "Quit", self.close, shortcut="Ctrl+Q", icon_name="log-out")
        self._undo = self._add_view_command("Edit", "Undo", "undo", "Ctrl+Z", "undo-2")
        self._redo = self._add_view_command("Edit", "Redo", "redo", "Ctrl+Y", "redo-2")
        self._menus["Edit"].aboutToShow.connect(self._name_steps)
        self._menus["Edit"].addSeparator()
        self._add_view_command("Edit", "Edit", "edit_item", "F2", "pencil")
        self._add_view_command("Edit", "Search in this view", "focus_search", "Ctrl+F", "search")
        self.add_command("Edit", "Find anything", self._open_find, shortcut="Ctrl+K", icon_name="search")
        self._after_views = self._menus["View"].addSeparator()
        self._add_view_command("View", "Back", "go_back", "Esc", "arrow-left")
        self._add_appearance()
        self.add_command("Help", "Keyboard shortcuts", self.show_shortcuts, shortcut="?", icon_name="keyboard")

    def _add_view_command(self, menu: str, text: str, method: str, shortcut: str, icon_name: str) -> QAction:
        action = self.add_command(menu, text, self._run_view_command, shortcut=shortcut, icon_name=icon_name)
        action.setData(method)
        return action

    @Slot()
    def _name_steps(self) -> None:
        """Say what would be undone and done again, where the view in front knows it."""
        texts = getattr(self._widgets.get(self._current), "step_texts", lambda: ("", ""))()
        for action, word, text in zip((self._undo, self._redo), ("Undo", "Redo"), texts, strict=True):
            action.setText(f"{word}: {text}" if text else word)

    def _add_appearance(self) -> None:
        menu = self._menus["View"].addMenu("Appearance")
        group = QActionGroup(self)
        for appearance, text in (
            (Appearance.SYSTEM, "As the system"),
            (Appearance.LIGHT, "Light"),
            (Appearance.DARK, "Dark"),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(self._look.appearance is appearance)
            action.setData(appearance)
            group.addAction(action)
        group.triggered.connect(self._choose_appearance)

    @Slot()
    def show_shortcuts(self) -> None:
        """List every shortcut."""
        native = QKeySequence.SequenceFormat.NativeText
        commands = [action for action in self.commands() if not action.shortcut().isEmpty()]
        everywhere = [(each.shortcut().toString(native), each.iconText()) for each in commands]
        views = [(f"In the view {entry.title}", keys) for entry in self._entries.values() if (keys := entry.keys())]
        ShortcutList([("Everywhere", everywhere), *views], self).open()

    @Slot(QAction)
    def _choose_appearance(self, action: QAction) -> None:
        chosen = Appearance(action.data())
        self._settings.setValue("window/appearance", chosen.value)
        self._look.set_appearance(chosen)

    @Slot()
    def _view_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.show_view(str(action.data()))

    @Slot()
    def _run_view_command(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction) or not self._current:
            return
        name = str(action.data())
        if name == "undo" and self.messages.undo():
            return  # the offer on screen is what the person means
        method = getattr(self._widgets[self._current], name, None)
        if callable(method):
            method()

    @Slot()
    def _open_find(self) -> None:
        self.find_anything.open()

    def _find_commands(self, text: str) -> list[Found]:
        self._name_steps()
        wanted = text.casefold()
        found = []
        for action in self.commands():
            title = action.text().replace("&", "")
            if action.isEnabled() and title != "Find anything" and wanted in title.casefold():
                shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                found.append(Found(title, action.trigger, shortcut))
        return found

    @Slot(object)
    def _show_refusal(self, error: ClinicError) -> None:
        self.show_message(str(error), Level.WARN, seconds=None)

    def _focus_view(self) -> None:
        """Else Qt gives a new window's focus to whatever comes first, which is the person's menu."""
        shown = self._widgets.get(self._current)
        if shown is not None:
            (shown if shown.focusProxy() is not None else self.rail.button(self._current)).setFocus()

    def _show_banner(self) -> None:
        entry = self._entries.get(self._current)
        shows = entry is not None and entry.shows_patient and self.banner.patient() is not None
        self.banner.setVisible(shows)

    @Slot()
    def _show_time(self) -> None:
        self._right.setText(" · ".join((*self._facts, time_text(self._now()))))

    def _restore_geometry(self) -> None:
        remembered = self._settings.value("window/geometry")
        if not (isinstance(remembered, QByteArray) and self.restoreGeometry(remembered)):
            self.resize(USUAL)


class _Reminder(LinkButton):
    """What waits: the amber mark, and the way there."""

    def _icon_color(self) -> str:
        return current_theme().warn


class _StatusLine(QWidget):
    """The ground of the message line."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.sunken))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.hairline))
