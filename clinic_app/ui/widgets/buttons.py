"""The buttons: one primary a page, plain ones beside it, danger for what cannot be undone, links, tiny icon buttons."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from clinic_app.ui.icons import icon as named_icon
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.palette import on_palette_change


class _Button(QPushButton):
    """A push button whose icon follows its own text colour and whose tooltip names its shortcut."""

    kind = "plain"

    def __init__(self, text: str, parent: QWidget | None = None, *, icon: str = "", shortcut: str = "") -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setIconSize(QSize(20, 16))  # the four pixels more are the gap to the text
        self.setAutoDefault(False)  # Enter in a field must not press whichever button Qt fancies
        self._icon_name = icon
        if shortcut:
            sequence = QKeySequence(shortcut)
            self.setShortcut(sequence)
            self.setToolTip(f"{text} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})")
        on_palette_change(self, self._tint)

    def set_icon(self, name: str) -> None:
        """Show another icon, or none for ""."""
        self._icon_name = name
        self._tint()

    def setMenu(self, menu: QMenu) -> None:
        """Open a menu; a mark at the right, which the style sheet makes room for, says so."""
        self.setProperty("menu", True)
        super().setMenu(menu)

    def _icon_color(self) -> str:
        return ""

    def _tint(self) -> None:
        self.setIcon(named_icon(self._icon_name, self._icon_color()) if self._icon_name else QIcon())


class PlainButton(_Button):
    """Any action beside the main one."""


class PrimaryButton(_Button):
    """The one main action of a page, named by verb and object: "Sign visit"."""

    kind = "primary"

    def _icon_color(self) -> str:
        return current_theme().on_accent


class DangerButton(_Button):
    """What cannot be undone."""

    kind = "danger"

    def _icon_color(self) -> str:
        return current_theme().stop


class LinkButton(_Button):
    """A small way aside, in the text's own line."""

    kind = "link"

    def __init__(self, text: str, parent: QWidget | None = None, *, icon: str = "", shortcut: str = "") -> None:
        super().__init__(text, parent, icon=icon, shortcut=shortcut)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _icon_color(self) -> str:
        return current_theme().accent


class IconButton(QToolButton):
    """An icon without text, for tiny places where its meaning is certain; its name is tooltip and accessible name."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None, *, shortcut: str = "") -> None:
        super().__init__(parent)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(28, 28)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIcon(named_icon(icon))
        if shortcut:
            sequence = QKeySequence(shortcut)
            self.setShortcut(sequence)
            self.setToolTip(f"{name} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})")
