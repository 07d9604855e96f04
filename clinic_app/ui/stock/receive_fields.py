"""Fields that know what a scanner types and how an expiry is printed."""

import calendar
import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.scanning import SeparatorKeeper, looks_like_scan
from clinic_app.ui.widgets.value_fields import DateField

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class ScanField(TextField):
    """A line for a scanner; Enter, which scanners send too, ends a code. An empty Enter asks for one more."""

    scanned = Signal(str)
    asked_for_more = Signal()

    def __init__(self, label: str, parent: QWidget | None = None, *, hint: str = "", placeholder: str = "") -> None:
        super().__init__(label, parent, hint=hint, placeholder=placeholder)
        SeparatorKeeper(self.editor)
        self.editor.returnPressed.connect(self._enter)

    @Slot()
    def _enter(self) -> None:
        text = self.editor.text().strip(" \t")
        if not text:
            self.asked_for_more.emit()
            return
        self.set_value("")  # the next package may be scanned before this one is answered
        self.scanned.emit(text)


class ScannableField(TextField):
    """A field that people type into, but where the cursor may stand when somebody scans."""

    scanned = Signal(str)

    def __init__(self, label: str, parent: QWidget | None = None, *, required: bool = False, hint: str = "") -> None:
        super().__init__(label, parent, required=required, hint=hint)
        self._before = ""
        SeparatorKeeper(self.editor)
        self.editor.returnPressed.connect(self._enter)

    def set_value(self, value: str) -> None:
        """Show a value without telling ``changed``."""
        super().set_value(value)
        self._before = self.value()

    def _settle(self) -> None:
        self._before = self.value()

    @Slot()
    def _enter(self) -> None:
        text = self.editor.text().strip(" \t")
        if looks_like_scan(text):
            self.set_value(self._before)
            self.scanned.emit(text)


class ExpiryField(DateField):
    """A date, or month and year as vials print them: then the last day of that month."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(label, parent, required=required, today=today)
        self.missing_text = "Type the expiry as it stands on the vial."
        self.editor.setPlaceholderText("As on the vial")
        self.editor.setToolTip("A date, or month and year, which mean the last day of that month")

    def _parse(self) -> date | None:
        return _end_of_month(self.editor.text()) or super()._parse()


def _end_of_month(text: str) -> date | None:
    """ "08/2027", "2027-08" and "Aug 2027" as the last day of the month; None for anything else."""
    plain = text.strip().casefold()
    found = re.fullmatch(r"(?P<month>\d{1,2})[-/. ]+(?P<year>\d{4})", plain, re.ASCII) or re.fullmatch(
        r"(?P<year>\d{4})[-/. ]+(?P<month>\d{1,2})", plain, re.ASCII
    )
    named = re.fullmatch(r"([a-z]{3})[a-z]*[-/. ]+(\d{4})", plain, re.ASCII)
    if found is not None:
        year, month = int(found["year"]), int(found["month"])
    elif named is not None and named[1] in _MONTHS:
        year, month = int(named[2]), _MONTHS.index(named[1]) + 1
    else:
        return None
    if not 1 <= month <= 12 or year < 1:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])
