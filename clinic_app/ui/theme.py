"""The colours, sizes and fonts of the window, light and dark, following the system or switched by hand."""

from enum import StrEnum

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from clinic_app.resources import resource_path
from clinic_app.ui.style_sheet import style_sheet
from clinic_app.ui.tokens import DARK, LIGHT, Level, Theme

__all__ = ["BASE_PX", "DARK", "LIGHT", "Appearance", "Level", "Look", "Theme", "current_theme", "heading_font"]

BASE_PX = 13
"""Text."""
HEADING_PX = 16
"""Headings of a section or panel."""
TITLE_PX = 20
"""The heading of a page."""
ROW_PX = 28
"""A row of a table."""
RADIUS = 6
"""Corners of cards and controls."""
AFTER_FIRST_PAINT_MS = 50
"""What the first page does not need begins so long after it was shown, when it has been painted."""
SMALLEST, USUAL = QSize(1280, 720), QSize(1440, 900)
"""The window."""
TIGHT, INSIDE, BETWEEN, AROUND, GROUPS = 4, 8, 12, 16, 24
"""Spacing: within a label, inside a control, between controls, around a page, between groups."""


class Appearance(StrEnum):
    """What the person chose for the colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def remembered_appearance(settings: QSettings) -> Appearance:
    """The light or dark that the person chose last time."""
    try:
        return Appearance(str(settings.value("window/appearance", Appearance.SYSTEM.value)))
    except ValueError:
        return Appearance.SYSTEM


def current_theme() -> Theme:
    """The theme of the application's palette. Ask again after a palette change instead of keeping it.

    A widget's own palette would not tell: the style sheet writes a button's colours into it.
    """
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def heading_font(pixels: int = HEADING_PX) -> QFont:
    """The semibold font of a heading."""
    font = base_font()
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def base_font() -> QFont:
    """Noto Sans at the base size; its digits all have one width, so columns of numbers line up."""
    font = QFont()
    font.setFamilies(["Noto Sans", "FiraGO"])
    font.setPixelSize(BASE_PX)
    return font


def palette_of(theme: Theme) -> QPalette:
    """The Qt palette made of the theme's colours."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for name, value in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.sunken,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.ToolTipBase: theme.floating,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent_soft,
        role.HighlightedText: theme.text,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.surface,
        role.Midlight: theme.hairline,
        role.Mid: theme.hairline,
        role.Dark: theme.control_border,
        role.Shadow: theme.shadow,
    }.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(group.Disabled, name, QColor(theme.disabled))
    palette.setColor(group.Disabled, role.Base, QColor(theme.window))
    return palette


class _ThemeNews(QObject):
    """Tells every widget at once that light and dark changed, after palette and style sheet have."""

    changed = Signal()


theme_news = _ThemeNews()


class Look(QObject):
    """Gives the application its style, fonts and palette, and follows the system while asked to."""

    changed = Signal(object)
    """Carries the new ``Theme``."""

    def __init__(self, application: QApplication, appearance: Appearance = Appearance.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._appearance = appearance
        self._theme: Theme | None = None
        application.setStyle("Fusion")
        _register_fonts("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
        application.setFont(base_font())
        # The other scripts and the italic are read when the first window is painted, once events are heard at all.
        QTimer.singleShot(0, self, self._register_soon)
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def appearance(self) -> Appearance:
        """What the person chose."""
        return self._appearance

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._theme or LIGHT

    def set_appearance(self, appearance: Appearance) -> None:
        """Switch to light, to dark, or back to following the system."""
        if appearance is self._appearance:
            return
        self._appearance = appearance
        self._apply()

    @Slot()
    def _follow_system(self) -> None:
        if self._appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        dark = self._appearance is Appearance.DARK or (
            self._appearance is Appearance.SYSTEM
            and self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        theme = DARK if dark else LIGHT
        if theme is self._theme:
            return
        self._theme = theme
        self._application.setPalette(palette_of(theme))
        self._application.setStyleSheet(style_sheet(theme))
        theme_news.changed.emit()
        self.changed.emit(theme)

    @Slot()
    def _register_soon(self) -> None:
        QTimer.singleShot(AFTER_FIRST_PAINT_MS, self, self._register_other_fonts)

    @Slot()
    def _register_other_fonts(self) -> None:
        _register_fonts("NotoSans-Italic.ttf", "FiraGO-Regular.ttf", "FiraGO-Bold.ttf")


_registered: set[str] = set()
"""Fonts given to Qt already: they belong to the process, and giving one twice only costs memory."""


def _register_fonts(*names: str) -> None:
    for name in names:
        if name not in _registered:
            _registered.add(name)
            QFontDatabase.addApplicationFont(str(resource_path("fonts", name)))
