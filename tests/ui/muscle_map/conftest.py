"""The muscle map on a real encrypted clinic, on the morning of Monday 2 March 2026."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent, ChartLine, Draft
from clinic_app.services.charting import Said
from clinic_app.terms import Side
from clinic_app.ui.changes import Changes
from clinic_app.ui.muscle_map.line_row import LineRow
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.sign_page import SignPage
from clinic_app.ui.muscle_map.view import MuscleMapView
from clinic_app.ui.muscle_map.visit_panel import VisitPanel
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.services.conftest import OpenClinic
from tests.services.conftest import clinic as clinic
from tests.services.conftest import port_alder as port_alder
from tests.ui.desk import settle

SPLENIUS = ("splenius_capitis", Side.RIGHT)
LEVATOR = ("levator_scapulae", Side.RIGHT)
POSTERIOR = "head_neck_posterior"


@dataclass
class Desk:
    """The view as a physician has it in front, with what it told the window."""

    clinic: OpenClinic
    tasks: Tasks
    view: MuscleMapView
    changes: Changes
    patient: int
    signed: list[int] = field(default_factory=list)
    messages: list[tuple[str, object]] = field(default_factory=list)
    banners: list[object] = field(default_factory=list)

    @property
    def chart(self) -> OpenChart:
        assert self.view.chart is not None
        return self.view.chart

    @property
    def content(self) -> ChartContent:
        return self.chart.content

    @property
    def panel(self) -> VisitPanel:
        assert self.view.panel is not None
        return self.view.panel

    @property
    def signing(self) -> SignPage | None:
        return self.view.sign_page

    def is_signing(self) -> bool:
        return self.signing is not None

    def settle(self) -> None:
        settle(self.tasks)

    def start(self, *, repeat: bool = False) -> None:
        self.view.start(self.patient, repeat)
        self.settle()

    def row(self, place: tuple[str, Side]) -> LineRow:
        row = self.panel.lines.row_for(*place)
        assert row is not None
        return row

    def type_units(self, place: tuple[str, Side], text: str) -> None:
        row = self.row(place)
        row.focus_units()
        row.units.selectAll()
        QTest.keyClicks(row.units, text)

    def show(self, layer: str, plate: str = POSTERIOR) -> None:
        self.view.map.show_plate(plate, layer)

    def anchor(self, place: tuple[str, Side]) -> QPoint:
        return self.view.map.view.anchor_in_view(place)

    def click(self, where: QPoint) -> None:
        self.drag(where, where)

    def drag(self, start: QPoint, end: QPoint) -> None:
        mouse(self.view.map.view.viewport(), start, end)

    def kept(self) -> Draft:
        """The draft as the database has it."""
        self.view.save_now()
        self.settle()
        return self.clinic.services.charts.open(self.clinic.physician, self.chart.draft.id)

    def choose_vial(self) -> None:
        """100 U of the first lot in 2 mL, mixed now, by the fields."""
        card = next(iter(self.panel.vials.cards.values()))
        card.set_open(True)
        card.lot.editor.setCurrentIndex(0)
        card.lot.editor.activated.emit(0)
        card.diluent.editor.setText("2")
        QTest.mouseClick(card._now, Qt.MouseButton.LeftButton)


def charted(desk: Desk) -> None:
    """60 and 40 U from a vial of 100 by clicks and keys."""
    desk.start()
    desk.panel.vials.product.editor.setCurrentIndex(0)
    desk.panel.vials.product.editor.activated.emit(0)
    desk.settle()
    desk.choose_vial()
    for place, units in ((SPLENIUS, "60"), (LEVATOR, "40")):
        desk.show("intermediate")
        desk.click(desk.anchor(place))
        desk.type_units(place, units)


def answer_everything(desk: Desk) -> None:
    """Acknowledge every warning and give every stop a reason, on the signing page."""
    page = desk.signing
    assert page is not None
    for _ in range(30):
        waiting = [row for row in page.findings.rows.values() if _waits(desk, row.said)]
        if not waiting:
            return
        row = waiting[0]
        if row.said.level.value == "warn":
            QTest.mouseClick(row.acknowledge, Qt.MouseButton.LeftButton)
        else:
            QTest.mouseClick(row.override, Qt.MouseButton.LeftButton)
            QTest.keyClicks(row.reason, "agreed with the patient")
            QTest.keyClick(row.reason, Qt.Key.Key_Return)


def _waits(desk: Desk, said: Said) -> bool:
    return said.level.value != "info" and desk.chart.answer_to(said) is None


def mouse(target: QWidget, start: QPoint, end: QPoint | None = None) -> None:
    """A click, or a drag from one place of the widget to another."""
    end = start if end is None else end
    _mouse(target, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    if end != start:
        _mouse(target, QEvent.Type.MouseMove, end, Qt.MouseButton.LeftButton)
    _mouse(target, QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton)


def _mouse(target: QWidget, kind: QEvent.Type, where: QPoint, buttons: Qt.MouseButton) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(
        kind, QPointF(where), QPointF(target.mapToGlobal(where)), button, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(target, event)


def pattern(clinic: OpenClinic) -> ChartContent:
    """What was given ninety days ago: 60 and 40 U of onabotulinumtoxinA."""
    content = clinic.content()
    vial = replace(content.vials[0], reconstituted_at=datetime(2025, 12, 2, 9, 30))
    lines = tuple(replace(line, guidance=("EMG",)) for line in content.lines)
    return replace(content, vials=(vial,), lines=lines)


def line(key: str, place: tuple[str, Side], units: str = "", **rest: object) -> ChartLine:
    return ChartLine(key, *place, units, **rest)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return Atlas(resource_path("atlas", "baked"))


@pytest.fixture
def desk(clinic: OpenClinic, tasks: Tasks, atlas: Atlas, bugs: list[BaseException]) -> Iterator[Desk]:
    yield from desk_on(clinic, clinic.physician, tasks, atlas)
    assert not bugs


def desk_on(clinic: OpenClinic, actor: Actor, tasks: Tasks, atlas: Atlas) -> Iterator[Desk]:
    clinic.lot()
    patient = clinic.patient()
    changes = Changes()
    clinic.store.database.announce = changes.announce
    view = MuscleMapView(Workplace(clinic.services, actor, tasks, changes, atlas))
    opened = Desk(clinic, tasks, view, changes, patient)
    view.signed.connect(opened.signed.append)
    view.message_offered.connect(lambda text, undo: opened.messages.append((text, undo)))
    view.banner_changed.connect(opened.banners.append)
    view.resize(1368, 780)
    view.show()
    opened.settle()
    yield opened
    clinic.store.database.announce = None
    view.close()
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def repeating(desk: Desk) -> Desk:
    """A desk whose patient was injected ninety days ago."""
    clinic = desk.clinic
    clinic.clock.forward(days=-90)
    clinic.signed(desk.patient, replace(pattern(clinic), visited_on=clinic.clock.moment.date()))
    clinic.clock.forward(days=90)
    desk.settle()
    return desk
