"""One signed visit: what was given from which vial, what was said, and what was added since."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.visit_data import GivenInjection, SignedAnswer, UsedVial, VisitDetails
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.patients.corrections import CorrectionCard, CorrectionForm, KeptCorrections, Typed
from clinic_app.ui.patients.parts import FactList, Quiet, clear_layout, plain_label
from clinic_app.ui.patients.words import (
    SIDES,
    indication_name,
    muscle_latin,
    muscle_name,
    product_text,
    units_text,
)
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER = 34
_ROW = 28


class VisitPage(Section):
    """The signed visit with its papers, the next booking and addenda."""

    document_requested = Signal(str, int)
    repeat_requested = Signal(int)
    message_offered = Signal(str, object)
    room_wanted = Signal()
    """A form opened above the visit, and both should be seen."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self._visit: VisitDetails | None = None
        self.problem = Note(Level.WARN, self)
        self.note_button = PlainButton("Visit note", self, icon="file-text")
        self.note_button.setVisible(workplace.may(Act.PRINT_NOTE))
        self.letter_button = PlainButton("Letter", self, icon="file-text")
        self.letter_button.setToolTip("Letter to the referring doctor, who is named with Edit patient (F2)")
        self.letter_button.setVisible(workplace.may(Act.PRINT_NOTE))
        self.handout_button = PlainButton("Handout", self, icon="file-text")
        self.handout_button.setVisible(workplace.may(Act.PRINT_HANDOUT))
        self.repeat_button = PlainButton("Book repeat", self, icon="calendar")
        self.repeat_button.setVisible(workplace.may(Act.BOOK))
        self.correction_button = PlainButton("Add a correction", self, icon="pencil")
        self.correction_button.setToolTip("A signed visit never changes; a correction stands beside it")
        self.correction_button.setVisible(workplace.may(Act.SIGN))
        for button in self._buttons():
            self.add_action(button)
        self.note_button.clicked.connect(self._ask_note)
        self.letter_button.clicked.connect(self._ask_letter)
        self.handout_button.clicked.connect(self._ask_handout)
        self.repeat_button.clicked.connect(self._ask_repeat)
        self.correction_button.clicked.connect(self._write_correction)
        self._kept = KeptCorrections()
        self.correction = CorrectionForm(workplace, self)
        self.correction.hide()
        self.correction.sign_wanted.connect(self._sign_correction)
        self.correction.discarded.connect(self._discard_correction)
        self._build()

    def visit(self) -> VisitDetails | None:
        """The visit shown."""
        return self._visit

    def show_visit(self, visit: VisitDetails) -> None:
        """Show a signed visit; what is typed as a correction of it stays, and comes back with it later."""
        self._skeleton.stop()
        self._skeleton_page.setCurrentIndex(0)
        if self._visit is not None and self._visit.id != visit.id:
            self.put_correction_away()
        if visit == self._visit:
            return
        self._visit = visit
        self.problem.say("")
        self.heading.setText(f"Visit of {date_text(visit.visited_on)}")
        self._enable(True)
        self._name_button()
        self.scroll_area.keeping_place(self._fill)

    def show_nothing(self) -> None:
        """No visit is chosen."""
        self.put_correction_away()
        self._visit = None
        self.heading.setText("")
        self._enable(False)
        self._skeleton_page.setCurrentIndex(1)

    def show_loading(self) -> None:
        """Another visit comes."""
        self._skeleton.start()

    def show_problem(self, text: str) -> None:
        """Say why it cannot be shown."""
        self._skeleton.stop()
        self.problem.say(text)

    def _build(self) -> None:
        reference = self._reference
        columns: tuple[Column[GivenInjection], ...] = (
            Column(
                "Muscle",
                lambda given: (
                    muscle_name(reference, given.muscle)
                    + (f", for {indication_name(reference, given.indication)}" if given.indication else "")
                ),
                tooltip=lambda given: muscle_latin(reference, given.muscle),
                width=150,
                stretch=True,
            ),
            Column("Side", lambda given: SIDES[given.side], width=70),
            Column("Units", lambda given: units_text(given.units), lambda given: given.units, numeric=True, width=70),
            Column(
                "Volume",
                lambda given: "–" if given.volume_ml is None else f"{number_text(round(given.volume_ml, 3))} mL",
                lambda given: given.volume_ml or 0,
                numeric=True,
                width=84,
            ),
            Column(
                "Points", lambda given: str(len(given.points)), lambda given: len(given.points), numeric=True, width=64
            ),
            Column("Guidance", lambda given: ", ".join(given.guidance) or "–", width=150),
            Column("Lot", lambda given: given.lot_number, width=120),
        )
        self.injections: RowTable[GivenInjection] = RowTable(
            columns,
            self,
            name="patient-visit-injections",
            label="Injections",
            key=lambda given: (given.muscle, given.side, given.lot_number, given.units),
        )
        self.facts = FactList(self, label_width=100)
        self.vials = QVBoxLayout()
        self.vials.setSpacing(INSIDE)
        self.answers = FactList(self, label_width=100)
        self.addenda = QVBoxLayout()
        self.addenda.setSpacing(INSIDE)
        self.signature = Muted("", self, wrap=True)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(BETWEEN)
        left.addWidget(self.facts)
        left.addWidget(self.signature)
        left.addStretch(1)
        right.addLayout(self.vials)
        right.addWidget(self.answers)
        right.addStretch(1)
        halves = QHBoxLayout()
        halves.setSpacing(GROUPS)
        halves.addLayout(left, 1)
        halves.addLayout(right, 1)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, INSIDE, 0)
        whole.setSpacing(AROUND)
        whole.addLayout(self.addenda)
        whole.addWidget(self.injections)
        whole.addLayout(halves)
        whole.addStretch(1)
        self.scroll_area = Quiet(inside, self)
        self._skeleton_page = QStackedWidget(self)
        self._skeleton_page.addWidget(self.scroll_area)
        nothing = Muted("Choose a visit above.", self)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._skeleton_page.addWidget(nothing)
        self._skeleton = Skeleton(self._skeleton_page)
        self.add(self.problem)
        self.add(self.correction)
        self.add(self._skeleton_page, 1)
        self._enable(False)

    def _enable(self, enabled: bool) -> None:
        for button in self._buttons():
            button.setEnabled(enabled)
        if self._visit is not None and self._visit.brought_in is not None:
            self.letter_button.setEnabled(False)  # it would say who signed the visit

    def _buttons(self) -> tuple[PlainButton, ...]:
        papers = (self.note_button, self.letter_button, self.handout_button)
        return (*papers, self.repeat_button, self.correction_button)

    def _fill(self) -> None:
        visit = self._visit
        assert visit is not None
        self.injections.set_rows(visit.injections)
        self.injections.setFixedHeight(_HEADER + _ROW * max(1, len(visit.injections)) + 3)
        self.facts.set_facts(self._facts(visit))
        self.answers.set_facts([(_answer_title(answer.level), _answer_text(answer)) for answer in visit.answers])
        signed = self._local(visit.signed_at)
        when = f"{date_text(signed.date())}, {time_text(signed)}"
        by = f"Signed by {visit.signed_by}, {when}"
        if visit.brought_in is not None:
            origin = visit.brought_in
            by = f"Brought in from {origin.file_name} on {when} by {origin.by}; not signed in this program"
        self.signature.setText(f"{by} · seal {visit.digest[:12]}")
        self.signature.setToolTip(f"Fingerprint of what was signed (SHA-256): {visit.digest}")
        clear_layout(self.vials)
        for vial in visit.vials:
            self.vials.addWidget(Strong(product_text(self._reference, vial.product, self._region()), self))
            self.vials.addWidget(plain_label(_vial_text(vial), self))
        clear_layout(self.addenda)
        for addendum in visit.addenda:
            at = self._local(addendum.signed_at)
            self.addenda.addWidget(CorrectionCard(addendum, f"{date_text(at.date())}, {time_text(at)}", self))

    def _facts(self, visit: VisitDetails) -> Sequence[tuple[str, str]]:
        indication = indication_name(self._reference, visit.indication)
        scales = self._reference.scales
        scores = []
        for scale, part, value in visit.scores:
            name = scales[scale].name if scale in scales else scale
            scores.append(f"{name}{f', {part}' if part else ''}: {number_text(value)}")
        return (
            ("Indication", f"{indication} · {visit.icd10cm}" if visit.icd10cm else indication),
            ("Injector", visit.injector),
            ("Assessment", visit.assessment),
            ("Scales", "\n".join(scores)),
            ("Consent", "given" if visit.consent else "not recorded"),
            ("Complications", visit.complications),
            ("Plan", visit.plan),
            ("Interval", "" if visit.interval_weeks is None else f"{visit.interval_weeks} weeks"),
            ("Codes", ", ".join(visit.codes)),
        )

    def _region(self) -> str:
        return self._workplace.services.clinic.label_region

    def _local(self, moment: datetime) -> datetime:
        zone = ZoneInfo(self._workplace.services.clinic.time_zone)
        return moment.astimezone(zone) if moment.tzinfo is not None else moment

    @Slot()
    def _ask_note(self) -> None:
        if self._visit is not None:
            self.document_requested.emit("visit_note", self._visit.id)

    @Slot()
    def _ask_letter(self) -> None:
        if self._visit is not None:
            self.document_requested.emit("referral_letter", self._visit.id)

    @Slot()
    def _ask_handout(self) -> None:
        if self._visit is not None:
            self.document_requested.emit("aftercare", self._visit.id)

    @Slot()
    def _ask_repeat(self) -> None:
        if self._visit is not None:
            self.repeat_requested.emit(self._visit.id)

    def put_correction_away(self) -> bool:
        """Close the form; what is typed comes back with it. False when it is not open."""
        if self.correction.isHidden():
            return False
        self._keep_typed()
        self.correction.signature.clear()
        self.correction.hide()
        self._name_button()
        return True

    def unsigned_correction(self) -> bool:
        """Whether a correction was typed that is neither signed nor discarded."""
        self._keep_typed()
        return bool(self._kept)

    def _keep_typed(self) -> None:
        if self._visit is not None and not self.correction.isHidden():
            self._kept.keep(self._visit.id, self.correction.typed())

    def _name_button(self) -> None:
        begun = self._visit is not None and self._kept.of(self._visit.id) != Typed()
        self.correction_button.setText("Go on with the correction" if begun else "Add a correction")

    @Slot()
    def _write_correction(self) -> None:
        if self._visit is not None:
            self.correction.show_typed(self._kept.of(self._visit.id))
            self.correction.show()
            self.room_wanted.emit()
            self.correction.focus_first()

    @Slot()
    def _discard_correction(self) -> None:
        visit, typed = self._visit, self.correction.typed()
        if visit is None:
            return
        self._kept.keep(visit.id, Typed())
        self.correction.show_typed(Typed())
        self.put_correction_away()
        if typed != Typed():
            self.message_offered.emit("Correction discarded.", lambda: self._bring_back(visit.id, typed))

    def _bring_back(self, visit_id: int, typed: Typed) -> None:
        self._kept.keep(visit_id, typed)
        if self._visit is not None and self._visit.id == visit_id:
            self._write_correction()

    @Slot(str)
    def _sign_correction(self, secret: str) -> None:
        visit = self._visit
        if visit is None:
            return
        actor, services, typed = self._workplace.actor, self._workplace.services, self.correction.typed()

        def work() -> None:
            confirmed = services.identity.confirm(actor, secret)
            services.visits.add_addendum(actor, visit.id, typed.reason, typed.text, confirmed)

        def signed(_nothing: None) -> None:
            self._kept.keep(visit.id, Typed())
            if self._visit is not None and self._visit.id == visit.id:
                self.correction.show_typed(Typed())
                self.put_correction_away()
                self.correction_button.setFocus()
            self.message_offered.emit("Correction signed. It stands beside the visit and on its note.", None)

        self.correction.set_busy(True)
        self._workplace.tasks.run(
            work, signed, self.correction.show_error, owner=self, ended=lambda: self.correction.set_busy(False)
        )


