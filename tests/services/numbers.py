"""A chart read without a database, for the property tests."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from clinic_app.reference.catalogue import Reference, load_reference
from clinic_app.rules.chart import PatientFacts
from clinic_app.services import charting
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.terms import LabelRegion, Side


@cache
def _reference() -> Reference:
    return load_reference()


def read_lines(units: list[str], wasted: str = "") -> charting.Charted:
    context = ChartContext(1, date(1961, 3, 12), LabelRegion.US, PatientFacts(), (), (), "", (), {})
    vial = ChartVial("v", "onabotulinumtoxinA", None, "L", date(2027, 1, 1), Decimal(100), "saline", "2", None, wasted)
    muscles = list(_reference().muscles.values())
    lines = tuple(
        ChartLine(f"l{n}", muscles[n].id, Side.LEFT if muscles[n].paired else Side.MIDLINE, text, vial="v")
        for n, text in enumerate(units)
    )
    content = ChartContent(date(2026, 3, 2), 1, "cervical_dystonia", vials=(vial,), lines=lines)
    return charting.read(content, context, _reference(), datetime(2026, 3, 2, 10))
