"""The few style-sheet rules that Fusion and the palette cannot express, made from the theme's colours."""

from clinic_app.resources import resource_path
from clinic_app.ui.tokens import Theme


def style_sheet(theme: Theme) -> str:
    """The application's style sheet for one theme."""
    return _controls(theme) + _choices(theme) + _tables(theme) + _surroundings(theme)


def _file(name: str) -> str:
    return resource_path("icons", name).as_posix()


def _controls(theme: Theme) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {{
  background: {theme.surface}; border: 1px solid {theme.control_border}; border-radius: 6px;
  padding: 0 7px; selection-background-color: {theme.accent_soft}; selection-color: {theme.text};
}}
QLineEdit, QComboBox {{ min-height: 28px; }}
QPlainTextEdit, QTextEdit {{ padding: 3px 4px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {{
  border: 2px solid {theme.accent}; padding: 0 6px;
}}
QLineEdit:focus, QComboBox:focus {{ min-height: 26px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 2px 3px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{
  background: {theme.window}; border-color: {theme.hairline}; color: {theme.disabled};
}}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"], QComboBox[invalid="true"] {{
  border-color: {theme.stop};
}}
QComboBox:!editable {{ padding-left: 9px; }}
QComboBox:!editable:focus {{ padding-left: 8px; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: none; background: transparent; padding: 0; min-height: 0; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{_file("control-chevron-down.svg")}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{
  background: {theme.floating}; border: 1px solid {theme.hairline}; padding: 4px; outline: none;
}}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 4px; border-radius: 4px; }}
QPushButton {{
  background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control_border}; border-radius: 6px;
  padding: 0 13px; min-height: 30px;
}}
QPushButton[menu="true"] {{ padding-right: 28px; }}
QPushButton::menu-indicator {{
  image: url("{_file("control-chevron-down.svg")}"); width: 16px; height: 16px;
  subcontrol-origin: border; subcontrol-position: right center; right: 8px;
}}
QPushButton:hover {{ background: {theme.hover}; }}
QPushButton:pressed {{ background: {theme.hairline}; }}
QPushButton:focus {{ border: 2px solid {theme.accent}; padding: 0 12px; min-height: 28px; }}
QPushButton[menu="true"]:focus {{ padding-right: 27px; }}
QPushButton:disabled {{ color: {theme.disabled}; border-color: {theme.hairline}; background: {theme.window}; }}
QPushButton[kind="primary"] {{ background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent}; }}
QPushButton[kind="primary"]:hover {{ background: {theme.accent_hover}; border-color: {theme.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {theme.text}; }}
QPushButton[kind="primary"]:disabled {{
  background: {theme.hairline}; color: {theme.disabled}; border-color: {theme.hairline};
}}
QPushButton[kind="danger"] {{ color: {theme.stop}; border-color: {theme.stop}; }}
QPushButton[kind="danger"]:hover {{ background: {theme.stop_soft}; }}
QPushButton[kind="danger"]:disabled {{ color: {theme.disabled}; border-color: {theme.hairline}; }}
QPushButton[kind="link"] {{
  background: transparent; border: 1px solid transparent; color: {theme.accent}; padding: 0 4px 0 0; text-align: left;
}}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border: 1px solid {theme.accent}; padding: 0 4px 0 0; min-height: 30px; }}
QPushButton[kind="link"][tight="true"], QPushButton[kind="link"][tight="true"]:focus {{ min-height: 20px; }}
QPushButton[kind="link"]:disabled {{ color: {theme.disabled}; }}
QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 3px; background: transparent; }}
QToolButton:hover {{ background: {theme.hover}; }}
QToolButton:checked, QToolButton:pressed {{ background: {theme.accent_soft}; }}
QToolButton:focus {{ border: 2px solid {theme.accent}; padding: 2px; }}
QToolButton:disabled {{ color: {theme.disabled}; }}
QToolButton[nav="true"] {{ color: {theme.muted}; padding: 6px 0; border-radius: 8px; font-size: 11px; }}
QToolButton[nav="true"]:focus {{ padding: 5px 0; }}
QToolButton[nav="true"]:hover {{ color: {theme.text}; }}
QToolButton[nav="true"]:checked {{ color: {theme.accent}; background: {theme.accent_soft}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _choices(theme: Theme) -> str:
    check = _file("control-check-dark.svg" if theme.dark else "control-check-light.svg")
    return f"""
QCheckBox, QRadioButton {{ spacing: 8px; min-height: 24px; border: 1px solid transparent; border-radius: 4px; }}
QCheckBox::indicator, QRadioButton::indicator {{
  width: 16px; height: 16px; border: 1px solid {theme.control_border}; background: {theme.surface};
}}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {theme.accent}; }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{
  border: 2px solid {theme.accent}; width: 14px; height: 14px;
}}
QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; image: url("{check}"); }}
QCheckBox::indicator:checked:focus {{ border-color: {theme.text}; }}
QCheckBox::indicator:disabled {{ border-color: {theme.disabled}; }}
QCheckBox::indicator:checked:disabled {{ background: {theme.disabled}; border-color: {theme.disabled}; }}
QRadioButton::indicator:checked {{ border: 5px solid {theme.accent}; width: 8px; height: 8px; }}
QRadioButton::indicator:checked:focus {{ border-color: {theme.accent_hover}; }}
"""


def _tables(theme: Theme) -> str:
    return f"""
QTableView, QListView, QTreeView {{
  background: {theme.surface}; border: 1px solid {theme.hairline}; border-radius: 6px; outline: none;
}}
QTreeView::item {{ padding-left: 6px; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {theme.accent}; }}
QListView[pages="true"], QListView[pages="true"]:focus {{ background: transparent; border: none; }}
QListView[pages="true"]::item {{
  min-height: 32px; padding: 0 10px; border: 2px solid transparent; border-radius: 6px; color: {theme.text};
}}
QListView[pages="true"]::item:hover {{ background: {theme.hover}; }}
QListView[pages="true"]::item:selected {{ background: {theme.accent_soft}; color: {theme.accent}; }}
QListView[pages="true"]::item:selected:focus {{ border-color: {theme.accent}; }}
QTableView[rows="true"]::item {{ border: none; border-bottom: 1px solid {theme.hairline}; padding: 0 8px; }}
QTableView[dense="true"]::item {{ padding: 0 4px; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
  background: {theme.surface}; color: {theme.muted}; border: none; border-bottom: 1px solid {theme.hairline};
  padding: 0 11px; min-height: 29px;
}}
QTableView[dense="true"] QHeaderView::section {{ padding: 0 7px; }}
QHeaderView::section:hover {{ color: {theme.text}; }}
QHeaderView::down-arrow {{ image: url("{_file("control-chevron-down.svg")}"); }}
QHeaderView::up-arrow {{ image: url("{_file("control-chevron-up.svg")}"); }}
QHeaderView::down-arrow, QHeaderView::up-arrow {{ width: 10px; height: 10px; subcontrol-position: top center; }}
QTabBar::tab {{
  background: transparent; color: {theme.muted}; border: none; border-bottom: 2px solid transparent;
  padding: 7px 4px; margin-right: 16px;
}}
QTabBar::tab:hover {{ color: {theme.text}; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
QTabBar::tab:focus {{ color: {theme.accent}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {theme.hairline}; }}
"""


def _surroundings(theme: Theme) -> str:
    return f"""
QToolTip {{
  background: {theme.floating}; color: {theme.text}; border: 1px solid {theme.hairline}; padding: 4px 6px;
}}
QMenuBar {{ background: {theme.sunken}; border-bottom: 1px solid {theme.hairline}; padding: 1px 8px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {theme.hover}; }}
QMenu {{ background: {theme.floating}; border: 1px solid {theme.hairline}; padding: 4px; }}
QMenu::item {{ padding: 5px 12px; min-width: 180px; border-radius: 4px; }}
QMenu::item:selected {{ background: {theme.accent_soft}; }}
QMenu::item:disabled {{ color: {theme.disabled}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {theme.hairline}; margin: 4px 8px; }}
QScrollArea {{ border: none; background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {theme.control_border}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {theme.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {theme.hairline}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QSplitter::handle:hover {{ background: {theme.accent}; }}
QProgressBar {{ border: none; border-radius: 3px; background: {theme.hairline}; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
QCalendarWidget QAbstractItemView {{ selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {theme.sunken}; }}
"""
