"""The tables of the research export: which columns there are, of which type and unit, and what they mean.

One list of columns makes the files, their types in Parquet and the data dictionary, so that none can differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinic_app.terms import Learned, Severity

DICTIONARY = "dictionary.csv"
DICTIONARY_HEADER = ("file", "column", "type", "unit", "meaning")


class Kind(StrEnum):
    """The types of columns, as the dictionary calls them."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    """Exact, with at most three places."""
    DATE = "date"
    """ISO 8601."""
    BOOLEAN = "boolean"
    """true or false."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``unit`` is empty where there is none; ``is_text`` marks what people typed in their own words."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the export."""

    name: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The name of the file with its lines."""
        return f"{self.name}.csv"

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def line(self, row: Mapping[str, object]) -> tuple[object, ...]:
        """The values of a row in the order of the columns; what is no column is left out, a missing one a KeyError."""
        return tuple(row[column.name] for column in self.columns)


def research_tables(
    products: Sequence[str],
    scales: Sequence[tuple[str, str]],
    response_scales: Sequence[tuple[str, str]],
    *,
    with_text: bool,
) -> tuple[Table, Table, Table]:
    """Injections, cycles and side effects. Products become columns, and so do scales (scale, subscale or "").

    ``scales`` were scored at visits, ``response_scales`` to tell what a visit did.

    What people typed in their own words has a column only ``with_text``.
    """
    tables = (
        Table("injections", _INJECTIONS),
        Table(
            "cycles",
            (
                *_CYCLES[:_UNITS_FROM],
                *(_units_column(product) for product in products),
                *_CYCLES[_UNITS_FROM:],
                *(_score_column(scale, subscale) for scale, subscale in scales),
                *(_response_score_column(scale, subscale) for scale, subscale in response_scales),
                *_CYCLE_TEXTS,
            ),
        ),
        Table("side_effects", _SIDE_EFFECTS),
    )
    if with_text:
        return tables
    injections, cycles, side_effects = (
        Table(table.name, tuple(column for column in table.columns if not column.is_text)) for table in tables
    )
    return injections, cycles, side_effects


def dictionary_lines(tables: Iterable[Table]) -> list[tuple[str, ...]]:
    """One line for each column of each file, under ``DICTIONARY_HEADER``."""
    return [
        (table.file, column.name, column.kind.value, column.unit, column.meaning)
        for table in tables
        for column in table.columns
    ]


def units_name(product: str) -> str:
    """The column of a product's units in a cycle."""
    return f"units_{product}"


def score_name(scale: str, subscale: str) -> str:
    """The column of a scale's total, or of one of its subscales."""
    return f"scale_{scale}_{subscale}" if subscale else f"scale_{scale}"


def response_score_name(scale: str, subscale: str) -> str:
    """The column of a total or subscale that tells what the visit did."""
    return f"response_{score_name(scale, subscale)}"


def severity_name(severity: Severity) -> str:
    """The column that counts the side effects of a grade."""
    return f"side_effects_{severity.value}"


def _units_column(product: str) -> Column:
    return Column(
        units_name(product),
        Kind.DECIMAL,
        f"units of {product}",
        f"Units of {product} injected in the visit; 0 where it was not used. Units of different products measure "
        "different things: never add or convert them.",
    )


def _score_column(scale: str, subscale: str) -> Column:
    part = f"Subscale {subscale} of" if subscale else "Total of"
    return Column(
        score_name(scale, subscale),
        Kind.DECIMAL,
        "points",
        f"{part} the scale {scale} at the visit, before the injection. Empty where none, or several, were noted.",
    )


def _response_score_column(scale: str, subscale: str) -> Column:
    part = f"Subscale {subscale} of" if subscale else "Total of"
    return Column(
        response_score_name(scale, subscale),
        Kind.DECIMAL,
        "points",
        f"{part} the scale {scale}, measured after the visit on response_scales_day. Empty where none was noted.",
    )


def _text(name: str, meaning: str) -> Column:
    said = f"{meaning} In people's own words: it may name persons, places and days, and its days are not shifted."
    return Column(
        name,
        Kind.STRING,
        "",
        f"{said} An apostrophe stands before what a spreadsheet would take for a formula.",
        is_text=True,
    )


_PATIENT = Column(
    "patient",
    Kind.STRING,
    "",
    "Random pseudonym of the patient, the same in every file and every export of this clinic.",
)
_CYCLE = Column(
    "cycle",
    Kind.INTEGER,
    "",
    "Number of the cycle within the patient, from 1 in the order of the visits. A cycle begins with a signed visit in "
    "which something was injected. With patient it joins the files.",
)
_SHIFTED = (
    "Every date of a patient is shifted by the same secret number of whole days (1 to 182, earlier or later), so that "
    "the days between two of them are true and the dates themselves, their weekdays and seasons are not."
)
_LISTED = "Several are separated by semicolons."
_OTHER = "other where it is not in the program's reference."
_OVER_89 = Column(
    "over_89",
    Kind.BOOLEAN,
    "",
    "Whether the patient was over 89 on the last day that the export has. Ages over 89 are one group.",
)
_AGE = Column(
    "age_years",
    Kind.INTEGER,
    "years",
    "Whole years of age at the visit. Empty in all rows of a patient with over_89, because the dates would tell it.",
)
_SEX = Column("sex", Kind.STRING, "", "Recorded sex: female, male, other or unknown.")
_GIVEN_ON = Column("injected_on", Kind.DATE, "day", f"Day of the visit, shifted. {_SHIFTED}")

