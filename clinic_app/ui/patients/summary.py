"""The first page of a patient: what it is, what was injected last, what is next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.chart_data import PatternLine
from clinic_app.terms import Severity
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.history_words import AGGRAVATIONS, RELIEFS, cause_text, in_words, onset_text
from clinic_app.ui.patients.next_steps import NextSteps
from clinic_app.ui.patients.parts import FactList, Page, clear_layout, plain_label
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.timeline_strip import TimelineStrip
from clinic_app.ui.patients.words import (
    SIDES,
    ago_text,
    component_text,
    effect_name,
    indication_name,
    muscle_latin,
    muscle_name,
    product_text,
    units_text,
)
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.pills import Pill, SeverityPill
from clinic_app.ui.widgets.sections import Hairline, Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_CYCLES = 3
_ROWS = 12


class SummaryPage(Page):
    """Diagnosis and components, the last pattern, what is next; below, what the last cycles and years brought."""

    new_visit_requested = Signal(bool)
    """Whether to start from the last pattern; else the person chooses what the visit starts from."""
    timeline_requested = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self._record: PatientRecord | None = None
        clinical = workplace.may(Act.READ_RECORD)
        self.diagnosis = Section("Diagnosis", self)
        self.facts = FactList(self, label_width=84, nothing="Nothing recorded yet. Add it with Edit (F2).")
        self.diagnosis.add(self.facts)
        self.diagnosis.layout_inside.addStretch(1)
        self.pattern = Section("Last pattern", self)
        self.next = NextSteps(workplace, self)
        self.cycles = Section("Side effects of the last cycles", self)
        self._cycle_lines = QVBoxLayout()
        self._cycle_lines.setSpacing(INSIDE)
        self.cycles.add(self._cycle_lines)
        self.cycles.layout_inside.addStretch(1)
        self.course = Section("Timeline", self)
        self.course_strip = TimelineStrip(self)
        self.course_link = LinkButton("Open timeline", self)
        self.course_link.clicked.connect(self.timeline_requested)
        self.course.add_action(self.course_link)
        self.course.add(self.course_strip)
        self.contact = Section("Contact", self)
        self.contact_facts = FactList(self, label_width=84, nothing="No contact recorded. Add it with Edit (F2).")
        self.contact.add(self.contact_facts)
        self.contact.layout_inside.addStretch(1)
        self._build_pattern()
        self._lay_out(clinical)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient; the same record again changes nothing."""
        if record == self._record:
            return
        self._record = record
        self.scroll_area.keeping_place(self._fill)

    def _build_pattern(self) -> None:
        reference = self._reference
        self.pattern_when = Muted("", self)
        self.pattern.add_action(self.pattern_when)
        empty = EmptyState("syringe", "No visits yet. Start one from an empty map.", self)
        columns: tuple[Column[PatternLine], ...] = (
            Column(
                "Muscle",
                lambda line: muscle_name(reference, line.muscle),
                tooltip=lambda line: muscle_latin(reference, line.muscle),
                width=180,
                stretch=True,
            ),
            Column("Side", lambda line: SIDES[line.side], width=58),
            Column("Units", lambda line: units_text(line.units), lambda line: line.units, numeric=True, width=62),
            Column("Points", lambda line: str(len(line.points)), lambda line: len(line.points), numeric=True, width=62),
        )
        self.pattern_table: RowTable[PatternLine] = RowTable(
            columns,
            self,
            name="patient-last-pattern",
            label="Last pattern",
            key=lambda line: (line.muscle, line.side, line.product),
            empty=empty,
        )
        self.totals = plain_label("", self)
        may_chart = self._workplace.may(Act.DRAFT_CHART)
        self.new_button = PlainButton("Start from…", self)
        self.first_button = PrimaryButton("New visit", self, icon="plus")
        self.repeat_button = PrimaryButton("New visit", self, icon="plus")
        for button in (self.new_button, self.first_button, self.repeat_button):
            button.setVisible(may_chart)
        self.new_button.setToolTip("Start a visit from another pattern, a saved one, or an empty map")
        self.first_button.setToolTip("Start a visit from a saved pattern or an empty map")
        self.repeat_button.setToolTip("Start a visit from the last signed pattern; every line is to be confirmed")
        self.new_button.clicked.connect(self._choose_start)
        self.first_button.clicked.connect(self._choose_start)
        self.repeat_button.clicked.connect(self._start_repeat)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.first_button, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.repeat_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.pattern.add(self.pattern_table, 1)
        self.pattern.add(self.totals)
        self.pattern.add(foot)

    def _lay_out(self, clinical: bool) -> None:
        grid = QGridLayout()
        grid.setSpacing(BETWEEN)
        for section in (self.diagnosis, self.pattern, self.cycles, self.course):
            section.setVisible(clinical)
        if clinical:
            for column, width in enumerate((11, 18, 11)):
                grid.setColumnStretch(column, width)
            grid.addWidget(self.diagnosis, 0, 0)
            grid.addWidget(self.pattern, 0, 1)
            grid.addWidget(self.next, 0, 2, 2, 1)
            grid.addWidget(self.contact, 1, 0)
            grid.addWidget(self.cycles, 1, 1)
            grid.addWidget(self.course, 2, 0, 1, 3)
        else:
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1)
            grid.addWidget(self.contact, 0, 0)
            grid.addWidget(self.next, 0, 1)
        for section in (self.diagnosis, self.pattern, self.next, self.cycles, self.contact, self.course):
            # The columns keep their shares whatever stands in them.
            section.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.setRowStretch(0, 1)
        self.content.addLayout(grid, 1 if clinical else 0)
        if not clinical:
            self.content.addStretch(1)

    def _fill(self) -> None:
        record = self._record
        assert record is not None
        self.contact_facts.set_facts(_contact(record))
        self.next.show_record(record)
        course = record.course
        self.course.setVisible(course is not None and not course.empty)
        if course is not None and not course.empty:
            self.course_strip.set_course(course)
        if not record.clinical:
            return
        self.facts.set_facts(_diagnosis(record, self._reference))
        self._fill_pattern(record)
        self._fill_cycles(record)

    def _fill_pattern(self, record: PatientRecord) -> None:
        pattern, today = record.pattern, self._workplace.today()
        lines = () if pattern is None else pattern.lines
        self.pattern_table.set_rows(lines)
        header = self.pattern_table.horizontalHeader()
        header.setVisible(bool(lines))
        self.pattern_table.setMinimumHeight(34 + 28 * min(max(len(lines), 4), _ROWS) + 2)
        may_chart = self._workplace.may(Act.DRAFT_CHART)
        self.repeat_button.setVisible(may_chart and bool(lines))
        self.new_button.setVisible(may_chart and bool(lines))
        self.first_button.setVisible(may_chart and not lines)
        if pattern is None:
            self.pattern_when.setText("")
            self.totals.setText("")
            return
        self.pattern_when.setText(f"{date_text(pattern.visited_on)} · {ago_text(pattern.visited_on, today)}")
        region = self._workplace.services.clinic.label_region
        totals = []
        for product in pattern.products:
            units = sum((line.units for line in lines if line.product == product), start=lines[0].units * 0)
            totals.append(f"{product_text(self._reference, product, region)}: {units_text(units)} in all")
        self.totals.setText("\n".join(totals))

    def _fill_cycles(self, record: PatientRecord) -> None:
        clear_layout(self._cycle_lines)
        if not record.visits:
            self._cycle_lines.addWidget(Muted("No visits yet, so nothing can have followed one.", self))
        for number, visit in enumerate(record.visits[:_CYCLES]):
            if number:
                self._cycle_lines.addWidget(Hairline(self))
            line = QHBoxLayout()
            line.setSpacing(BETWEEN)
            when = Strong(date_text(visit.visited_on), self)
            when.setFixedWidth(104)
            line.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
            effects = [effect for effect in record.side_effects if effect.visit_id == visit.id]
            if effects:
                stack = QVBoxLayout()
                stack.setSpacing(INSIDE)
                for effect in effects:
                    name = effect_name(self._reference, effect.kind, effect.other)
                    words = f"{name}, from day\N{NO-BREAK SPACE}{effect.days_after}"
                    words += ", going on" if effect.ended_on is None else ""
                    stack.addLayout(self._effect_line(words, effect.severity))
                line.addLayout(stack, 1)
            elif visit.asked_none:
                line.addWidget(Pill("None reported", parent=self, icon="check"))
                line.addStretch(1)
            else:
                line.addWidget(Muted("Not asked", self))
                line.addStretch(1)
            self._cycle_lines.addLayout(line)

    def _effect_line(self, words: str, severity: Severity) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(INSIDE)
        line.addWidget(SeverityPill(severity, self))
        line.addWidget(plain_label(words, self), 1)
        return line

    def _choose_start(self) -> None:
        self.new_visit_requested.emit(False)

    def _start_repeat(self) -> None:
        self.new_visit_requested.emit(True)


