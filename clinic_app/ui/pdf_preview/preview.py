"""The window that shows a paper before it is printed or saved."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSettings, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stores import save_for_owner_only
from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.pdf_preview import print_choices
from clinic_app.ui.pdf_preview.bookmark_list import BookmarkList
from clinic_app.ui.pdf_preview.file import PdfFile
from clinic_app.ui.pdf_preview.notice_line import NoticeLine
from clinic_app.ui.pdf_preview.page_column import PageColumn
from clinic_app.ui.pdf_preview.printing import Printing, set_paper
from clinic_app.ui.pdf_preview.search_line import SearchLine
from clinic_app.ui.pdf_preview.text_search import TextSearch
from clinic_app.ui.pdf_preview.top_line import TopLine
from clinic_app.ui.saved_file import PDF, save_dialog
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.wording import told

_SMALLEST, _SMALLEST_WITH_BOOKMARKS = 480, 760
"""Widths in which every control has its room."""


class PdfPreview(QDialog):
    """A paper before it is printed. The pages seen are the pages printed and saved."""

    printed = Signal()
    """Every page that was wanted went to the printer."""
    saved = Signal(str)
    """Carries the path."""

    def __init__(
        self, title: str, pdf: bytes, parent: QWidget | None = None, *, kind: str = "paper", file_name: str = ""
    ) -> None:
        """``kind`` is a word for what is remembered of the print dialog; ``file_name`` names no person."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = title
        self._pdf = pdf
        self._kind = kind
        self._file_name = file_name or f"{title}.pdf"
        self._file = PdfFile(pdf)
        self._printing: Printing | None = None
        self._closes_after = False
        self.printers: Callable[[], Sequence[str]] = QPrinterInfo.availablePrinterNames
        """Asked when Print is pressed and not before: a system of many printers answers late."""
        self.ask_how_to_print: Callable[[QPrinter, int, QWidget], bool] = _ask_how_to_print
        self.column = PageColumn(self._file, title, self)
        self.pages = self.column.pages
        self.top_line = TopLine(title, self.column, self)
        self.search = TextSearch(self._file, self)
        self.search_line = SearchLine(self)
        bookmarks = self._file.bookmarks()
        self.bookmarks = BookmarkList(bookmarks, self) if len(bookmarks) > 1 else None
        self.notice = NoticeLine(self)
        self.print_button = PrimaryButton("Print", self, icon="printer", shortcut="Ctrl+P")
        self.save_button = PlainButton("Save PDF…", self, icon="download", shortcut="Ctrl+S")
        self.stop_button = PlainButton("Stop printing", self, icon="x")
        self.stop_button.hide()
        self._build()
        self._connect()
        self.setMinimumSize(_SMALLEST if self.bookmarks is None else _SMALLEST_WITH_BOOKMARKS, 400)
        self.resize(self._first_size())
        self.print_button.setDefault(True)
        self.print_button.setFocus()

    def _build(self) -> None:
        self._close_button = PlainButton("Close", self)
        self._close_button.setToolTip("Close (Esc)")
        middle = QHBoxLayout()
        middle.setSpacing(0)
        if self.bookmarks is not None:
            middle.setContentsMargins(AROUND, 0, 0, 0)
            middle.setSpacing(INSIDE)
            middle.addWidget(self.bookmarks)
        middle.addWidget(self.column, 1)
        said = QHBoxLayout()
        said.setContentsMargins(AROUND, BETWEEN, AROUND, 0)
        said.addWidget(self.notice)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        bottom.setSpacing(INSIDE)
        bottom.addWidget(self._close_button)
        bottom.addStretch(1)
        for button in (self.save_button, self.stop_button, self.print_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_line)
        layout.addWidget(self.search_line)
        layout.addLayout(middle, 1)
        layout.addLayout(said)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.print_button.clicked.connect(self.print_paper)
        self.save_button.clicked.connect(self.ask_where_to_save)
        self.stop_button.clicked.connect(self._stop_printing)
        self._close_button.clicked.connect(self.reject)
        self.top_line.find_button.clicked.connect(self.search_line.open)
        self.search_line.asked.connect(self._look_for)
        self.search_line.stepped.connect(self.search.step)
        self.search_line.closed.connect(self.column.setFocus)
        self.search.changed.connect(self._show_found)
        if self.bookmarks is not None:
            self.bookmarks.chosen.connect(self.column.go_to)
            self.column.page_changed.connect(self.bookmarks.show_page)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self).activated.connect(self._copy)
        self.finished.connect(self._close_file)

    @Slot()
    def print_paper(self) -> None:
        """Ask for the printer and print every page, or those chosen there."""
        names = self.printers()
        if not names:
            self.notice.offer(
                "This computer has no printer. Save the PDF, or add a printer in the settings of the system.",
                Level.WARN,
                "Save PDF…",
                self.ask_where_to_save,
            )
            return
        settings = QSettings()
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        print_choices.apply(print_choices.remembered(settings, self._kind), printer, names)
        set_paper(printer, self._file.sizes[0])
        if self.ask_how_to_print(printer, len(self.pages), self):
            print_choices.remember(settings, self._kind, print_choices.chosen(printer))
            self.print_with(printer)

    def print_with(self, printer: QPrinter) -> None:
        """Paint the pages onto a printer at its own resolution; ``printed`` or a sentence here says how it went."""
        printing = Printing(self._file, printer, self.column.current, self)
        printing.progressed.connect(self._tell_progress)
        printing.finished.connect(self._was_printed)
        printing.failed.connect(self._was_not_printed)
        self._printing = printing
        self._show_printing(True)
        self.notice.say("")
        printing.start()

    @Slot()
    def ask_where_to_save(self) -> None:
        """Ask for the place and save the PDF."""
        dialog = save_dialog(PDF, self._file_name, self)
        dialog.fileSelected.connect(self._save_chosen)
        dialog.open()

    def save_to(self, path: Path) -> bool:
        """Write the file for its owner only. False when that was refused; a sentence says so."""
        try:
            save_for_owner_only(path, self._pdf)
        except ClinicError as error:
            self.notice.offer(told(error), Level.WARN, "Save PDF…", self.ask_where_to_save)
            return False
        self.notice.offer(f"Saved as {path.name}", Level.DONE, "Open folder", lambda: self._open_folder(path))
        self.saved.emit(str(path))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the search first; the keys that turn pages do so wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape and not self.search_line.isHidden():
            self.search_line.close_search()
        elif not self.column.scroll_by_key(event):
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close, or first let the printer have the pages that it waits for."""
        if self._printing is not None:
            self._closes_after = True
            return
        super().done(result)

    @Slot(str)
    def _look_for(self, words: str) -> None:
        self.search.look_for(words, self.column.current)

    @Slot()
    def _show_found(self) -> None:
        search = self.search
        current = None if search.current is None else search.matches[search.current]
        self.column.show_found(search.on_page, current)
        self.search_line.show_count(search.current, len(search.matches), searching=search.searching)

    @Slot()
    def _copy(self) -> None:
        text = self.column.selected_text()
        if text:
            copy_for_a_minute(text)

    @Slot(int, int)
    def _tell_progress(self, done: int, of: int) -> None:
        if done < of:
            self.notice.offer(f"Printing: {done} of {of} pages", Level.INFO)

    @Slot()
    def _was_printed(self) -> None:
        self.notice.say("")
        self._end_printing()
        self.printed.emit()
        if self._closes_after:
            self.reject()

    @Slot(str)
    def _was_not_printed(self, sentence: str) -> None:
        self._end_printing()
        self._closes_after = False  # whoever pressed Close did not know
        self.notice.say(sentence, Level.WARN)

    @Slot()
    def _stop_printing(self) -> None:
        if self._printing is not None:
            self._printing.stop()

    def _end_printing(self) -> None:
        if self._printing is not None:
            self._printing.deleteLater()
        self._printing = None
        self._show_printing(False)

    def _show_printing(self, running: bool) -> None:
        focused = self.print_button.hasFocus() or self.stop_button.hasFocus()
        self.stop_button.setVisible(running)
        self.print_button.setEnabled(not running)
        if focused:
            (self.stop_button if running else self.print_button).setFocus()

    def _open_folder(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))):
            self.notice.say(f"The folder cannot be opened from here. The file is in {path.parent}.", Level.WARN)

    @Slot(str)
    def _save_chosen(self, path: str) -> None:
        self.save_to(Path(path))

    def _first_size(self) -> QSize:
        screen = QGuiApplication.primaryScreen().availableSize()
        return QSize(min(920 if self.bookmarks is None else 1160, screen.width() - 80), min(1000, screen.height() - 60))

    @Slot()
    def _close_file(self) -> None:
        self.search.stop()
        self.column.hide()  # nothing is painted from a closed file
        self._file.close()


def _ask_how_to_print(printer: QPrinter, pages: int, window: QWidget) -> bool:
    """The system's own dialog."""
    dialog = QPrintDialog(printer, window)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintCurrentPage)
    dialog.setMinMax(1, pages)
    # exec() and not open(): Windows shows its own dialog from exec() only.
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted


def show_preview(
    title: str, pdf: bytes, parent: QWidget, *, kind: str, file_name: str = "", aside: bool = False
) -> PdfPreview:
    """Open the preview over a window without blocking it, and return it.

    ``aside``: the person goes on in the window and looks at the paper when they like; it takes neither focus nor keys.
    """
    preview = PdfPreview(title, pdf, parent, kind=kind, file_name=file_name)
    if aside:
        preview.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        preview.move(parent.mapToGlobal(QPoint(AROUND, AROUND)))
        preview.show()
        parent.activateWindow()  # not every window system keeps a new window from taking the keys
    else:
        preview.open()
    return preview