_INJECTIONS = (
    _PATIENT,
    _CYCLE,
    Column("injection", Kind.INTEGER, "", "Number of the injection within the cycle, in the order of the chart."),
    _GIVEN_ON,
    Column("indication", Kind.STRING, "", f"What this injection treated; {_OTHER}"),
    Column("product", Kind.STRING, "", f"Nonproprietary name of the toxin; {_OTHER}"),
    Column("muscle", Kind.STRING, "", f"Muscle or gland injected, by its id in the reference; {_OTHER}"),
    Column("side", Kind.STRING, "", "The patient's own side: left, right or midline."),
    Column(
        "units",
        Kind.DECIMAL,
        "units of the row's product",
        "Units injected into this muscle and side. Never add or convert units of different products.",
    ),
    Column(
        "volume_ml",
        Kind.DECIMAL,
        "mL",
        "Volume injected, from units, contents and diluent of the vial; empty where they are not known.",
    ),
    Column("points", Kind.INTEGER, "", "Number of points marked on the muscle map; 0 where none was."),
    Column(
        "guidance",
        Kind.STRING,
        "",
        f"palpation, EMG, ultrasound, electrical stimulation; empty where none was noted. {_LISTED}",
    ),
    Column("vial_units", Kind.DECIMAL, "units of the row's product", "Contents of the vial; empty where not known."),
    Column("diluent_ml", Kind.DECIMAL, "mL", "Diluent added to the vial; empty where not known."),
    _text("note", "Note at the injection."),
)

_UNITS_FROM = 8
"""Where the units of each product stand among the columns of a cycle."""
_CYCLES = (
    _PATIENT,
    _CYCLE,
    _GIVEN_ON,
    _SEX,
    _AGE,
    _OVER_89,
    Column("indication", Kind.STRING, "", f"Indication of the visit; {_OTHER}"),
    Column("products", Kind.STRING, "", f"Nonproprietary names of the toxins used. {_LISTED}"),
    Column("muscles", Kind.INTEGER, "", "Number of muscles injected, each side counted."),
    Column("planned_weeks", Kind.INTEGER, "weeks", "Interval planned at the visit."),
    Column(
        "days_since_previous",
        Kind.INTEGER,
        "days",
        "Days since the visit of the previous cycle here; empty in the first.",
    ),
    Column(
        "days_to_next",
        Kind.INTEGER,
        "days",
        "Days to the visit of the next cycle here; empty in the last. Toxin given elsewhere is not counted.",
    ),
    Column(
        "response_first_day",
        Kind.INTEGER,
        "days",
        "Days from the injection to the first benefit, as the patient reports.",
    ),
    Column("response_best_percent", Kind.INTEGER, "percent", "Best benefit, 0 to 100, as the patient reports."),
    Column("response_wore_off_week", Kind.INTEGER, "weeks", "Week after the injection in which the benefit wore off."),
    Column("response_patient_impression", Kind.INTEGER, "points", "The patient's global impression, as scored here."),
    Column(
        "response_clinician_impression", Kind.INTEGER, "points", "The clinician's global impression, as scored here."
    ),
    Column("response_pain", Kind.INTEGER, "points", "Pain, 0 to 10."),
    Column(
        "response_scales_day",
        Kind.INTEGER,
        "days",
        "Days from the visit to the day on which the response scales were measured.",
    ),
    Column(
        "side_effects_asked",
        Kind.BOOLEAN,
        "",
        "Whether somebody asked about side effects. Where false, that none are counted says nothing.",
    ),
    Column("side_effects", Kind.INTEGER, "", "Number of side effects that followed this visit."),
    *(
        Column(severity_name(severity), Kind.INTEGER, "", f"Of these, the number graded {severity.value}.")
        for severity in Severity
    ),
)
_CYCLE_TEXTS = (
    _text("assessment", "Assessment at the visit."),
    _text("plan", "Plan at the visit."),
    _text("complications", "Immediate complications of the visit."),
    _text("response_note", "Note on the response."),
)

_SIDE_EFFECTS = (
    _PATIENT,
    Column(
        "side_effect", Kind.INTEGER, "", "Number of the side effect within the patient, in the order of their starts."
    ),
    Column(
        "cycle",
        Kind.INTEGER,
        "",
        "The cycle whose visit it followed, as in cycles.csv; empty where nothing was injected in that visit.",
    ),
    Column("kind", Kind.STRING, "", "Kind by its id in the reference; other where it was typed in own words."),
    Column("severity", Kind.STRING, "", f"{', '.join(Severity)}."),
    Column("started_on", Kind.DATE, "day", f"First day, shifted. {_SHIFTED}"),
    Column(
        "ended_on", Kind.DATE, "day", "Last day, shifted like the first; empty where it goes on or nobody noted it."
    ),
    Column("days_after_injection", Kind.INTEGER, "days", "Days from the visit that it followed to the first day."),
    Column("days_long", Kind.INTEGER, "days", "Days from the first to the last day; 0 where both are the same."),
    Column("red_flag", Kind.BOOLEAN, "", "Whether it was one that somebody has to look at at once."),
    Column("learned", Kind.STRING, "", f"How it was learned: {', '.join(Learned)}; empty where nobody said."),
    Column(
        "serious",
        Kind.BOOLEAN,
        "",
        "Whether it was judged serious in the sense of drug safety; empty where nobody judged it.",
    ),
    Column("serious_criteria", Kind.STRING, "", f"What makes it serious. {_LISTED}"),
    Column(
        "suspected_muscles",
        Kind.STRING,
        "",
        f"Muscles and sides held to have caused it, as muscle:side. {_LISTED}",
    ),
    _text("other", "What it was, where the catalogue has no word for it."),
    _text("action", "What was done about it."),
    _text("resolved_note", "How the red flag was resolved."),
)
