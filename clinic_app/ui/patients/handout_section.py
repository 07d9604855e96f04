"""Handouts for the patient to take home: which, in which language and print, and what was given before."""

from functools import partial

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.languages import paper_language
from clinic_app.services.access import Act
from clinic_app.services.handouts import GivenRow, HandoutRow, Printing
from clinic_app.services.paper import Paper
from clinic_app.ui.locale import date_text, language_name
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_NEVER = "Nothing was given yet. What you give is noted here, with its very text."


class HandoutSection(Section):
    """Gives a handout to a patient: at first in the patient's language, and in the print of the last time."""

    paper_requested = Signal(object)
    """Carries what gathers the paper."""
    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Handouts to take home", parent)
        self._workplace = workplace
        self._settings = QSettings()
        self._patient_id: int | None = None
        self._own_language = self._chosen_language = ""
        self._rows: tuple[HandoutRow, ...] = ()
        self.language = ChoiceField[str]("Language", (), self)
        self.large = CheckField("Large print", self, hint="18 point")
        self.contrast = CheckField("High contrast", self, hint="Black alone")
        self.table: RowTable[HandoutRow] = RowTable(
            (
                Column("Handout", lambda row: row.title, width=170, fit=Fit.CONTENT),
                Column("What it tells", lambda row: row.summary, tooltip=lambda row: row.summary, stretch=True),
                Column("Reviewed", _reviewed, tooltip=_review, width=80, fit=Fit.CONTENT),
            ),
            self,
            name="patient-handouts",
            label="Handouts",
            key=lambda row: (row.name, row.language),
            empty=EmptyState("file-text", "There is no handout in this language.", self),
        )
        self.look_button = PlainButton("Look at it", self, icon="eye")
        self.look_button.setToolTip("Show the handout without noting it in the record")
        self.give_button = PrimaryButton("Give to patient", self, icon="printer")
        self.give_button.setToolTip("Note it in the record and show it to print (Enter in the list)")
        self.given_title = Muted("Given before", self)
        self.given: RowTable[GivenRow] = RowTable(
            (
                Column("Given", lambda row: date_text(row.given_at.date()), lambda row: row.given_at, width=92,
                       fit=Fit.WHOLE),
                Column("Handout", lambda row: row.title, width=150, stretch=True),
                Column("Text", lambda row: f"version {row.version}, {language_name(row.language)}", width=130,
                       fit=Fit.CONTENT),
                Column("By", lambda row: row.given_by, width=100, fit=Fit.CONTENT, spared=True),
            ),
            self,
            name="patient-given-handouts",
            label="Handouts given",
            key=lambda row: row.id,
            empty=EmptyState("file-text", _NEVER, self),
        )  # fmt: skip
        self.again_button = PlainButton("Print again", self, icon="printer")
        self.again_button.setToolTip("The same words and the same print as then (Enter in the list)")
        self._lay_out()
        self._connect()
        self._remembered()

    def show_patient(self, patient_id: int, language: str) -> None:
        """Ask for the handouts and for what this patient was given; ``language`` is as told in the record."""
        own = paper_language(language, self._workplace.services.clinic.language)
        if (patient_id, own) != (self._patient_id, self._own_language):
            self._patient_id, self._own_language = patient_id, own
            self._chosen_language = own
        handouts, actor = self._workplace.services.handouts, self._workplace.actor
        self._workplace.tasks.ask(
            "patients.handouts",
            lambda: (handouts.choices(actor), handouts.given(actor, patient_id)),
            partial(self._show, patient_id),
            owner=self,
        )

    def printing(self) -> Printing:
        """How it is to be printed."""
        return Printing(self.large.value(), self.contrast.value())

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(BETWEEN)
        choices.addWidget(self.language)
        for field in (self.large, self.contrast):
            choices.addWidget(field, 0, Qt.AlignmentFlag.AlignBottom)
        choices.addStretch(1)
        self.language.setFixedWidth(180)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(INSIDE)
        right.setSpacing(INSIDE)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        buttons.addWidget(self.look_button)
        buttons.addWidget(self.give_button)
        left.addLayout(choices)
        left.addWidget(self.table, 1)
        left.addLayout(buttons)
        right.addWidget(self.given_title, 0, Qt.AlignmentFlag.AlignTop)
        right.addWidget(self.given, 1)
        again = QHBoxLayout()
        again.addStretch(1)
        again.addWidget(self.again_button)
        right.addLayout(again)
        both = QHBoxLayout()
        both.setSpacing(BETWEEN)
        both.addLayout(left, 3)
        both.addLayout(right, 2)
        self.add(both)
        may_print = self._workplace.may(Act.PRINT_HANDOUT)
        for widget in (self.look_button, self.give_button, self.again_button):
            widget.setVisible(may_print)

    def _connect(self) -> None:
        self.language.changed.connect(self._choose_language)
        for field in (self.large, self.contrast):
            field.changed.connect(self._remember)
        self.table.selected_row.connect(self._selected)
        self.given.selected_row.connect(self._given_selected)
        self.table.activated_row.connect(self._give)
        self.given.activated_row.connect(self._again)
        self.give_button.clicked.connect(self._give)
        self.look_button.clicked.connect(self._look)
        self.again_button.clicked.connect(self._again)
        self._selected(None)
        self._given_selected(None)

    def _show(self, patient_id: int, found: tuple[tuple[HandoutRow, ...], tuple[GivenRow, ...]]) -> None:
        if patient_id != self._patient_id:
            return
        self._rows, given = found
        languages = sorted({row.language for row in self._rows}, key=language_name)
        self.language.set_choices([(language, language_name(language)) for language in languages])
        wanted = self._chosen_language
        self.language.set_value(wanted if wanted in languages else next(iter(languages), None))
        self._fill()
        self.given.set_rows(given)
        self.given.horizontalHeader().setVisible(bool(given))

    def _fill(self) -> None:
        rows = [row for row in self._rows if row.language == self.language.value()]
        self.table.set_rows(rows)
        self.table.horizontalHeader().setVisible(bool(rows))
        if self.table.selected() is None and rows:
            self.table.select(rows[0])

    def _remembered(self) -> None:
        for name, field in (("large", self.large), ("contrast", self.contrast)):
            field.set_value(str(self._settings.value(f"handouts/{name}", "false")) == "true")

    @Slot()
    def _remember(self) -> None:
        for name, field in (("large", self.large), ("contrast", self.contrast)):
            self._settings.setValue(f"handouts/{name}", "true" if field.value() else "false")

    @Slot()
    def _choose_language(self) -> None:
        self._chosen_language = self.language.value() or ""
        self._fill()

    @Slot(object)
    def _selected(self, row: HandoutRow | None) -> None:
        for button in (self.look_button, self.give_button):
            button.setEnabled(row is not None and not row.problem)

    @Slot(object)
    def _given_selected(self, row: GivenRow | None) -> None:
        self.again_button.setEnabled(row is not None)

    @Slot()
    def _give(self) -> None:
        row, patient_id = self.table.selected(), self._patient_id
        if row is None or patient_id is None or not self.give_button.isEnabled():
            return
        handouts, actor, printing = self._workplace.services.handouts, self._workplace.actor, self.printing()

        def noted(given: tuple[int, Paper]) -> None:
            number, paper = given
            self.paper_requested.emit(lambda: paper)
            self.message_offered.emit(f"“{row.title}” noted as given.", partial(self._take_back, number))

        self._workplace.tasks.run(
            lambda: handouts.give(actor, patient_id, row.name, row.language, printing),
            noted,
            self._refused,
            owner=self,
        )

    def _take_back(self, given_id: int) -> None:
        handouts, actor = self._workplace.services.handouts, self._workplace.actor
        self._workplace.tasks.run(
            lambda: handouts.take_back(actor, given_id), lambda _: None, self._refused, owner=self
        )

    def _refused(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)

    @Slot()
    def _look(self) -> None:
        row = self.table.selected()
        if row is not None:
            handouts, actor, printing = self._workplace.services.handouts, self._workplace.actor, self.printing()
            self.paper_requested.emit(lambda: handouts.paper(actor, row.name, row.language, printing))

    @Slot()
    def _again(self) -> None:
        row = self.given.selected()
        if row is not None:
            handouts, actor = self._workplace.services.handouts, self._workplace.actor
            self.paper_requested.emit(lambda: handouts.again(actor, row.id))


def _reviewed(row: HandoutRow) -> str:
    if row.problem:
        return "unreadable"
    return "not yet" if row.reviewed_on is None else date_text(row.reviewed_on)


def _review(row: HandoutRow) -> str:
    if row.reviewed_on is None:
        return "Nobody of the clinic has reviewed this text yet. The paper says so."
    return f"{row.reviewed_by} reviewed this text on {date_text(row.reviewed_on)}."
