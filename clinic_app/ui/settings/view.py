"""The settings: the clinic's own rules of charting."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.clinic_rules import OwnLimit, RuleChoices
from clinic_app.ui.settings.choices import ChoiceSection, SharedVialSection
from clinic_app.ui.settings.limit_form import WantedLimit
from clinic_app.ui.settings.limits import LimitSection
from clinic_app.ui.theme import AROUND, GROUPS, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.sections import Scroll
from clinic_app.ui.workplace import Workplace

_WIDEST = 1040
_KINDS = {"clinic", "clinic_limit"}

Change = Callable[[], object]


class SettingsView(QWidget):
    """What a manager or physician chose for everybody's charts. Every change counts at once and can be undone."""

    undo_offered = Signal(str, object)
    """A sentence, and what takes the change back."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._choices: RuleChoices | None = None
        self.notice = Notice(self)
        self.charting = ChoiceSection(workplace, self)
        self.shared = SharedVialSection(workplace, self)
        self.limits = LimitSection(workplace, self)
        self.charting.change_wanted.connect(self._change)
        self.shared.change_wanted.connect(self._change)
        self.limits.limit_wanted.connect(self._set_limit)
        self.limits.end_wanted.connect(self._end_limit)
        self.limits.renew_wanted.connect(self._renew_limit)
        self._build()
        workplace.changes.committed.connect(self._others_changed)

    @Slot()
    def refresh(self) -> None:
        """Read the choices again."""
        rules, actor = self._workplace.services.clinic_rules, self._workplace.actor
        self._workplace.tasks.ask(
            "settings.rules", lambda: (rules.choices(actor), rules.ended_limits(actor)), self._show, self._refused
        )

    def showEvent(self, event: QShowEvent) -> None:
        """The first look fetches what there is."""
        super().showEvent(event)
        if self._choices is None:
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the page."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    def _build(self) -> None:
        content = QWidget(self)
        content.setMaximumWidth(_WIDEST)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, GROUPS)
        inside.setSpacing(AROUND)
        inside.addWidget(Title("Rules of the clinic", content))
        inside.addWidget(
            Muted("They count for everybody's charts from now on. Signed visits stay as they are.", content, wrap=True)
        )
        inside.addWidget(self.notice)
        for section in (self.charting, self.limits, self.shared):
            inside.addWidget(section)
        inside.addStretch(1)
        centred = QWidget(self)
        middle = QHBoxLayout(centred)
        middle.setContentsMargins(GROUPS, GROUPS, GROUPS, 0)
        middle.addStretch(1)
        middle.addWidget(content, 1000, Qt.AlignmentFlag.AlignTop)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Scroll(centred, self))

    def _show(self, read: tuple[RuleChoices, tuple[tuple[OwnLimit, object], ...]]) -> None:
        choices, ended = read
        self._choices = choices
        self.charting.show_choices(choices)
        self.shared.show_choices(choices)
        self.limits.show_limits(choices, tuple(limit for limit, _ in ended))

    @Slot(str, object, object)
    def _change(self, said: str, change: Change, back: Change) -> None:
        def undo() -> None:
            self._run(back, lambda: None)

        self._run(change, lambda: self.undo_offered.emit(said, undo))

    @Slot(object)
    def _set_limit(self, wanted: WantedLimit) -> None:
        rules, actor = self._workplace.services.clinic_rules, self._workplace.actor

        def work() -> int:
            return rules.set_limit(
                actor,
                wanted.check,
                wanted.value,
                product=wanted.product,
                indication=wanted.indication,
                muscle=wanted.muscle,
                reason=wanted.reason,
            )

        self._workplace.tasks.run(work, self.limits.was_set, self.limits.show_error, owner=self)

    @Slot(object)
    def _end_limit(self, limit: OwnLimit) -> None:
        rules, actor = self._workplace.services.clinic_rules, self._workplace.actor

        def undo() -> None:
            self._run(lambda: rules.renew_limit(actor, limit.id), lambda: None)

        self._run(lambda: rules.end_limit(actor, limit.id), lambda: self.undo_offered.emit("Limit ended.", undo))

    @Slot(object)
    def _renew_limit(self, limit: OwnLimit) -> None:
        rules, actor = self._workplace.services.clinic_rules, self._workplace.actor
        self._run(lambda: rules.renew_limit(actor, limit.id), lambda: None)

    def _run(self, change: Change, done: Callable[[], object]) -> None:
        self.notice.hide()
        self._workplace.tasks.run(change, lambda _: done(), self._refused, owner=self)

    @Slot(object)
    def _refused(self, error: ClinicError) -> None:
        self.notice.say(str(error), Level.STOP)
        if self._choices is not None:
            self.charting.show_choices(self._choices)

    @Slot(object)
    def _others_changed(self, kinds: frozenset[str]) -> None:
        if self._choices is not None and kinds & _KINDS:
            self.refresh()
