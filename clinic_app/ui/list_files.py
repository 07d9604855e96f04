"""The lists of the window that somebody saves for a spreadsheet."""

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from clinic_app.errors import ClinicError
from clinic_app.services.saved_lists import ShownList
from clinic_app.ui.main_window import MainWindow
from clinic_app.ui.saved_file import CSV, save_dialog
from clinic_app.ui.tasks import Lane
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.list_menu import ListDesk, nearest_list
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


class ListFiles(QObject):
    """Asks where to save a list, has it written away from the window, and says so with the way to its folder."""

    asked = Signal(object)
    """Carries the dialog that asks where."""

    def __init__(self, workplace: Workplace, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._window = window
        self.desk = ListDesk(window)
        self.desk.save_asked.connect(self._ask)
        window.add_command("File", "Save list…", self._save_nearest, shortcut="Ctrl+Shift+S", icon_name="download")

    @Slot()
    def _save_nearest(self) -> None:
        focus = self._window.focusWidget() or self._window
        menu = nearest_list(focus)
        if menu is None:
            self._window.show_message("Click into the list that you want to save, then try again.", Level.INFO)
        elif not menu.can_save():
            self._window.show_message("The list is empty: there is nothing to save.", Level.INFO)
        else:
            menu.save()

    @Slot(object)
    def _ask(self, shown: ShownList) -> None:
        name = re.sub(r"[^\w-]+", "-", shown.name).strip("-")
        above = QApplication.activeModalWidget() or self._window
        dialog = save_dialog(CSV, f"{name}-{self._workplace.today()}.csv", above)
        dialog.fileSelected.connect(partial(self._write, shown))
        dialog.open()
        self.asked.emit(dialog)

    def _write(self, shown: ShownList, path: str) -> None:
        lists, actor = self._workplace.services.saved_lists, self._workplace.actor
        self._workplace.tasks.run(
            lambda: lists.save(actor, shown, Path(path)),
            partial(self._written, len(shown.rows)),
            self._refused,
            lane=Lane.PAPER,
            owner=self,
        )

    def _written(self, rows: int, file: Path) -> None:
        said = f"{rows} {'row is' if rows == 1 else 'rows are'} saved in {file.name}."
        self._window.show_message(said, way_on=("Open the folder", partial(self._open_folder, file.parent)))

    def _open_folder(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            text = f"The folder cannot be opened from here. The file is in {folder}."
            self._window.show_message(text, Level.WARN, seconds=None)

    def _refused(self, error: ClinicError) -> None:
        self._window.show_message(told(error), Level.WARN, seconds=None)
