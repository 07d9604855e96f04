"""Keys that press a button at once."""

from PySide6.QtGui import QKeySequence, QShortcut

from clinic_app.ui.widgets.buttons import IconButton


def press_with(button: IconButton, *keys: str) -> None:
    """Let keys press a button while it is seen; its tooltip names the first of them.

    Qt's own shortcut of a button waits a tenth of a second, in which typing goes astray and a second press is lost.
    """
    shown = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    button.setToolTip(f"{button.accessibleName()} ({shown})")
    for each in keys:
        QShortcut(QKeySequence(each), button).activated.connect(button.click)
