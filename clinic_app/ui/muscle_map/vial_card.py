"""One vial of the visit: its lot, how it was mixed, where its units went."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.reference.units import show_ml, show_number, show_units
from clinic_app.services.chart_data import ChartVial, LotChoice
from clinic_app.services.charting import ReadVial, quantity
from clinic_app.ui.icons import icon as named_icon
from clinic_app.ui.muscle_map import edits, vial_edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.vial_bar import VialBar, vial_words
from clinic_app.ui.muscle_map.vial_facts import is_complete, lot_text, vial_facts
from clinic_app.ui.muscle_map.wording import dilution_text
from clinic_app.ui.naming import brand_of
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton, LinkButton, PlainButton
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import ElidedLabel, Muted
from clinic_app.ui.widgets.sections import Card, show_if
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, TimeField

_TYPED = -1
"""The choice of lot that opens the fields to type one."""


class VialCard(Card):
    """Open while something is missing, else one line of facts with the bar."""

    done = Signal()
    """Nothing is missing any more after one click on what was offered: the muscles come next."""
    label_wanted = Signal(str)
    """The key of the vial whose label is to be printed."""

    def __init__(self, chart: OpenChart, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=INSIDE)
        self._chart = chart
        self.key = key
        self._lots: tuple[LotChoice, ...] = ()
        self._typing_lot = False
        self._shown: tuple[object, ...] | None = None
        self._people: tuple[tuple[int, str], ...] = ()
        self._title = ElidedLabel("", self)
        self._facts = ElidedLabel("", self)
        self._toggle = IconButton("pencil", "Change the vial", self)
        self._toggle.clicked.connect(self._toggled)
        self.print_label = IconButton("printer", "Print the vial's label", self)
        self.print_label.clicked.connect(self._want_label)
        self._remove = IconButton("trash-2", "Remove the vial", self)
        self._remove.clicked.connect(self._remove_vial)
        self.bar = VialBar(self)
        self._words = Muted("", self)
        self.waste_rest = LinkButton("Waste the rest", self)
        self.waste_rest.clicked.connect(self._waste_rest)
        self._build_fields()
        self._build()
        self._open = True

    @property
    def complete(self) -> bool:
        """Whether lot, expiry, size and dilution are there."""
        vial = edits.vial_of(self._chart.content, self.key)
        return vial is not None and is_complete(self._chart.reference, vial)

    def set_open(self, opened: bool) -> None:
        """Show the fields or only what they say."""
        self._open = opened
        self._fields.setVisible(opened)
        self._facts.setVisible(not opened)
        self.layout_inside.setSpacing(INSIDE if opened else TIGHT)
        icon, name = ("check", "Done with the vial") if opened else ("pencil", "Change the vial")
        self._toggle.setAccessibleName(name)
        self._toggle.setToolTip(name)
        self._toggle.setIcon(named_icon(icon))

    def set_lots(self, lots: Sequence[LotChoice]) -> None:
        """The lots on the shelf, earliest expiry first."""
        self._lots = tuple(lots)
        choices = [(lot.lot_id, lot_text(lot)) for lot in self._lots]
        self.lot.set_choices([*choices, (_TYPED, "Type another lot…")])
        vial = edits.vial_of(self._chart.content, self.key)
        if vial is not None:
            self._show_lot(vial)

    def set_people(self, people: Sequence[tuple[int, str]]) -> None:
        """Who may have seen a waste."""
        self._people = tuple(people)
        self.witness.set_choices(list(people))

    def refresh(self, vial: ChartVial, read: ReadVial, problems: dict[str, str]) -> None:
        """Show the vial as the chart has it now; most keys are about something else."""
        several = len(self._chart.content.vials) > 1
        injector, witnessed = self._chart.content.injector_id, self._chart.context.waste_witness
        asked = (injector, witnessed, self._people)
        shown = (vial, read, tuple(problems.items()), several, self._open, self._lots, asked)
        if shown == self._shown:
            return
        anew = self._shown is None or shown[0] != self._shown[0] or shown[2:] != self._shown[2:]
        self._shown = shown
        self._show_reading(vial, read, problems)
        if anew:
            self._show_fields(vial, problems, several)

    def _show_reading(self, vial: ChartVial, read: ReadVial, problems: dict[str, str]) -> None:
        """What a key in any muscle's units changes."""
        self._facts.set_text(" · ".join(vial_facts(vial, read, self._chart.now())))
        self._facts.setToolTip("\n".join(vial_facts(vial, read, self._chart.now(), whole=True)))
        self.bar.set_vial(read)
        self._words.setText(vial_words(read) if vial.size_units else "")
        show_if(self._words, bool(vial.size_units))
        show_if(self.bar, bool(vial.size_units))
        show_if(self.waste_rest, bool(vial.size_units) and read.left > 0 and read.given > 0)
        wasting = bool(vial.wasted.strip()) or bool(vial.waste_reason.strip())
        witnessed = self._chart.context.waste_witness
        seen = not witnessed or vial.witness_id not in (None, self._chart.content.injector_id)
        balanced = read.left == 0 and (not read.wasted or (bool(vial.waste_reason.strip()) and seen))
        typing = any(field.editor.hasFocus() for field in (self.wasted, self.reason, self.witness))
        wanted = self._open or typing or bool(problems.get("wasted")) or (wasting and not balanced)
        show_if(self._reason_row, bool(vial.size_units) and wanted)
        show_if(self.witness, witnessed)

    def _show_fields(self, vial: ChartVial, problems: dict[str, str], several: bool) -> None:
        chart = self._chart
        product = chart.reference.products.get(vial.product)
        brand = brand_of(chart.reference, vial.product, chart.region)
        title = f"Lot {vial.lot_number}" if vial.lot_number else f"{brand} vial, lot not chosen yet"
        if vial.lot_number and several:
            title = f"{brand} · {title}"
        if vial.size_units:
            title += f" · {show_units(vial.size_units)}"
        self._title.set_text(title)
        self._remove.setVisible(several)
        self.print_label.setVisible(is_complete(chart.reference, vial))
        ready = product is not None and product.ready_to_use
        self._presets.setEnabled(product is not None and bool(product.reconstitution) and not ready)
        self.diluent.set_hint("A ready solution: only what is added." if ready else "")
        self._show_lot(vial)
        diluent = chart.last_mixing(vial) if not vial.diluent_ml.strip() else None
        show_if(self.as_last, diluent is not None)
        if diluent is not None:
            self.as_last.setText(f"As last time: {show_ml(diluent)}, mixed now")
        self._show(self.number, vial.lot_number)
        self._show(self.contents, show_number(vial.size_units) if vial.size_units else "")
        self._show(self.diluent, vial.diluent_ml, problems.get("diluent_ml", ""))
        self._show(self.wasted, vial.wasted, problems.get("wasted", ""))
        if self.expiry.value() != vial.expires_on and not self.expiry.editor.hasFocus():
            self.expiry.set_value(vial.expires_on)
        mixed = vial.reconstituted_at.time() if vial.reconstituted_at is not None else None
        if self.mixed.value() != mixed and not self.mixed.editor.hasFocus():
            self.mixed.set_value(mixed)
        if not self.mixed.editor.hasFocus():
            self.mixed.set_error(problems.get("reconstituted_at", ""))
        if self.reason.editor.currentText() != vial.waste_reason:
            self.reason.editor.setEditText(vial.waste_reason)
        if self.witness.value() != vial.witness_id:
            self.witness.set_value(vial.witness_id)
        own = vial.witness_id is not None and vial.witness_id == self._chart.content.injector_id
        self.witness.set_error("Somebody other than the injector." if own else "")
        self._show(self.serial, vial.serial)

    def _show(self, field: TextField, text: str, problem: str = "") -> None:
        if field.editor.text().strip() != text.strip() and not (field.editor.hasFocus() and field is self.contents):
            field.set_value(text)
        if problem and not field.editor.hasFocus():
            field.set_error(problem)

    def _show_lot(self, vial: ChartVial) -> None:
        typed = vial.lot_id is None and (bool(vial.lot_number) or self._typing_lot)
        self.lot.set_value(vial.lot_id if vial.lot_id is not None else (_TYPED if typed else None))
        self._typed.setVisible(typed or (vial.lot_id is None and not self._lots))
        first = self._lots[0] if self._lots and vial.lot_id is None and not typed else None
        show_if(self.take_first, first is not None)
        if first is not None:
            self.take_first.setText(f"Take {first.number}, {show_units(first.size_units)}")

    def _build_fields(self) -> None:
        self._fields = QWidget(self)
        self.lot: ChoiceField[int] = ChoiceField(
            "Lot", (), self._fields, placeholder="Choose the lot, earliest expiry first"
        )
        self.take_first = LinkButton("", self._fields, icon="check")
        self.take_first.setToolTip("The lot that is used next. Compare it with the vial in your hand.")
        self.take_first.clicked.connect(self._take_first)
        self.number = TextField("Lot number", self._fields, longest=60)
        self.expiry = DateField("Expiry", self._fields, today=lambda: self._chart.now().date())
        self.contents = TextField("Size", self._fields, unit="U", longest=12)
        self.serial = TextField("Serial number", self._fields, longest=60, placeholder="If the vial has one")
        self.diluent = TextField("Diluent", self._fields, unit="mL", longest=12)
        self.mixed = TimeField("Mixed at", self._fields)
        self._now = PlainButton("Now", self._fields)
        self._presets = PlainButton("Usual dilutions", self._fields)
        self.as_last = LinkButton("", self._fields, icon="history")
        self.as_last.setToolTip("The dilution of last time; the time of mixing is now")
        self.as_last.clicked.connect(self._mix_as_last)
        self._menu = QMenu(self._presets)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._preset_chosen)
        self._presets.setMenu(self._menu)
        self._reason_row = QWidget(self)
        self.wasted = TextField("Wasted", self._reason_row, unit="U", longest=12)
        self.reason: ChoiceField[str] = ChoiceField(
            "Reason", [(text, text) for text in vial_edits.WASTE_REASONS], self._reason_row, searchable=True
        )
        self.reason.add_check(lambda: "")
        self.witness: ChoiceField[int] = ChoiceField("Seen by", (), self._reason_row, placeholder="Who saw the waste")
        self.wasted.setFixedWidth(104)
        self.lot.changed.connect(self._lot_chosen)
        self.number.changed.connect(self._typed_changed)
        self.contents.changed.connect(self._typed_changed)
        self.serial.changed.connect(self._serial_typed)
        self.witness.changed.connect(self._witness_chosen)
        self.expiry.changed.connect(self._typed_changed)
        self.diluent.changed.connect(self._diluent_typed)
        self.mixed.changed.connect(self._mixed_typed)
        self._now.clicked.connect(self._mixed_now)
        self.wasted.changed.connect(self._wasted_typed)
        self.reason.editor.editTextChanged.connect(self._reason_typed)
        for field in (self.number, self.contents, self.serial, self.diluent, self.wasted, self.mixed, self.expiry):
            field.left.connect(self._field_left)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(TIGHT)
        top.addWidget(self._title, 1)
        top.addWidget(self.print_label)
        top.addWidget(self._remove)
        top.addWidget(self._toggle)
        self._typed = QWidget(self._fields)
        typed = QHBoxLayout(self._typed)
        typed.setContentsMargins(0, 0, 0, 0)
        typed.setSpacing(INSIDE)
        typed.addWidget(self.number, 3)
        typed.addWidget(self.expiry, 3)
        typed.addWidget(self.contents, 2)
        mixing = QHBoxLayout()
        mixing.setSpacing(INSIDE)
        mixing.addWidget(self.diluent, 2)
        mixing.addWidget(self.mixed, 2)
        mixing.addWidget(self._now, 0, Qt.AlignmentFlag.AlignBottom)
        choosing = QHBoxLayout()
        choosing.setSpacing(INSIDE)
        choosing.addWidget(self._presets, 0, Qt.AlignmentFlag.AlignBottom)
        choosing.addWidget(self.serial, 1)
        fields = QVBoxLayout(self._fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(INSIDE)
        fields.addWidget(self.lot)
        fields.addWidget(self.take_first, 0, Qt.AlignmentFlag.AlignLeft)
        fields.addWidget(self._typed)
        fields.addWidget(self.as_last, 0, Qt.AlignmentFlag.AlignLeft)
        fields.addLayout(mixing)
        fields.addLayout(choosing)
        wasting = QVBoxLayout(self._reason_row)
        wasting.setContentsMargins(0, 0, 0, 0)
        wasting.setSpacing(INSIDE)
        why = QHBoxLayout()
        why.setSpacing(INSIDE)
        why.addWidget(self.wasted)
        why.addWidget(self.reason, 1)
        wasting.addLayout(why)
        wasting.addWidget(self.witness)
        words = QHBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(self._words, 1)
        words.addWidget(self.waste_rest)
        self.layout_inside.addLayout(top)
        self.layout_inside.addWidget(self._facts)
        self.layout_inside.addWidget(self._fields)
        self.layout_inside.addWidget(self.bar)
        self.layout_inside.addLayout(words)
        self.layout_inside.addWidget(self._reason_row)

    def _change(self, merge: str = "", **typed: object) -> None:
        self._chart.edit(vial_edits.change_vial(self._chart.content, self.key, **typed), merge)

    @Slot()
    def _toggled(self) -> None:
        self.set_open(not self._open)
        self._chart.changed.emit()

    @Slot()
    def _want_label(self) -> None:
        self.label_wanted.emit(self.key)

    @Slot()
    def _remove_vial(self) -> None:
        self._chart.edit(vial_edits.remove_vial(self._chart.content, self.key))

    @Slot()
    def _lot_chosen(self) -> None:
        chosen = self.lot.value()
        lot = next((lot for lot in self._lots if lot.lot_id == chosen), None)
        self._typing_lot = lot is None
        if lot is None:
            self._change(lot_id=None, lot_number="", expires_on=None)
            self._typed.show()
            self.number.setFocus()
            return
        self._take(lot)

    @Slot()
    def _take_first(self) -> None:
        if self._lots:
            self._take(self._lots[0])
            (self.as_last if self.as_last.isVisible() else self.diluent).setFocus()

    def _take(self, lot: LotChoice) -> None:
        product = self._chart.reference.products.get(lot.product)
        self._chart.edit(vial_edits.choose_lot(self._chart.content, self.key, lot, product.diluent if product else ""))

    @Slot()
    def _mix_as_last(self) -> None:
        vial = edits.vial_of(self._chart.content, self.key)
        diluent = self._chart.last_mixing(vial) if vial is not None else None
        if vial is None or vial.size_units is None or diluent is None:
            return
        self._mix(diluent, vial.size_units)
        if self.complete:
            self.set_open(False)
            self._chart.changed.emit()
            self.done.emit()

    @Slot()
    def _typed_changed(self) -> None:
        self._typing_lot = True
        vial = edits.vial_of(self._chart.content, self.key)
        if vial is None:
            return
        try:
            size: Decimal | None = quantity(self.contents.value()) or None
        except ClinicError:
            size = vial.size_units
        product = self._chart.reference.products.get(vial.product)
        diluent = vial.diluent or (product.diluent if product is not None else "")
        self._change(
            f"vial/{self.key}",
            lot_id=None,
            lot_number=self.number.value(),
            expires_on=self.expiry.value(),
            size_units=size,
            diluent=diluent,
        )

    @Slot()
    def _diluent_typed(self) -> None:
        self._change(f"diluent/{self.key}", diluent_ml=self.diluent.editor.text())

    @Slot()
    def _mixed_typed(self) -> None:
        moment = self.mixed.value()
        day = self._chart.content.visited_on
        self._change(f"mixed/{self.key}", reconstituted_at=None if moment is None else datetime.combine(day, moment))

    @Slot()
    def _mixed_now(self) -> None:
        self._change(reconstituted_at=self._chart.now().replace(second=0, microsecond=0))

    @Slot()
    def _serial_typed(self) -> None:
        self._change(f"serial/{self.key}", serial=self.serial.editor.text())

    @Slot()
    def _witness_chosen(self) -> None:
        self._change(witness_id=self.witness.value())

    @Slot()
    def _wasted_typed(self) -> None:
        self._change(f"wasted/{self.key}", wasted=self.wasted.editor.text())

    @Slot(str)
    def _reason_typed(self, text: str) -> None:
        self._change(f"reason/{self.key}", waste_reason=text)

    @Slot()
    def _waste_rest(self) -> None:
        self._chart.edit(vial_edits.waste_rest(self._chart.content, self.key, self._chart.charted.vials))

    @Slot()
    def _field_left(self) -> None:
        self._chart.model.end_step()
        for field, text in ((self.contents, self.contents.value()),):
            try:
                quantity(text)
            except ClinicError as error:
                field.set_error(str(error))
        problems = {p.field: p.sentence for p in self._chart.charted.problems if p.key == self.key}
        for field, name in (
            (self.diluent, "diluent_ml"),
            (self.wasted, "wasted"),
            (self.mixed, "reconstituted_at"),
        ):
            field.set_error(problems.get(name, ""))

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        vial = edits.vial_of(self._chart.content, self.key)
        product = self._chart.reference.products.get(vial.product) if vial is not None else None
        if vial is None or product is None:
            return
        for row in product.reconstitution:
            if row.cosmetic or (vial.size_units and row.vial_units != vial.size_units):
                continue
            text = dilution_text(row.vial_units, row.diluent_ml, row.u_per_0_1_ml)
            text += f" ({row.use})" if row.use else ""
            action = self._menu.addAction(text if row.verified else f"{text}, confirm against the label")
            action.setData((row.diluent_ml, row.vial_units))

    @Slot(QAction)
    def _preset_chosen(self, action: QAction) -> None:
        self._mix(*action.data())

    def _mix(self, diluent_ml: Decimal, size_units: Decimal) -> None:
        now = self._chart.now().replace(second=0, microsecond=0)
        self._chart.edit(vial_edits.mix_vial(self._chart.content, self.key, diluent_ml, size_units, now))
