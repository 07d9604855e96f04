"""What stands beside the map without a chart: the muscle under study, charts in progress, the way to a patient."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import DraftRow
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.draft_list import DraftList
from clinic_app.ui.muscle_map.wording import region_name
from clinic_app.ui.naming import capital, place_name
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Heading, Muted, Strong
from clinic_app.ui.widgets.sections import Card, Scroll


class MuscleCard(Card):
    """What the reference says of a muscle."""

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=TIGHT)
        self._reference = reference
        self._name = Heading("", self)
        self._name.setWordWrap(True)
        self._latin = Muted("", self, wrap=True)
        self._text = QLabel("", self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._lies = Muted("", self, wrap=True)
        for label in (self._name, self._latin, self._text, self._lies):
            self.layout_inside.addWidget(label)

    def show_muscle(self, muscle: str, side: Side) -> None:
        """Show one."""
        known = self._reference.muscle(muscle)
        self._name.setText(place_name(self._reference, muscle, side))
        self._latin.setText(f"{known.latin} · {region_name(known.region).lower()}, {known.layer}")
        self._text.setText(capital(known.action) + ".")
        self._lies.setText(f"From {known.origin} to {known.insertion}.")
        self.setAccessibleName(self._name.text())


class BrowsePage(QWidget):
    """Teaches the next step."""

    draft_chosen = Signal(int)
    patient_wanted = Signal()
    document_wanted = Signal(str)

    def __init__(self, reference: Reference, may_chart: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = MuscleCard(reference, self)
        self.card.hide()
        sentence = (
            "Choose a patient to start a visit. Until then the map is for looking: point at a muscle to see its name, "
            "click it to read what it does."
            if may_chart
            else "The map is for looking here: point at a muscle to see its name, click it to read what it does."
        )
        self.empty = EmptyState("person-standing", sentence, self, action="Choose a patient" if may_chart else "")
        self.empty.action_requested.connect(self.patient_wanted)
        self.drafts = DraftList(self)
        self.drafts.chosen.connect(self.draft_chosen)
        self.drafts.hide()
        self._signed = Card(self, margin=BETWEEN, spacing=INSIDE)
        note = PlainButton("Visit note", self._signed, icon="file-text")
        letter = PlainButton("Letter", self._signed, icon="file-text")
        letter.setToolTip("Letter to the referring doctor")
        handout = PlainButton("Handout", self._signed, icon="file-text")
        note.clicked.connect(self._note)
        letter.clicked.connect(self._letter)
        handout.clicked.connect(self._handout)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(note)
        row.addWidget(letter)
        row.addWidget(handout)
        row.addStretch(1)
        self._signed.layout_inside.addWidget(Strong("Visit signed", self._signed))
        self._signed.layout_inside.addLayout(row)
        self._signed.hide()
        content = QWidget(self)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(AROUND, AROUND, BETWEEN, AROUND)
        inside.setSpacing(BETWEEN)
        inside.addWidget(self._signed)
        inside.addWidget(self.card)
        inside.addWidget(self.drafts)
        inside.addWidget(self.empty, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Scroll(content, self))

    def set_drafts(self, drafts: Sequence[DraftRow], today: date) -> None:
        """The charts in progress, those that wait for the person first."""
        self.drafts.set_drafts(drafts, today)

    def set_signed(self, signed: bool) -> None:
        """Offer the papers of the visit that was signed last."""
        self._signed.setVisible(signed)

    @Slot()
    def _note(self) -> None:
        self.document_wanted.emit("visit_note")

    @Slot()
    def _letter(self) -> None:
        self.document_wanted.emit("referral_letter")

    @Slot()
    def _handout(self) -> None:
        self.document_wanted.emit("aftercare")
