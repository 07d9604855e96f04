"""One file on its way into the record: what was decided so far, and what would become of it now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from clinic_app.errors import ClinicError
from clinic_app.exchange.table_file import LARGEST_FILE, TableRow
from clinic_app.exchange.typed_values import DateOrder, date_orders, read_day
from clinic_app.services.importing.choices import Ask, Decision, ImportChoices
from clinic_app.services.importing.fields import FIELDS, match_columns
from clinic_app.services.importing.files import ImportFile
from clinic_app.services.importing.imports import Done
from clinic_app.services.importing.preview import MatchedColumn, Preview
from clinic_app.services.importing.sheet import DAYS
from clinic_app.terms import ImportKind
from clinic_app.ui.tasks import Lane, Steps, Task
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ORDERS = (DateOrder.DMY, DateOrder.MDY, DateOrder.YMD)
_READ, _PREVIEW = "import.read", "import.preview"


@dataclass(frozen=True)
class Days:
    """How the columns of days are written: the order of each, None while somebody must say.

    ``example`` is a day of the file that can be read in several orders, ``readings`` what it is in each.
    """

    orders: Mapping[str, DateOrder | None]
    example: str = ""
    readings: Mapping[DateOrder, date | None] = field(default_factory=dict)


class ImportWork(QObject):
    """Reads, asks and writes beside the window; a newer question drops the older answer."""

    read = Signal()
    """A file was read, or read in another way."""
    unreadable = Signal(str)
    """Carries why it was not."""
    previewed = Signal()
    """What becomes of the rows is known anew."""
    refused = Signal(str)
    """Carries why that, or the import, could not be done."""
    began = Signal(str, object)
    """Something takes time: what, and its steps."""
    ended = Signal()
    finished = Signal()
    """It came in; ``done`` says what."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._data = b""
        self._name = ""
        self._task: Task | None = None
        self.file: ImportFile | None = None
        self.choices = ImportChoices(ImportKind.PATIENTS)
        self.preview: Preview | None = None
        self.days = Days({})
        self.done: Done | None = None
        self.decided = False
        """Whether the person decided anything that would be lost."""

    @property
    def name(self) -> str:
        """How the file is called."""
        return self._name

    @property
    def bundle(self) -> bool:
        """Whether the file is a FHIR bundle and no table."""
        return self.file is not None and self.file.bundle is not None

    @property
    def zone(self) -> ZoneInfo:
        """Where the clinic is."""
        return ZoneInfo(self._workplace.services.clinic.time_zone)

    @property
    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._task is not None

    def open(self, path: Path) -> None:
        """Read a file that was chosen."""
        imports, actor = self._workplace.services.imports, self._workplace.actor

        def work() -> tuple[bytes, ImportFile, ImportKind]:
            data = _bytes_of(path)
            file = imports.read(actor, path.name, data)
            return data, file, ImportKind.PATIENTS if file.bundle is not None else likely_kind(file.table.header)

        self._start(_READ, work, self._opened, self.unreadable.emit, f"Reading {path.name}")

    def read_again(self, *, sheet: str = "", encoding: str = "", separator: str = "") -> None:
        """Read it as another sheet, in another encoding or with another separator."""
        name, data = self._name, self._data
        imports, actor = self._workplace.services.imports, self._workplace.actor
        self._start(
            _READ,
            lambda: imports.read(actor, name, data, sheet=sheet, encoding=encoding, separator=separator),
            self._read_again,
            self.unreadable.emit,
            f"Reading {name}",
        )

    def choose_kind(self, kind: ImportKind) -> None:
        """Say what stands in the file. What was decided about another kind of content goes."""
        if kind is not self.choices.kind:
            self.decided = True
            self.choices = ImportChoices(kind)
            self.preview = None
            self.look()

    def choose(self, **choices: object) -> None:
        """Decide something, and look again."""
        self.decided = True
        self.choices = replace(self.choices, **choices)  # type: ignore[arg-type]  # the fields of the choices
        self.look()

    def answer(self, ask: Ask, text: str, answer: str | None) -> None:
        """Answer a question, or with None take the answer back."""
        answers = {key: given for key, given in self.choices.answers.items() if key != (ask, text)}
        if answer is not None:
            answers[ask, text] = answer
        self.choose(answers=answers)

    def decide(self, number: int, decision: Decision | None) -> None:
        """Say whom a row is about that looks like somebody on record; None leaves it open."""
        decisions = {row: made for row, made in self.choices.duplicates.items() if row != number}
        if decision is not None:
            decisions[number] = decision
        self.choose(duplicates=decisions)

    def look(self) -> None:
        """Ask what would become of the file with what is decided now."""
        file, choices = self.file, self.choices
        if file is None:
            return
        imports, actor = self._workplace.services.imports, self._workplace.actor
        this_year = self._workplace.today().year

        def work() -> tuple[Preview, Days]:
            preview = imports.preview(actor, file, choices)
            return preview, _days_of(file, preview.columns, choices, this_year)

        self._start(_PREVIEW, work, self._previewed, self.refused.emit, "Looking at every row")

    def bring_in(self) -> None:
        """Write what can come in."""
        file, choices = self.file, self.choices
        if file is None or self.pending:
            return
        imports, actor, steps = self._workplace.services.imports, self._workplace.actor, Steps()
        self.decided = True  # nobody closes the window over it
        self._start(
            _PREVIEW,
            lambda: imports.bring_in(actor, file, choices, steps),
            self._came_in,
            self.refused.emit,
            "Bringing in",
            steps,
        )

    def stop(self) -> None:
        """Give up what is under way; nothing of it stays."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            self.ended.emit()

    def day_of(self, field: str, text: str) -> date | None:
        """The day in a cell of a column of days; None where it is none or nobody said yet how it is written."""
        order = self.days.orders.get(field)
        return None if order is None else day_in(text, order, self._workplace.today().year)

    def column_of(self, field: str) -> MatchedColumn | None:
        """The column that holds a field."""
        columns = () if self.preview is None else self.preview.columns
        return next((column for column in columns if column.field == field), None)

    def row(self, number: int) -> TableRow | None:
        """A row of the file by its number."""
        return self._rows.get(number)

    @cached_property
    def _rows(self) -> dict[int, TableRow]:
        return {} if self.file is None else {row.number: row for row in self.file.table.rows}

    def _start(
        self,
        question: str,
        work: Callable[[], object],
        done: Callable[..., object],
        failed: Callable[[str], object],
        said: str,
        steps: Steps | None = None,
    ) -> None:
        def ended() -> None:
            if self._task is task:
                self._task = None
                self.ended.emit()

        def answered(result: object) -> None:
            if self._task is task:
                self._task = None
                self.ended.emit()
                done(result)

        def refused(error: ClinicError) -> None:
            if self._task is task:
                self._task = None
                self.ended.emit()
                if error.code != "work_stopped":
                    failed(told(error))

        self.stop()
        # On the lane of long work: a search of others at this window is not to wait for it.
        task = self._workplace.tasks.ask(
            question, work, answered, refused, lane=Lane.PAPER, owner=self, ended=ended, steps=steps
        )
        self._task = task
        self.began.emit(said, steps or Steps())

    def _opened(self, opened: tuple[bytes, ImportFile, ImportKind]) -> None:
        self._data, self.file, kind = opened
        self._name = self.file.table.name
        self.choices, self.preview, self.done, self.decided = ImportChoices(kind), None, None, False
        self._forget_rows()
        self.read.emit()
        self.look()

    def _read_again(self, file: ImportFile) -> None:
        """Rows keep their numbers in every encoding; in another sheet they are others."""
        assert self.file is not None
        if file.table.sheet != self.file.table.sheet or file.table.header != self.file.table.header:
            self.choices = ImportChoices(self.choices.kind, answers=self.choices.answers)
        self.file, self.preview, self.decided = file, None, True
        self._forget_rows()
        self.read.emit()
        self.look()

    def _forget_rows(self) -> None:
        self.__dict__.pop("_rows", None)

    def _previewed(self, answer: tuple[Preview, Days]) -> None:
        self.preview, self.days = answer
        self.previewed.emit()

    def _came_in(self, done: Done) -> None:
        self.done, self.decided = done, False
        self.finished.emit()


def likely_kind(header: tuple[str, ...]) -> ImportKind:
    """What stands in a file with these columns: the kind of which most are found and fewest needed ones are missing."""

    def fitting(kind: ImportKind) -> int:
        found = {field for field in match_columns(kind, header, {}, {}).values() if field}
        return len(found) - sum(field.required and field.name not in found for field in FIELDS[kind])

    needing_most = sorted(ImportKind, key=lambda kind: -sum(field.required for field in FIELDS[kind]))
    return max(needing_most, key=fitting)


def _bytes_of(path: Path) -> bytes:
    """Raises ClinicError for a file that cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ClinicError("table_file_too_large", field="file", most=LARGEST_FILE // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise ClinicError("import_file_unreadable", field="file", file=path.name) from error


def _days_of(file: ImportFile, columns: tuple[MatchedColumn, ...], choices: ImportChoices, this_year: int) -> Days:
    """How each column of days is written, and a day of the file that can be read in more than one way."""
    orders: dict[str, DateOrder | None] = {}
    example = ""
    for place, column in enumerate(columns):
        if column.field not in DAYS:
            continue
        cells = [row.cells[place] for row in file.table.rows]
        found = date_orders(cells)
        orders[column.field] = next(iter(found)) if len(found) == 1 else choices.date_order
        if len(found) != 1 and not example:
            example = next((cell for cell in cells if len(date_orders((cell,))) > 1), "")
    return Days(orders, example, {order: day_in(example, order, this_year) for order in _ORDERS})


def day_in(text: str, order: DateOrder, this_year: int) -> date | None:
    """The day that a cell means in an order, None where it is none."""
    try:
        return read_day(text, order, pivot=this_year)
    except ClinicError:
        return None