def _vial_text(vial: UsedVial) -> str:
    """What is known of a vial. Of one that was brought in, what nobody wrote down is said as that."""
    expiry = f", expiry {date_text(vial.expires_on)}" if vial.expires_on is not None else ", expiry not known"
    size = units_text(vial.size_units) or "size not known"
    parts = [f"Lot {vial.lot_number or 'not known'}{expiry}, {size}"]
    mixed = "dilution not known"
    if vial.diluent_ml is not None:
        mixed = f"{number_text(vial.diluent_ml)} mL {vial.diluent}".strip()
    if vial.reconstituted_at is not None:
        mixed += f", reconstituted {time_text(vial.reconstituted_at)}"
    parts.append(mixed)
    waste = f"wasted {units_text(vial.wasted_units)}" if vial.wasted_units else "no waste"
    if vial.wasted_units is None:
        waste = "waste not known"
    if vial.waste_reason and vial.wasted_units:
        waste += f" ({vial.waste_reason})"
    parts.append(f"Given {units_text(vial.given_units)}, {waste}")
    return "\n".join(parts)


def _answer_title(level: str) -> str:
    return "Overridden" if level == "stop" else "Acknowledged"


def _answer_text(answer: SignedAnswer) -> str:
    """What the check said, and below it who answered and why."""
    who = [f"By {answer.by}"] if answer.by else []
    told = " · ".join([*who, *([f"Reason: {answer.reason}"] if answer.reason else [])])
    return f"{answer.said}\n{told}" if told else answer.said
