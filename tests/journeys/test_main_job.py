"""The main job through the real window on the real store: charted, signed, booked, printed and found again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.settings import Settings
from clinic_app.terms import Side
from clinic_app.ui.clinic_window import ClinicWindow
from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW
from tests.journeys.hands import button, choose, commit, editor, press, write

FAMILY, GIVEN = "Muñoz", "Élodie"


class Morning:
    """One opened clinic and what a person does in it."""

    def __init__(self, program: Program) -> None:
        assert program.clinic_window is not None
        self.program = program
        self.clinic: ClinicWindow = program.clinic_window
        self.window = self.clinic.window
        self.papers: list[PdfPreview] = []
        self.clinic.paper_shown.connect(self.papers.append)

    def wait(self) -> None:
        """Until no work is left and what it changed is laid out."""
        QApplication.processEvents()
        assert self.program.tasks.wait_idle(60)
        QApplication.processEvents()

    def search(self, text: str) -> list[str]:
        self.window.show_view("patients")
        line = self.clinic.patients.finder.search.editor
        line.setFocus()
        line.selectAll()
        commit(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.wait()
        return [row.name for row in self.clinic.patients.finder.rows()]

    def chart_muscle(self, muscle: str, side: Side, units: str) -> None:
        """Click the muscle on the plate, type its units, and click it again to place a point."""
        view = self.clinic.muscle_map.map.view
        for plate_id, layer_id in self.clinic.workplace.atlas.shown_on(muscle, side.value)[:1]:
            self.clinic.muscle_map.map.show_plate(plate_id, layer_id)
        self.wait()
        spot = view.anchor_in_view((muscle, side))
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.wait()
        panel = self.clinic.muscle_map.panel
        assert panel is not None
        name = f"{side.value.capitalize()} {self.clinic.workplace.services.reference.muscle(muscle).name}"
        line = editor(panel, f"{name}, units")
        commit(line, units)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.wait()


def pdf_pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_bounded())
        text_page.close()
        page.close()
    document.close()
    return texts


def register(morning: Morning) -> None:
    patients: QWidget = morning.clinic.patients
    press(patients, "New patient")
    write(patients, "Family name", FAMILY)
    write(patients, "Given name", GIVEN)
    write(patients, "Birth date", "1961-03-12")
    choose(patients, "Indication", "Cervical dystonia")
    press(patients, "Register patient")
    morning.wait()


def chart_and_sign(morning: Morning) -> None:
    press(morning.clinic.patients, "New visit")
    morning.wait()
    panel = morning.clinic.muscle_map.panel
    assert panel is not None
    assert morning.window.current_view() == "muscle_map"
    assert morning.window.banner.patient() is not None
    choose(panel, "Product", "Botox")
    morning.wait()
    choose(panel, "Lot", "C1111")
    write(panel, "Diluent", "2")
    morning.chart_muscle("splenius_capitis", Side.RIGHT, "60")
    morning.chart_muscle("levator_scapulae", Side.RIGHT, "37.5")
    press(panel, "Waste the rest")
    chart = morning.clinic.muscle_map.chart
    assert chart is not None
    (vial,) = chart.charted.vials
    assert (vial.given, vial.wasted, vial.left) == (Decimal("97.5"), Decimal("2.5"), Decimal(0))
    for line in chart.content.lines:
        assert len(line.points) == 1, line
    press(panel, "Sign visit")
    page = morning.clinic.muscle_map.sign_page
    assert page is not None
    for _ in range(20):
        waiting = [b for b in page.findings.findChildren(QWidget) if b.isVisible() and hasattr(b, "text")]
        label = next((b for b in waiting if b.text() in ("Acknowledge", "Reason to override")), None)
        if label is None:
            break
        if label.text() == "Acknowledge":
            press(page.findings, "Acknowledge")
        else:
            press(page.findings, "Reason to override")
            reason = editor(page.findings, "Reason to override")
            commit(reason, "discussed")
            QTest.keyClick(reason, Qt.Key.Key_Return)
    secret = editor(page, "PIN or passphrase")
    assert secret.hasFocus(), "nothing else waits"
    commit(secret, PASSPHRASE)
    QTest.keyClick(secret, Qt.Key.Key_Return)
    morning.wait()


def test_a_new_patient_is_charted_signed_booked_printed_and_found_again(
    settings: Settings, open_program: Callable[..., Program], tmp_path: Path
) -> None:
    morning = Morning(open_program(settings))
    register(morning)
    assert morning.search("munoz elo") == [f"{GIVEN} {FAMILY}"]
    chart_and_sign(morning)

    # The note comes out of the same click and the repeat is offered at once.
    assert morning.window.current_view() == "schedule"
    (preview,) = morning.papers
    preview.close()
    press(morning.clinic.schedule, "Book repeat")
    morning.wait()
    services, actor = morning.clinic.workplace.services, morning.clinic.workplace.actor
    (row,) = services.patients.search(actor, FAMILY)
    (repeat,) = services.schedule.of_patient(actor, row.id)
    assert repeat.starts_at.date() == date(2026, 3, 2) + timedelta(weeks=12)
    assert button(morning.clinic.schedule, "Print card").isVisible()
    (visit,) = services.visits.of_patient(actor, row.id)
    texts = pdf_pages(services.papers.visit_note(actor, visit.id).render())
    whole = "\n".join(texts)
    for words in ("splenius capitis", "levator scapulae", "Right", "60", "37.5", "C1111", "2.5", "97.5"):
        assert words in whole, words
    for text in texts:
        assert f"{GIVEN} {FAMILY}" in text
    morning.program.finish()

    # Eight days later: closed, opened again, a side effect by telephone.
    later = Morning(open_program(settings, NOW + timedelta(days=8)))
    assert later.search("1961-03-12") == [f"{GIVEN} {FAMILY}"]
    later.clinic.patients.record_side_effect(row.id)
    later.wait()
    effects = later.clinic.patients.page.effects
    panel = effects.panel()
    assert panel is not None
    choose(panel, "What happened", "Dry mouth")
    write(panel, "Began", "2026-03-07")
    press(panel, "Mild")
    press(panel, "Save side effect")
    later.wait()
    later.program.finish()

    # And once more: everything is there.
    again = Morning(open_program(settings, NOW + timedelta(days=9)))
    again.clinic.show_patient(row.id)
    again.wait()
    services = again.clinic.workplace.services
    (effect,) = services.side_effects.of_patient(actor, row.id)
    assert (effect.kind, effect.days_after) == ("dry_mouth", 5)
    details = services.visits.details(actor, visit.id)
    assert [(i.muscle, i.side, i.units, len(i.points)) for i in details.injections] == [
        ("splenius_capitis", Side.RIGHT, Decimal(60), 1),
        ("levator_scapulae", Side.RIGHT, Decimal("37.5"), 1),
    ]
    assert services.schedule.of_patient(actor, row.id)[0].starts_at == repeat.starts_at
    assert services.stock.choices(actor, "onabotulinumtoxinA", row.id, date(2026, 3, 2))[0].vials_left == 3
    assert datetime(2026, 5, 25) <= repeat.starts_at
