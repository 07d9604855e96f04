"""The reports on a clinic of a thousand patients against polars, which computes each figure by itself from the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from polars import col

from benchmarks.calendars import NOW, TENTH
from benchmarks.large_clinic import LargeClinic, large_clinic
from clinic_app.services.reports_data import Question, ReportFilters
from clinic_app.services.reports_names import muscle_bands, visit_bands

Figures = Mapping[tuple[Any, ...], tuple[float | None, ...]]
FILTERS = (
    ReportFilters(),
    ReportFilters(date(2019, 1, 1), date(2025, 12, 31), 2, "incobotulinumtoxinA", "blepharospasm"),
)
SIZE = replace(TENTH, appointments=40_000)
"""With past appointments before the last day of the filters."""
Z = 1.959963984540054
CAME = ["arrived", "in_room", "injected", "checked_out"]


class Frames:
    """The tables, whole, and the visits that a filter keeps."""

    def __init__(self, clinic: LargeClinic) -> None:
        self._clinic = clinic
        self.every = self._read("visit").with_columns(day=col("visited_on").str.to_date())
        self.vials = self._read("vial")
        self.injections = self._read("injection").join(
            self.vials.select(vial_id="id", product="product"), on="vial_id", validate="m:1"
        )
        marked = self._read("injection_point")["injection_id"].unique().implode()
        self.unmarked = self.injections.filter(~col("id").is_in(marked))["visit_id"].unique()
        self.effects, self.suspected = self._read("side_effect"), self._read("suspected_muscle")
        self.responses, self.appointments = self._read("response"), self._read("appointment")
        self.asked = pl.concat([self.effects["visit_id"], self._read("side_effect_answer")["visit_id"]]).unique()

    def visits(self, filters: ReportFilters) -> pl.DataFrame:
        """Those that count."""
        of_product = self.vials.filter(col("product") == filters.product)["visit_id"].unique()
        found = self.every.filter(
            (col("day") >= (filters.first_day or date.min)) & (col("day") <= (filters.last_day or date.max))
        )
        if filters.injector_id is not None:
            found = found.filter(col("injector_id") == filters.injector_id)
        if filters.product:
            found = found.filter(col("id").is_in(of_product.implode()))
        if filters.indication:
            found = found.filter(col("indication") == filters.indication)  # no injection has one of its own here
        return found

    def given(self, filters: ReportFilters) -> pl.DataFrame:
        """Injections of the visits that count, of the product asked for."""
        found = self.injections.drop("indication").join(
            self.visits(filters).select("day", "indication", visit_id="id"), on="visit_id"
        )
        return found.filter(col("product") == filters.product) if filters.product else found

    def next_and_last(self) -> pl.DataFrame:
        """Of each visit the nearest days before and after it on which the patient was injected."""
        days = self.every.join(self.injections.select(id="visit_id").unique(), on="id").select("patient_id", "day")
        days = days.unique().sort("patient_id", "day")
        near = days.with_columns(
            last=col("day").shift(1).over("patient_id"), following=col("day").shift(-1).over("patient_id")
        )
        return self.every.select("id", "patient_id", "day").join(near, on=["patient_id", "day"], how="left")

    def _read(self, name: str) -> pl.DataFrame:
        with self._clinic.store.database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            cursor = driver.execute(f"SELECT * FROM {name}")
            names = [column[0] for column in cursor.description]
            return pl.DataFrame(cursor.fetchall(), schema=names, orient="row", infer_schema_length=None)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LargeClinic]:
    found = large_clinic(tmp_path_factory.mktemp("clinics"), SIZE)
    yield found
    found.close()


@pytest.fixture(scope="module")
def frames(clinic: LargeClinic) -> Frames:
    return Frames(clinic)


@pytest.fixture(params=FILTERS, ids=["all", "some"])
def filters(request: pytest.FixtureRequest) -> ReportFilters:
    found: ReportFilters = request.param
    return found


def told(clinic: LargeClinic, question: Question, filters: ReportFilters) -> Figures:
    """The figures of a report by the key of their row."""
    report = clinic.services.reports.answer(clinic.actor, question, filters)
    assert report.lines, question
    figures = {}
    for line in report.lines:
        cells = [None if cell is None else float(cell) for cell in line.cells if not isinstance(cell, str | date)]
        figures[line.key] = tuple(cells)
    return figures


def assert_same(found: Figures, frame: pl.DataFrame, key: list[str], figures: list[str]) -> None:
    expected = {row[: len(key)]: row[len(key) :] for row in frame.select(*key, *figures).rows()}
    assert found.keys() == expected.keys()
    for each, numbers in expected.items():
        assert found[each] == pytest.approx(tuple(None if n is None else float(n) for n in numbers)), each


def wilson(part: str, whole: str) -> list[pl.Expr]:
    """Share and ends of Wilson's interval in percent, named rate, low and high."""
    n = pl.when(col(whole) > 0).then(col(whole).cast(pl.Float64))  # of nobody nothing is said
    p = col(part) / n
    middle, half = p + Z**2 / (2 * n), Z * (p * (1 - p) / n + Z**2 / (4 * n * n)).sqrt()
    scale = 100 / (1 + Z**2 / n)
    return [(100 * p).alias("rate"), ((middle - half) * scale).alias("low"), ((middle + half) * scale).alias("high")]


