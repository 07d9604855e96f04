"""A table whose columns are known: what the cell of a row says, as text, day or number, or why it cannot be read."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from clinic_app.errors import ClinicError
from clinic_app.exchange.table_file import TableFile, TableRow
from clinic_app.exchange.typed_values import (
    DateOrder,
    NumberStyle,
    QuantityUnit,
    date_orders,
    number_styles,
    read_day,
    read_partial_day,
    read_quantity,
)
from clinic_app.partial_dates import PartialDate
from clinic_app.services.importing.asking import Asking
from clinic_app.services.importing.choices import Ask, ImportChoices
from clinic_app.services.importing.considered import Considered
from clinic_app.services.importing.fields import FIELDS, Field, match_columns
from clinic_app.services.importing.preview import Candidate, MatchedColumn
from clinic_app.terms import ImportKind

DAYS = frozenset({"birth_date", "day", "expiry", "onset", "weighed_on", "died_on", "began", "ended", "visit_day"})
"""The fields that hold days."""
NUMBERS = frozenset({"units", "vial_size", "diluent_ml", "weight_kg", "usual_interval_weeks", "minutes"})
"""The fields that hold numbers."""
_AHEAD = 10
"""Years: a day of two digits that can lie in the future, such as an expiry, lies at most so far ahead."""
_IN_FUTURE = frozenset({"expiry"})
_EXAMPLES = 3


class Sheet:
    """A table with its columns matched, and how it writes days and numbers."""

    def __init__(
        self, table: TableFile, choices: ImportChoices, remembered: dict[str, str], asking: Asking, today: date
    ) -> None:
        self.table = table
        self.kind = choices.kind
        self.asking = asking
        self.today = today
        self._choices = choices
        matched = match_columns(choices.kind, table.header, choices.columns, remembered)
        self._place = {field: table.header.index(header) for header, field in matched.items() if field}
        self.columns = tuple(
            MatchedColumn(header, field, self._examples(place)) for place, (header, field) in enumerate(matched.items())
        )
        self._orders = {field: self._order(field) for field in sorted(DAYS & self._place.keys())}
        self._styles = {field: self._style(field) for field in sorted(NUMBERS & self._place.keys())}

    @property
    def missing(self) -> tuple[Field, ...]:
        """The fields without which no row can come in."""
        found = [field for field in FIELDS[self.kind] if field.required and field.name not in self._place]
        by_number = "record_number" in self._place and self.kind is not ImportKind.PATIENTS
        if not by_number and not self._names_people:
            found += [field for field in FIELDS[self.kind] if field.name in ("family_name", "birth_date")]
        return tuple(found)

    @property
    def _names_people(self) -> bool:
        return "birth_date" in self._place and not self._place.keys().isdisjoint({"family_name", "name"})

    def has(self, field: str) -> bool:
        """Whether some column holds it."""
        return field in self._place

    def column(self, field: str) -> str:
        """The header of the column that holds it, "" without one."""
        return self.table.header[self._place[field]] if field in self._place else ""

    def cell(self, row: TableRow, field: str) -> str:
        """What stands there, "" without a column."""
        return row.cells[self._place[field]] if field in self._place else ""

    def cells(self, field: str) -> Iterator[str]:
        """What stands in a column."""
        return (self.cell(row, field) for row in self.table.rows)

    def order(self, field: str) -> DateOrder | None:
        """How a column writes days; None while somebody must say."""
        return self._orders.get(field)

    def style(self, field: str) -> NumberStyle | None:
        """How a column writes numbers; None while somebody must say, or where it does not matter."""
        return self._styles.get(field)

    def _order(self, field: str) -> DateOrder | None:
        found = date_orders(self.cells(field))
        if len(found) == 1:
            return next(iter(found))
        return self._choices.date_order

    def _style(self, field: str) -> NumberStyle | None:
        found = number_styles(self.cells(field))
        if len(found) == 1:
            return next(iter(found))
        return self._choices.number_style

    def _examples(self, place: int) -> tuple[str, ...]:
        filled = dict.fromkeys(row.cells[place] for row in self.table.rows[:200] if row.cells[place])
        return tuple(filled)[:_EXAMPLES]


class Row(Considered):
    """One row of a table while it is read."""

    def __init__(self, sheet: Sheet, row: TableRow) -> None:
        super().__init__(row.number)
        self.sheet = sheet
        self._row = row
        if row.extra:
            self.refuse("", "row_too_long", extra=row.extra)

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in it."""
        return self._row.cells

    def text(self, field: str, most: int = 0) -> str:
        """The text of a cell; longer than ``most`` characters it speaks against the row."""
        text = self.sheet.cell(self._row, field)
        if most and len(text) > most:
            self.refuse_error(field, ClinicError("text_too_long", limit=most))
            return text[:most]
        return text

    def needed(self, field: str, most: int = 0) -> str:
        """The same of a cell that must not be empty."""
        text = self.text(field, most)
        if not text:
            self.refuse(field, "cell_empty")
        return text

    def day(self, field: str) -> date | None:
        """The day in a cell, None for an empty one, or one that cannot be read or waits for an answer."""
        text = self.text(field)
        if not text:
            return None
        try:
            return read_day(text, self._ordered(field, text), pivot=self._pivot(field))
        except _Waiting:
            return None
        except ClinicError as error:
            self.refuse_error(field, error)
            return None

    def partial_day(self, field: str) -> PartialDate | None:
        """The same for a day, month or year."""
        text = self.text(field)
        if not text:
            return None
        try:
            return read_partial_day(text, self._ordered(field, text), pivot=self._pivot(field))
        except _Waiting:
            return None
        except ClinicError as error:
            self.refuse_error(field, error)
            return None

    def number_in(self, field: str, unit: QuantityUnit = QuantityUnit.NONE, beside: str = "") -> Decimal | None:
        """The number in a cell, which may have its ``unit`` beside it, or the word ``beside``."""
        text = self.text(field)
        if not text:
            return None
        bare = text.casefold().removesuffix(beside).strip() if beside else text
        try:
            quantity = read_quantity(bare, self.sheet.style(field))
        except ClinicError as error:
            if error.code == "number_two_ways":
                self.wait(Ask.NUMBER_STYLE, "", _STYLES, field)
            else:
                self.refuse_error(field, error)
            return None
        if quantity.unit not in (QuantityUnit.NONE, unit):
            self.refuse(field, "other_unit", typed=text[:40])
            return None
        if quantity.value != round(quantity.value, 3):
            self.refuse(field, "too_exact", typed=text[:40])
            return None
        return quantity.value

    def whole_number(self, field: str, lowest: int, highest: int) -> int | None:
        """A whole number in a range."""
        number = self.number_in(field)
        if number is None:
            return None
        if number != int(number) or not lowest <= number <= highest:
            self.refuse_error(field, ClinicError("number_out_of_range", lowest=lowest, highest=highest))
            return None
        return int(number)

    def column(self, field: str) -> str:
        """The header above a field of the row."""
        return self.sheet.column(field)

    def wait(self, ask: Ask, text: str, candidates: tuple[Candidate, ...], field: str) -> None:
        """Keep the row out until somebody says what the text means."""
        self.sheet.asking.ask(ask, text, candidates)
        self.waits = True
        self.refuse(field, "waits" if text else "waits_for_choice", typed=text[:60])

    def _ordered(self, field: str, text: str) -> DateOrder:
        order = self.sheet.order(field)
        if order is None and date_orders([text]) == {DateOrder.YMD}:
            return DateOrder.YMD  # it reads alike in every order
        if order is None:
            self.wait(Ask.DATE_ORDER, "", _ORDERS, field)
            raise _Waiting
        return order

    def _pivot(self, field: str) -> int:
        year = self.sheet.today.year
        ahead = field in _IN_FUTURE or (field == "day" and self.sheet.kind is ImportKind.APPOINTMENTS)
        return year + _AHEAD if ahead else year


class _Waiting(Exception):
    """Nobody said yet how the column writes days."""


_ORDERS = (
    Candidate(DateOrder.DMY, "day, month, year"),
    Candidate(DateOrder.MDY, "month, day, year"),
    Candidate(DateOrder.YMD, "year, month, day"),
)
_STYLES = (
    Candidate(NumberStyle.POINT, "a point before the decimals: 1,234.5"),
    Candidate(NumberStyle.COMMA, "a comma before the decimals: 1.234,5"),
)