def _diagnosis(record: PatientRecord, reference: Reference) -> list[tuple[str, str]]:
    form = record.details.form
    history = form.history
    diagnosis = indication_name(reference, history.indication) if history.indication else ""
    further = [
        indication_name(reference, each.indication) if each.indication else each.icd10cm for each in form.diagnoses
    ]
    return [
        ("Indication", "\n".join(name for name in (diagnosis, *further) if name)),
        ("ICD-10-CM", history.icd10cm),
        ("Distribution", history.distribution.replace("_", " ").capitalize()),
        ("Components", "\n".join(component_text(component) for component in form.components)),
        ("Onset", onset_text(history.onset, form.birth_date)),
        ("Cause", cause_text(history)),
        ("Pain", "" if history.pain is None else f"{history.pain} of 10"),
        ("Better with", in_words(RELIEFS, history.better_with)),
        ("Worse with", in_words(AGGRAVATIONS, history.worse_with)),
    ]


def _contact(record: PatientRecord) -> list[tuple[str, str]]:
    form = record.details.form
    return [
        ("Telephone", form.phone),
        ("E-mail", form.email),
        ("Prefers", form.preferred_contact),
        ("Language", form.language),
        ("Address", form.address),
        ("Emergency", form.emergency_contact),
        ("Referred by", form.referring_doctor),
        ("Payer", form.payer),
        ("Note", form.note),
    ]
