"""Clears what the program copied: a patient's telephone number must not lie on the clipboard all day."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

AFTER_MS = 60_000
_KEEP = "application/x-clinic-app-keep"
_KEEP_NO_HISTORY = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': bytes(4),
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': bytes(4),
}
"""What a history of the clipboard looks for: KDE's and those that follow it, and that of Windows with its cloud."""


class ClipboardWatch(QObject):
    """Hears of everything that is copied in the program, by whichever field or table."""

    def __init__(self, parent: QObject | None = None, *, is_own: Callable[[], bool] | None = None) -> None:
        """``is_own`` tells whether what lies there was copied in this program; by default the system is asked."""
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._is_own = self._clipboard.ownsClipboard if is_own is None else is_own
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(AFTER_MS)
        self.timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._changed)

    @Slot()
    def clear(self) -> None:
        """Clear it now, as far as it is the program's own; what another program copied meanwhile stays."""
        self.timer.stop()
        content = self._clipboard.mimeData()
        if content is not None and self._is_own() and not content.hasFormat(_KEEP):
            self._clipboard.clear(QClipboard.Mode.Clipboard)
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    @Slot()
    def _changed(self) -> None:
        # Each copy has its minute; what somebody else copied ends it.
        content = self._clipboard.mimeData()
        if content is not None and content.formats() and self._is_own():
            self.timer.start()
        else:
            self.timer.stop()


def copy_for_a_minute(text: str) -> None:
    """Copy what may name a patient: it goes after its minute, and histories are asked to leave it out."""
    content = QMimeData()
    content.setText(text)
    for kind, hint in _KEEP_NO_HISTORY.items():
        content.setData(kind, hint)
    QGuiApplication.clipboard().setMimeData(content)


def copy_for_keeps(text: str) -> None:
    """Copy what names no patient and may stay, such as the report of a fault."""
    content = QMimeData()
    content.setText(text)
    content.setData(_KEEP, b"1")
    QGuiApplication.clipboard().setMimeData(content)