def band(limits: Mapping[str, tuple[Decimal, ...]]) -> pl.Expr:
    """How many limits of its product the units of a row pass."""
    passed = pl.lit(0)
    for product, own in limits.items():
        for limit in own:
            passed += ((col("product") == product) & (col("units") > int(limit * 1000))).cast(pl.Int64)
    return passed.alias("band")


def test_cycle_lengths(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    cycles = frames.visits(filters).join(frames.next_and_last().select("id", "last"), on="id").drop_nulls("last")
    cycles = cycles.with_columns(
        month=col("visited_on").str.head(7), weeks=(col("day") - col("last")).dt.total_days() / 7
    )
    quartiles = [
        col("weeks").quantile(share, "linear").alias(name) for share, name in ((0.5, "m"), (0.25, "l"), (0.75, "u"))
    ]
    expected = cycles.group_by("month").agg(
        pl.len().alias("n"), *quartiles, col("weeks").min().alias("least"), col("weeks").max().alias("most")
    )
    assert_same(told(clinic, Question.CYCLES, filters), expected, ["month"], ["n", "m", "l", "u", "least", "most"])


def test_injected_late(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    assert (
        frames.appointments["follows_visit_id"].null_count() == frames.appointments.height
    )  # nobody booked at sign-off
    visits = frames.visits(filters).join(frames.next_and_last().select("id", "following"), on="id")
    visits = visits.with_columns(
        month=col("visited_on").str.head(7), due=col("day") + pl.duration(weeks=col("interval_weeks").fill_null(12))
    ).filter(col("following").is_not_null() | (col("due") < NOW.date()))
    late = (col("following") > col("due")).fill_null(value=False)
    expected = visits.group_by("month").agg(
        again=col("following").count(), late=late.sum(), since=col("following").is_null().sum()
    )
    expected = expected.with_columns(
        booked=pl.lit(0), booked_late=pl.lit(None), zero=pl.lit(0),
        share=pl.when(col("again") > 0).then(100 * col("late") / col("again")),
    )  # fmt: skip
    columns = ["booked", "booked_late", "again", "share", "since", "zero", "late"]
    assert_same(told(clinic, Question.LATE, filters), expected, ["month"], columns)


def test_units_given(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    key = ["product", "indication", "muscle"]
    expected = (
        frames.given(filters)
        .group_by(key)
        .agg(
            visits=col("visit_id").n_unique(),
            often=pl.len(),
            units=col("units").sum() / 1000,
            mean=col("units").mean() / 1000,
        )
    )
    assert_same(told(clinic, Question.DOSES, filters), expected, key, ["visits", "often", "units", "mean"])


def test_waste(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    vials = frames.vials.join(frames.visits(filters).select("visited_on", visit_id="id"), on="visit_id")
    vials = vials.with_columns(month=col("visited_on").str.head(7))
    if filters.product:
        vials = vials.filter(col("product") == filters.product)
    opened = vials.group_by("month", "product").agg(opened=col("size_units").sum() / 1000)
    expected = (
        vials.filter(col("wasted_units") > 0)
        .group_by("month", "product", "waste_reason")
        .agg(n=pl.len(), lost=col("wasted_units").sum() / 1000)
        .join(opened, on=["month", "product"])
        .with_columns(share=100 * col("lost") / col("opened"))
    )
    key = ["month", "product", "waste_reason"]
    assert_same(told(clinic, Question.WASTE, filters), expected, key, ["n", "lost", "opened", "share"])


def test_side_effect_rates(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    reference = clinic.services.reference
    suspected = frames.suspected.join(frames.effects.select("visit_id", side_effect_id="id"), on="side_effect_id")
    suspected = suspected.select("visit_id", "muscle", "side", suspected=pl.lit(value=True)).unique()
    doses = frames.given(filters).group_by("visit_id", "product", "muscle", "side").agg(col("units").sum())
    limits = {p: tuple(muscle_bands(reference, p, {})) for p in doses["product"].unique()}
    doses = doses.join(suspected, on=["visit_id", "muscle", "side"], how="left").with_columns(
        band(limits), asked=col("visit_id").is_in(frames.asked.implode())
    )
    expected = doses.group_by("product", "muscle", "band").agg(
        asked=col("asked").sum(),
        troubled=(col("asked") & col("suspected").fill_null(value=False)).sum(),
        silent=(~col("asked")).sum(),
    )
    expected = expected.with_columns(*wilson("troubled", "asked"))
    columns = ["asked", "troubled", "rate", "low", "high", "silent"]
    assert_same(told(clinic, Question.SIDE_EFFECTS, filters), expected, ["product", "muscle", "band"], columns)


def test_benefit(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    reference = clinic.services.reference
    doses = frames.given(filters).group_by("visit_id", "product").agg(col("units").sum())
    limits = {p: tuple(visit_bands(reference, p)) for p in doses["product"].unique()}
    answers = frames.responses.with_columns(told=pl.lit(value=True))
    doses = doses.join(answers, on="visit_id", how="left").with_columns(band(limits))
    percent = col("best_percent")
    expected = doses.group_by("product", "band").agg(
        told=col("told").sum(), silent=col("told").is_null().sum(),
        m=percent.quantile(0.5, "linear"), l=percent.quantile(0.25, "linear"), u=percent.quantile(0.75, "linear"),
        day=col("first_day").median(), week=col("wore_off_week").median(),
    )  # fmt: skip
    columns = ["told", "m", "l", "u", "day", "week", "silent"]
    assert_same(told(clinic, Question.BENEFIT, filters), expected, ["product", "band"], columns)


def test_no_shows(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    wall = "2026-03-02 10:00:00"  # ten o'clock in the clinic
    past = frames.appointments.filter(
        (col("starts_at").str.head(19) <= wall)
        & (col("starts_at") >= str(filters.first_day or ""))
        & (col("starts_at").str.head(10) <= str(filters.last_day or "9999"))
    )
    if filters.injector_id is not None:
        past = past.filter(col("injector_id") == filters.injector_id)
    state = col("state")
    expected = past.group_by(month=col("starts_at").str.head(7)).agg(
        n=state.is_in([*CAME, "no_show"]).sum(), missed=(state == "no_show").sum(),
        cancelled=(state == "cancelled").sum(), unmarked=state.is_in(["booked", "confirmed"]).sum(),
    )  # fmt: skip
    expected = expected.with_columns(*wilson("missed", "n"))
    columns = ["n", "missed", "rate", "low", "high", "cancelled", "unmarked"]
    assert_same(told(clinic, Question.NO_SHOWS, filters), expected, ["month"], columns)


def test_what_is_missing(clinic: LargeClinic, frames: Frames, filters: ReportFilters) -> None:
    silent = frames.injections.filter(col("guidance") == "[]")["visit_id"].unique().implode()
    unlabelled = frames.vials.filter(col("lot_number").str.strip_chars() == "")["visit_id"].unique().implode()
    latest = frames.every.group_by("patient_id").agg(latest=col("day").max())
    visits = (
        frames.visits(filters)
        .join(latest, on="patient_id")
        .with_columns(month=col("visited_on").str.head(7), returned=col("latest") > col("day"))
    )
    visits = visits.with_columns(
        lot=col("id").is_in(unlabelled), points=col("id").is_in(frames.unmarked.implode()),
        guidance=col("id").is_in(silent), no_consent=col("consent") == 0,
        reason=col("assessment").str.strip_chars() == "",
        response=col("returned") & ~col("id").is_in(frames.responses["visit_id"].implode()),
        side_effects=col("returned") & ~col("id").is_in(frames.asked.implode()),
    )  # fmt: skip
    items = ["lot", "points", "guidance", "no_consent", "reason", "returned", "response", "side_effects"]
    lacking = pl.any_horizontal(*(item for item in items if item != "returned"))
    expected = visits.group_by("injector_id", "month").agg(
        pl.len().alias("n"), lacking.sum().alias("lacking"), *(col(item).sum() for item in items)
    )
    expected = expected.with_columns(share=100 * col("lacking") / col("n"))
    found = told(clinic, Question.MISSING, filters)
    assert_same(found, expected, ["injector_id", "month"], ["n", "share", *items])
