"""The page on which a visit is signed: the right patient, what was given, what still waits for an answer."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.reference.units import show_ml, show_units
from clinic_app.rules.findings import Level as Weight
from clinic_app.services.charting import NEVER_OVERRIDDEN, Charted
from clinic_app.services.patient_data import Banner
from clinic_app.terms import Guidance
from clinic_app.ui.locale import date_text, weekday_date_text
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.finding_list import FindingList, open_counts
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.vial_bar import vial_words
from clinic_app.ui.muscle_map.wording import indication_name, points_text
from clinic_app.ui.muscle_map.written_facts import WrittenFacts
from clinic_app.ui.naming import brand_of, decapital, place_name
from clinic_app.ui.signature_field import SignatureField
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS, TIGHT, heading_font
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong, Title
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section
from clinic_app.ui.workplace import Workplace

_WIDEST = 880


class SignPage(QWidget):
    """Everything the signature stands for, and nothing else."""

    back_wanted = Signal()
    sign_wanted = Signal(str)
    """Carries the PIN or passphrase that was typed."""

    def __init__(
        self,
        chart: OpenChart,
        banner: Banner | None,
        injector: Callable[[int], str],
        workplace: Workplace,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._chart = chart
        self._injector = injector
        self._was_ready = False
        self._patient = Title(f"Sign the visit of {banner.name}" if banner is not None else "Sign the visit", self)
        self._patient.setWordWrap(True)
        self._identity = QLabel(_identity(banner), self)
        self._identity.setTextFormat(Qt.TextFormat.PlainText)
        self._identity.setWordWrap(True)
        self._facts = Muted("", self, wrap=True)
        self._given = Section("Given", self)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(AROUND)
        self._table.setVerticalSpacing(TIGHT)
        self._total = Strong("", self)
        self._vials = Muted("", self, wrap=True)
        self._given.add(self._table)
        self._given.add(self._total)
        self._given.add(self._vials)
        self.written = WrittenFacts(chart.reference, self)
        self._words = Section("Written", self)
        self._words.add(self.written)
        self.todo = Notice(self)
        self.error = Notice(self)
        self.findings = FindingList(chart, True, self, wide=True)
        self._checks = Section("Checks", self)
        self._checks.add(self.findings)
        self.findings.pointed.connect(self._subject_pointed)
        self.confirm_all = LinkButton("", self, icon="check")
        self.confirm_all.clicked.connect(self._confirm_all)
        self.back = PlainButton("Back to the chart", self, icon="arrow-left")
        self.back.clicked.connect(self.back_wanted)
        self.signature = SignatureField(workplace, "Sign visit", self)
        self.signature.add_at_left(self.back)
        self.signature.sign_wanted.connect(self._sign)
        self.sign_button = self.signature.button
        self._build()
        chart.changed.connect(self.refresh)
        self.refresh()

    def show_error(self, error: ClinicError) -> None:
        """The signature was refused; everything stays as it is."""
        if error.field == "secret":
            self.signature.show_error(error)
            return
        self.signature.set_busy(False)
        self.error.say(str(error), Level.STOP)
        self._scroll.ensureWidgetVisible(self.error)

    def focus_first(self) -> None:
        """The cursor goes to what waits first, and to the signature when nothing does."""
        if self._was_ready:
            self.signature.focus()
        elif not self.confirm_all.isHidden():
            self.confirm_all.setFocus()
        else:
            self.setFocus()
            self.findings.focus_next()

    @Slot()
    def refresh(self) -> None:
        """Show the chart as it is now, with what only a finished chart can lack."""
        chart = self._chart
        content, charted = chart.content, chart.read_for_signing()
        treated = [indication_name(chart.reference, each) for each in chart.treated]
        treated[1:] = map(decapital, treated[1:])
        facts = [
            weekday_date_text(content.visited_on),
            " and ".join(treated) or "indication not chosen",
            self._injector(content.injector_id),
        ]
        self._facts.setText(" · ".join(fact for fact in facts if fact))
        self._fill_table(charted)
        totals = [
            f"{show_units(units)} {brand_of(chart.reference, product, chart.region)}"
            for product, units in charted.totals
            if units
        ]
        self._total.setText("Total " + " + ".join(totals) if totals else "Nothing given yet")
        self._vials.setText("\n".join(self._vial_texts(charted)))
        self._words.setVisible(self.written.show_written(content, charted))
        self.findings.refresh(charted.findings)
        carried = sum(line.carried for line in content.lines)
        self.confirm_all.setVisible(carried > 0)
        self.confirm_all.setText("Confirm 1 carried line" if carried == 1 else f"Confirm all {carried} carried lines")
        todo = self._todo(charted, carried)
        if todo:
            self.todo.offer(todo, Level.STOP, ("Back to the chart", self.back_wanted.emit))
        else:
            self.todo.hide()
        stops, warns = open_counts(chart, charted.findings)
        waiting = stops + warns
        ready = not todo and not waiting and not carried
        hint = "" if not waiting else "1 check waits." if waiting == 1 else f"{waiting} checks wait."
        self.signature.set_ready(ready, hint)
        if ready and not self._was_ready and self.isVisible():
            self.signature.focus()  # the last answer was given just now, by the person
        self._was_ready = ready

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, GROUPS)
        inside.setSpacing(AROUND)
        head = QVBoxLayout()
        head.setSpacing(TIGHT)
        head.addWidget(self._patient)
        head.addWidget(self._identity)
        head.addWidget(self._facts)
        inside.addLayout(head)
        inside.addWidget(self.todo)
        inside.addWidget(self.confirm_all, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._given)
        inside.addWidget(self._checks)
        inside.addWidget(self._words)
        inside.addWidget(self.error)
        inside.addStretch(1)
        content.setMaximumWidth(_WIDEST)
        centred = QWidget(self)
        middle = QHBoxLayout(centred)
        middle.setContentsMargins(GROUPS, GROUPS, GROUPS, 0)
        middle.addStretch(1)
        middle.addWidget(content, 1000)
        middle.addStretch(1)
        foot = QWidget(self)
        foot.setMaximumWidth(_WIDEST)
        inside_foot = QVBoxLayout(foot)
        inside_foot.setContentsMargins(0, BETWEEN, 0, BETWEEN)
        inside_foot.addWidget(self.signature)
        foot_row = QHBoxLayout()
        foot_row.setContentsMargins(GROUPS, 0, GROUPS, 0)
        foot_row.addStretch(1)
        foot_row.addWidget(foot, 1000)
        foot_row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._scroll = Scroll(centred, self)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(Hairline(self))
        layout.addLayout(foot_row)

    def _fill_table(self, charted: Charted) -> None:
        while self._table.count():
            taken = self._table.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        chart = self._chart
        rows = [("Muscle", "Units", "Volume", "Points", "Guidance", "Lot")]
        lots = {vial.key: vial.lot_number for vial in chart.content.vials}
        ways = {way.value: way.value for way in Guidance}
        for line, units, volume in zip(chart.content.lines, charted.units, charted.volumes_ml, strict=True):
            name = place_name(chart.reference, line.muscle, line.side)
            if line.indication not in ("", chart.content.indication):
                name += f", for {decapital(indication_name(chart.reference, line.indication))}"
            rows.append(
                (
                    f"{name} (carried)" if line.carried else name,
                    show_units(units) if units else "–",
                    show_ml(volume) if volume is not None and units else "–",
                    points_text(len(line.points)) if line.points else "–",
                    ", ".join(ways.get(way, way) for way in line.guidance) or "–",
                    lots.get(line.vial, "") or "–",
                )
            )
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                label: QLabel = Muted(text, self) if number == 0 else QLabel(text, self)
                label.setTextFormat(Qt.TextFormat.PlainText)
                numeric = column in (1, 2, 3)
                label.setAlignment(
                    (Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft)
                    | Qt.AlignmentFlag.AlignVCenter
                )
                label.setMinimumHeight(24)
                if number and column == 1:
                    label.setFont(heading_font(13))
                self._table.addWidget(label, number, column)
        self._table.setColumnStretch(0, 1)

    def _vial_texts(self, charted: Charted) -> list[str]:
        texts = []
        for vial, read in zip(self._chart.content.vials, charted.vials, strict=True):
            brand = brand_of(self._chart.reference, vial.product, self._chart.region)
            words = [f"{brand} lot {vial.lot_number or 'missing'}"]
            if vial.expires_on is not None:
                words.append(f"expires {date_text(vial.expires_on)}")
            if read.size_units:
                mixed = f" in {show_ml(read.diluent_ml)}" if read.diluent_ml else ""
                words.append(f"{show_units(read.size_units)}{mixed}")
            words.append(vial_words(read))
            if read.wasted > Decimal(0) and vial.waste_reason:
                words.append(vial.waste_reason)
            texts.append(" · ".join(words))
        return texts

    def _todo(self, charted: Charted, carried: int) -> str:
        """What only the chart itself can mend, in one sentence."""
        chart = self._chart
        if not chart.content.lines:
            return str(ClinicError("chart_empty"))
        if charted.problems:
            problem = charted.problems[0]
            line = edits.line_of(chart.content, problem.key)
            where = f"{place_name(chart.reference, line.muscle, line.side)}: " if line is not None else ""
            return f"{where}{problem.sentence}"
        for said in charted.findings:
            if said.level is Weight.STOP and said.check in NEVER_OVERRIDDEN:
                return said.sentence
        return ""

    @Slot()
    def _confirm_all(self) -> None:
        self._chart.edit(edits.confirm_all(self._chart.content))
        self.findings.focus_next()

    @Slot(str)
    def _sign(self, secret: str) -> None:
        self.error.hide()
        self.signature.set_busy(True)
        self.sign_wanted.emit(secret)

    @Slot(str)
    def _subject_pointed(self, subject: str) -> None:
        """Here the table stands beside it already."""


def _identity(banner: Banner | None) -> str:
    """Who this is, once more where it counts most."""
    if banner is None:
        return ""
    facts = [f"{date_text(banner.birth_date)} ({banner.age})", banner.record_number]
    if banner.allergies:
        facts.append(f"Allergies: {', '.join(banner.allergies)}")
    if banner.cautions:
        facts.append(f"Cautions: {', '.join(banner.cautions)}")
    return " · ".join(facts)
