"""The hours of one day: one or more spans from a time to a time, in one line."""

from datetime import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.calendar_data import spans_clash
from clinic_app.services.openings import Span
from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.flow import FlowLayout
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.value_fields import TimeField

_MOMENT, _LINE = 84, 28
_UNFINISHED = "Type both when it begins and when it ends."
_USUAL = (time(9), time(12))


class Moment(TimeField):
    """A time without a label of its own: its place in the line says what it is. Its error stands below the line."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self.label.hide()
        self.setFixedWidth(_MOMENT)
        self.editor.setToolTip("A time of day, such as 830, 8:30 or 2:30 pm")

    def set_error(self, text: str) -> None:
        """Mark the field; the line below all of them says what to do."""
        super().set_error(text)
        self._error.hide()

    @property
    def empty(self) -> bool:
        """Whether nothing is typed."""
        return self._empty()


class SpanFields(QWidget):
    """One span, and the button that takes it out."""

    def __init__(self, name: str, removable: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.opens, self.closes = Moment(f"{name}, from", self), Moment(f"{name}, to", self)
        self.remove = IconButton("x", f"{name}: take these hours out", self)
        self.remove.setVisible(removable)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.opens)
        layout.addWidget(Muted("–", self))
        layout.addWidget(self.closes)
        layout.addWidget(self.remove)

    def problem(self) -> tuple[Moment, str] | None:
        """The field that is wrong with what to do."""
        for moment in (self.opens, self.closes):
            if not moment.check():
                return moment, moment.error()
        if self.opens.empty != self.closes.empty:
            return (self.opens if self.opens.empty else self.closes), _UNFINISHED
        opens, closes = self.opens.value(), self.closes.value()
        if opens is not None and closes is not None and closes <= opens:
            return self.closes, "These hours must end after they begin."
        return None

    def span(self) -> Span | None:
        """What is typed, or None while it is not whole."""
        opens, closes = self.opens.value(), self.closes.value()
        return None if opens is None or closes is None else (opens, closes)


class SpansEditor(QWidget):
    """Tells its hours once they are whole: a half-typed span is waited for as long as the person is in the line."""

    changed = Signal()
    """The hours, which are right, differ from those before."""

    def __init__(self, name: str, parent: QWidget | None = None, *, closed_words: str = "Not working") -> None:
        super().__init__(parent)
        self._name = name
        self._read_only = False
        self._known: tuple[Span, ...] = ()
        self.fields: list[SpanFields] = []
        self._closed = Muted(closed_words, self)
        self._closed.setFixedHeight(_LINE)
        self.add_button = IconButton("plus", f"{name}: add hours", self)
        self.add_button.clicked.connect(self._add_usual)
        self._error = FieldError(self)
        self._line = QWidget(self)
        self._flow = FlowLayout(self._line, spacing=INSIDE)
        self._flow.addWidget(self._closed)
        self._flow.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self._line)
        layout.addWidget(self._error)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def spans(self) -> tuple[Span, ...]:
        """The hours that were last whole and right, in their order."""
        return self._known

    def show_spans(self, spans: tuple[Span, ...]) -> None:
        """Show hours without telling anybody."""
        self._known = spans
        for old in self.fields:
            self._take_out(old)
        self.fields.clear()
        for opens, closes in spans:
            fields = self._append()
            fields.opens.set_value(opens)
            fields.closes.set_value(closes)
        self._error.hide()
        self._arrange()

    def is_typed_in(self) -> bool:
        """Whether something is typed that is not told yet."""
        return self._typed() != self._known

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change."""
        self._read_only = read_only
        for fields in self.fields:
            fields.opens.set_read_only(read_only)
            fields.closes.set_read_only(read_only)
        self._arrange()

    def error(self) -> str:
        """What is wrong, or ""."""
        return "" if self._error.isHidden() else self._error.text()

    def check(self) -> bool:
        """Look at everything that is typed, say what is wrong, and tell the hours where nothing is."""
        return self._settle(finished=True)

    @Slot()
    def _settle_unfinished(self) -> None:
        self._settle(finished=False)

    def _settle(self, *, finished: bool) -> bool:
        problem = self._problem()
        if problem is not None and problem[1] == _UNFINISHED and not finished:
            return False  # the other half is typed next
        for fields in self.fields:
            fields.opens.set_error("")
            fields.closes.set_error("")
        if problem is not None:
            field, words = problem
            field.set_error(words)
            self._error.setText(words)
            self._error.show()
            return False
        self._error.hide()
        typed = self._typed()
        if typed is not None and typed != self._known:
            self._known = typed
            self.changed.emit()
        return True

    def _problem(self) -> tuple[Moment, str] | None:
        for fields in self.fields:
            found = fields.problem()
            if found is not None:
                return found
        whole = [(fields, span) for fields in self.fields if (span := fields.span()) is not None]
        for number, (fields, _) in enumerate(whole):
            if spans_clash([span for _, span in whole[: number + 1]]):
                return fields.opens, "These hours share time with others of the day. End one before the next begins."
        return None

    def _typed(self) -> tuple[Span, ...] | None:
        """What is typed; None while some of it is not whole."""
        spans = [fields.span() for fields in self.fields if not (fields.opens.empty and fields.closes.empty)]
        whole = [span for span in spans if span is not None]
        return tuple(sorted(whole)) if len(whole) == len(spans) else None

    def _append(self) -> SpanFields:
        fields = SpanFields(f"{self._name}, hours {len(self.fields) + 1}", not self._read_only, self._line)
        for moment in (fields.opens, fields.closes):
            moment.set_read_only(self._read_only)
            moment.editor.editingFinished.connect(self._settle_unfinished)
        fields.remove.clicked.connect(self._remove)
        self.fields.append(fields)
        self._flow.insert_before(fields, self.add_button)
        fields.show()
        return fields

    def _take_out(self, fields: SpanFields) -> None:
        self._flow.removeWidget(fields)
        fields.hide()
        fields.deleteLater()

    @Slot()
    def _add_usual(self) -> None:
        """One more span to fill; the first of a day begins with a morning, which is right more often than nothing."""
        fields = self._append()
        if len(self.fields) == 1:
            fields.opens.set_value(_USUAL[0])
            fields.closes.set_value(_USUAL[1])
        self._arrange()
        fields.opens.setFocus(Qt.FocusReason.OtherFocusReason)
        fields.opens.editor.selectAll()
        self._settle(finished=False)

    @Slot()
    def _remove(self) -> None:
        gone = next(fields for fields in self.fields if fields.remove is self.sender())
        self.fields.remove(gone)
        self._take_out(gone)
        self._arrange()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._settle(finished=False)

    def _arrange(self) -> None:
        self._closed.setVisible(not self.fields)
        self.add_button.setVisible(not self._read_only)
        for fields in self.fields:
            fields.remove.setVisible(not self._read_only)
        self._line.updateGeometry()
        self.updateGeometry()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, left: QWidget | None, entered: QWidget | None) -> None:
        was_here = left is not None and self.isAncestorOf(left)
        if was_here and entered is not None and not self.isAncestorOf(entered):
            # Later: the field that was left writes its time first.
            QTimer.singleShot(0, self, self._leave)

    @Slot()
    def _leave(self) -> None:
        self._settle(finished=True)
