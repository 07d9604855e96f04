"""The clinic's own limits: what counts, since when and by whom, and the form for one more."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE, show_number, show_units
from clinic_app.rules.limits import LIMITABLE, Quantity
from clinic_app.rules.wording import title_of
from clinic_app.services.clinic_rules import OwnLimit, RuleChoices
from clinic_app.ui.locale import date_text
from clinic_app.ui.naming import brand_of, capital, muscle_name
from clinic_app.ui.settings.limit_form import LimitForm
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER, _ROW, _FEWEST, _MOST = 34, 28, 4, 12


class LimitSection(Section):
    """A table of limits. The label's own figure stays visible in every check."""

    limit_wanted = Signal(object)
    end_wanted = Signal(object)
    renew_wanted = Signal(object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("The clinic's own limits", parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self._choices: RuleChoices | None = None
        self._ended: tuple[OwnLimit, ...] = ()
        self.new_button = PlainButton("Set a limit", self, icon="plus")
        self.new_button.clicked.connect(self.open_form)
        self.add_action(self.new_button)
        self.add(
            Muted(
                "A limit stands in the place of the label's figure, narrower or wider, with its author and date. "
                "The label's figure is still named wherever it is passed.",
                self,
                wrap=True,
            )
        )
        self.form = LimitForm(workplace, self)
        self.form.hide()
        self.form.wanted.connect(self.limit_wanted)
        self.form.closed.connect(self._close_form)
        self.add(self.form)
        self.table: RowTable[OwnLimit] = RowTable(
            self._columns(),
            self,
            name="clinic-limits",
            label="The clinic's own limits",
            key=lambda limit: limit.id,
            empty=EmptyState("settings", "No limits of the clinic's own. The checks go by the labels.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.add(self.table)
        self.end_button = LinkButton("End this limit", self)
        self.end_button.setToolTip("The label's figure counts again; the limit stays on the list of ended ones.")
        self.end_button.clicked.connect(self._end)
        self.ended_button = LinkButton("", self, icon="chevron-right")
        self.ended_button.clicked.connect(self._toggle_ended)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.ended_button)
        row.addStretch(1)
        row.addWidget(self.end_button)
        self.add(row)
        self.ended_table: RowTable[OwnLimit] = RowTable(
            self._columns(), self, name="ended-limits", label="Ended limits", key=lambda limit: limit.id
        )
        self.ended_table.selected_row.connect(self._selected)
        self.renew_button = LinkButton("Set this limit again", self)
        self.renew_button.clicked.connect(self._renew)
        self.add(self.ended_table)
        again = QHBoxLayout()
        again.addStretch(1)
        again.addWidget(self.renew_button)
        self.add(again)
        self.ended_table.hide()
        self._selected()

    def show_limits(self, choices: RuleChoices, ended: tuple[OwnLimit, ...]) -> None:
        """Show what counts, and what counted once."""
        self._choices, self._ended = choices, ended
        self.table.set_rows(choices.limits)
        self.ended_table.set_rows(ended)
        for table, rows in ((self.table, choices.limits), (self.ended_table, ended)):
            table.setFixedHeight(_HEADER + _ROW * min(_MOST, max(_FEWEST, len(rows))))
        self.ended_button.setText("1 ended limit" if len(ended) == 1 else f"{len(ended)} ended limits")
        self._show_ended(bool(ended) and not self.ended_table.isHidden())

    @Slot()
    def open_form(self) -> None:
        """Offer the form for one more limit."""
        self.new_button.setEnabled(False)
        self.form.clear()
        self.form.show()
        self.form.check.setFocus()

    @Slot(object)
    def was_set(self, _limit_id: object) -> None:
        """The limit counts."""
        self._close_form()

    @Slot(object)
    def show_error(self, error: ClinicError) -> None:
        """The limit was refused; what was typed stays."""
        self.form.show_error(error)

    def words_of(self, limit: OwnLimit) -> str:
        """The limit's value in its quantity: "at most 300 U", "at least 70 days"."""
        quantity = LIMITABLE[limit.check].quantity if limit.check in LIMITABLE else Quantity.UNITS
        if quantity is Quantity.UNITS:
            return f"at most {show_units(limit.value)}"
        word = "at least" if quantity.is_minimum else "at most"
        return f"{word} {show_number(limit.value)}{THIN_SPACE}{quantity.value}"

    def place_of(self, limit: OwnLimit) -> str:
        """What it is about: product, muscle, indication."""
        region = (
            self._choices.label_region if self._choices is not None else self._workplace.services.clinic.label_region
        )
        known = self._reference.indications.get(limit.indication)
        words = [
            brand_of(self._reference, limit.product, region) if limit.product else "",
            muscle_name(self._reference, limit.muscle) if limit.muscle else "",
            known.name if known is not None else limit.indication,
        ]
        return " · ".join(word for word in words if word) or "Every product and indication"

    def _columns(self) -> list[Column[OwnLimit]]:
        return [
            Column("Check", lambda limit: capital(title_of(limit.check)), width=230),
            Column("For", self.place_of, stretch=True),
            Column("Limit", self.words_of, sort_key=lambda limit: limit.value, width=120),
            Column("Since", self._since, sort_key=lambda limit: limit.set_at, width=100),
            Column("Set by", lambda limit: limit.set_by, width=130),
            Column("Reason", lambda limit: limit.reason, tooltip=lambda limit: limit.reason, width=200),
        ]

    def _since(self, limit: OwnLimit) -> str:
        zone = ZoneInfo(self._workplace.services.clinic.time_zone)
        return date_text(limit.set_at.astimezone(zone).date())

    @Slot()
    def _selected(self) -> None:
        self.end_button.setVisible(self.table.selected() is not None)
        self.renew_button.setVisible(not self.ended_table.isHidden() and self.ended_table.selected() is not None)

    @Slot()
    def _end(self) -> None:
        limit = self.table.selected()
        if limit is not None:
            self.end_wanted.emit(limit)

    @Slot()
    def _renew(self) -> None:
        limit = self.ended_table.selected()
        if limit is not None:
            self.renew_wanted.emit(limit)

    @Slot()
    def _toggle_ended(self) -> None:
        self._show_ended(self.ended_table.isHidden())

    def _show_ended(self, shown: bool) -> None:
        self.ended_button.setVisible(bool(self._ended))
        self.ended_button.set_icon("chevron-down" if shown else "chevron-right")
        self.ended_table.setVisible(shown)
        self._selected()

    @Slot()
    def _close_form(self) -> None:
        self.form.hide()
        self.new_button.setEnabled(True)
        self.new_button.setFocus()
