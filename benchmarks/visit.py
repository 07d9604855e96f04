"""A visit: begun from the last pattern, one key in its doses, and its signature on the disk.

The window is the real one. The signature is measured without it: what it asks for, a PIN, is slow on purpose.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from PySide6.QtTest import QTest

from benchmarks.calendars import NOW
from benchmarks.clinics import Clinics
from benchmarks.hand import SameRows
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import RUNS, WARM_UP, Row, beside, row, timed
from benchmarks.window import RealWindow
from clinic_app.demo.charting import answers_for
from clinic_app.services import charting
from clinic_app.services.chart_data import ChartContent, ChartVial, Draft
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed

START_MS, KEY_MS = 80.0, 5.0


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about charting in the large clinic."""
    with clinics.opened() as clinic:
        due = [found.patient_id for found in clinic.services.recall.rows(clinic.actor, weeks_ahead=0)]
    with clinics.window() as window:
        yield from _begun(window, due)
        yield from _keys(window, due[0])
    with clinics.opened() as clinic:
        yield _signed(clinic, due)


def _begun(window: RealWindow, due: list[int]) -> Iterator[Row]:
    """From the press of New visit until the map with the last pattern is painted, and until all else is, too."""
    clinic = window.clinic
    painted: list[float] = []
    clinic.muscle_map.map.view.state_shown.connect(lambda: painted.append(time.perf_counter()))
    to_the_map: list[float] = []

    def begin(number: int) -> None:
        begun = time.perf_counter()
        painted.clear()
        clinic.start_visit(due[number % len(due)], repeat=True)
        window.until(lambda: bool(painted))
        to_the_map.append((painted[0] - begun) * 1000)
        window.settle()

    whole = timed(begin, after=partial(_put_away, window))
    yield row("visit: new from the last pattern, to the first paint of the map", START_MS, to_the_map[-len(whole) :])
    yield row("visit: new from the last pattern, until nothing more comes", None, whole)


def _put_away(window: RealWindow) -> None:
    """Discard the chart, so that the next one is begun in the same clinic."""
    muscle_map, workplace = window.clinic.muscle_map, window.clinic.workplace
    assert muscle_map.chart is not None
    draft = muscle_map.chart.draft
    muscle_map.close_chart()
    window.settle()
    charts = workplace.services.charts
    opened = charts.open(workplace.actor, draft.id)
    charts.discard(workplace.actor, opened.id, opened.version)
    muscle_map.refresh()
    window.settle()


def _keys(window: RealWindow, patient: int) -> Iterator[Row]:
    """One key in a dose field: read, checked, and the map painted with its new colour."""
    clinic = window.clinic
    clinic.start_visit(patient, repeat=True)
    window.settle()
    muscle_map = clinic.muscle_map
    panel, chart = muscle_map.panel, muscle_map.chart
    assert panel is not None
    assert chart is not None
    line = next(iter(panel.lines.rows.values()))
    line.focus_units()
    window.settle()
    painted: list[float] = []
    muscle_map.map.view.state_shown.connect(lambda: painted.append(time.perf_counter()))
    to_the_map: list[float] = []

    def key(number: int) -> None:
        begun = time.perf_counter()
        QTest.keyClicks(line.units, "25"[number % 2])
        to_the_map.append((painted[-1] - begun) * 1000)

    def rest() -> None:
        window.settle()
        if len(line.units.text()) > 1:
            line.units.selectAll()

    whole = timed(key, runs=60, after=rest)
    services = clinic.workplace.services
    reading = timed(lambda n: charting.read(chart.content, chart.context, services.reference, chart.now()))
    yield row("visit: a key in the units field, to the recoloured map", KEY_MS, to_the_map[-len(whole) :], reading)
    note = "the baseline reads and checks the same chart and paints nothing"
    yield row("visit: the same, with every total and check beside the map", KEY_MS, whole, reading, note)
    _put_away(window)


def _signed(clinic: LargeClinic, due: list[int]) -> Row:
    """Every row of the same signatures, inserted in one durable transaction, is what it is measured against."""
    ready = iter([_ready(clinic, patient) for patient in due[1 : RUNS + WARM_UP + 2]])
    copies = SameRows(clinic)

    def sign(_: int) -> None:
        draft, content = next(ready)
        confirmed = Confirmed(clinic.actor.account_id, NOW)
        clinic.services.charts.sign(clinic.actor, draft.id, draft.version, content, confirmed)

    sign(0)
    copies.remember()
    times = beside(sign, lambda _: copies.insert())
    note = "against a bare insert of the same rows, both durable; 36 statements, each 0.07 to 0.09 ms of SQLAlchemy"
    return row("visit: sign, durable, without the window", None, *times, note=note, most=3)


def _ready(clinic: LargeClinic, patient: int) -> tuple[Draft, ChartContent]:
    """A chart that repeats the last pattern, with its vials drawn and every check answered."""
    services, actor = clinic.services, clinic.actor
    draft = services.charts.start(actor, patient, repeat=True)
    choices = services.stock.choices(actor, draft.content.product, patient, draft.content.visited_on)
    now = local_now(lambda: NOW, services.clinic.time_zone)
    given = sum(Decimal(line.units) for line in draft.content.lines)
    lot = min((choice for choice in choices if choice.size_units >= given), key=lambda choice: choice.size_units)
    vial = ChartVial(
        "v1", lot.product, lot.lot_id, lot.number, lot.expires_on, lot.size_units, "saline", "2", now,
        wasted=charting.plain_units(lot.size_units - given), waste_reason="rest of a single-patient vial",
    )  # fmt: skip
    content = replace(
        draft.content,
        vials=(vial,),
        lines=tuple(replace(line, carried=False, vial="v1") for line in draft.content.lines),
        assessment="Turning to the side less than at the last visit; pain 2 of 10.",
        consent=True,
        plan="Repeat at the planned interval.",
    )
    context = services.charts.context(actor, patient, content.vials)
    charted = charting.read(content, context, services.reference, now, at_signing=True)
    content = replace(content, answers=answers_for(charted))
    version = services.charts.keep(actor, draft.id, draft.version, content)
    return replace(draft, version=version), content
