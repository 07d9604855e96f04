"""A clinic with one physician and one patient in a folder of its own, for cases that need no large record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from clinic_app.atlas.atlas import Atlas
from clinic_app.models.keys import Cost
from clinic_app.reference import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, shipped_atlas
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial, Draft, Point
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.stores import NewClinic, OpenStore, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role, Side

PASSPHRASE = "four unrelated words here"
PRODUCT = "onabotulinumtoxinA"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class SmallClinic:
    """An open store with its services."""

    store: OpenStore
    services: Services
    atlas: Atlas
    physician: Actor
    patient: int
    lot: int

    def close(self) -> None:
        """Close the store."""
        self.store.database.close()

    def draft(self, muscles: int, points: int) -> Draft:
        """A chart of one plate's muscles, right and left, each with points, kept as a draft."""
        lines: list[ChartLine] = []
        plate = self.atlas.plate("head_neck_posterior")
        parts = sorted(plate.layer("intermediate").parts, key=lambda part: -part.area)
        for part in parts:
            place = part.muscle, Side(part.side)
            if len(lines) < muscles and all((line.muscle, line.side) != place for line in lines):
                spots = tuple(
                    Point(plate.id, part.id, 0.5, t, *part.at(0.5, t))
                    for t in ((number + 1) / (points + 1) for number in range(points))
                )
                lines.append(ChartLine(f"line-{len(lines)}", *place, "20", spots, ("EMG",), "v1"))
        vial = ChartVial(
            "v1", PRODUCT, self.lot, "C1234", date(2027, 5, 31), Decimal(200), "saline", "2", datetime(2026, 3, 2, 9)
        )
        content = ChartContent(
            TODAY, self.physician.account_id, "cervical_dystonia", "G24.3", PRODUCT, vials=(vial,), lines=tuple(lines)
        )
        charts = self.services.charts
        draft = charts.start(self.physician, self.patient)
        charts.keep(self.physician, draft.id, draft.version, content)
        return charts.open(self.physician, draft.id)


def small_clinic(folder: Path) -> SmallClinic:
    """Set one up; its keys are derived cheaply, which is not what is measured."""
    settings = Settings(data=folder)
    new = NewClinic(
        name="Port Alder Movement Clinic",
        country="US",
        time_zone="America/New_York",
        language="en-US",
        paper_size=PaperSize.LETTER,
        label_region=LabelRegion.US,
        full_name="Dr. Mara Ellison",
        user_name="ellison",
        roles=frozenset(Role),
        passphrase=PASSPHRASE,
    )
    set_up(settings, new, lambda: NOW, cost=Cost(passes=1, memory_kib=8, lanes=1))
    store = unlock(settings, "ellison", PASSPHRASE, lambda: NOW)
    atlas = shipped_atlas()
    services = Services(store.database, lambda: NOW, load_reference(), atlas)
    history = HistoryForm(indication="cervical_dystonia", icd10cm="G24.3")
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12), history=history)
    patient = services.patients.register(store.actor, form)
    lot = services.stock.receive(
        store.actor, product=PRODUCT, number="C1234", size_units=Decimal(200), expires_on=date(2027, 5, 31), vials=9
    )
    return SmallClinic(store, services, atlas, store.actor, patient, lot)
