"""``clinic-app tour``: the main job on the demo clinic, with a picture of every view and document on the way.

For everyone who judges by looking: each view at 1440 × 900 in scale 1 and 2 and in dark, each document as PDF and each
of its pages as a picture.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.demo.charting import drawn_from_vials
from clinic_app.demo.template import PIN, USER, ZONE
from clinic_app.errors import ClinicError
from clinic_app.services.charting import plain_units
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.papers import Paper
from clinic_app.settings import Settings
from clinic_app.ui.clinic_window import MUSCLE_MAP, PATIENTS, RECALL, SCHEDULE, SETTINGS, STOCK, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.first_run import FirstRunPage
from clinic_app.ui.pdf_preview import page_image, page_sizes, show_preview
from clinic_app.ui.program import Program
from clinic_app.ui.recall.view import REMINDERS, WAITING
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.stock.lot_acts import LotAct
from clinic_app.ui.stock.lot_page import LEDGER
from clinic_app.ui.stock.lot_page import PATIENTS as WHO_GOT_IT
from clinic_app.ui.theme import Appearance, Look
from clinic_app.ui.unlock import UnlockPage

SIZE = QSize(1440, 900)
_OTHER_REGIONS = ("face_front", "eyelids_right", "larynx_top", "forearm_anterior_right", "leg_posterior_left")
"""Plates that the walk looks at besides the one that is charted on."""
PAGE_WIDTH = 1240  # 150 dots an inch on A4


def tour(application: QApplication, out: Path, clock: Clock) -> int:
    """Write the pictures into ``out``; returns 0. Raises ClinicError when the folder cannot be used."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ClinicError("folder_unusable", folder=out) from error
    look = Look(application, Appearance.LIGHT)
    with tempfile.TemporaryDirectory() as logs:
        failures = Failures(Path(logs))
        failures.install()
        bugs = _Heard()
        failures.shown.connect(bugs.hear)
        camera = Camera(application, look, out)
        moment = _mid_morning(clock)
        program = Program(Settings(data=Path(logs), demo=True), lambda: moment, look, failures)
        try:
            _opening_pages(camera)
            program.start()
            program.tasks.wait_idle(900)
            if program.clinic_window is None:
                raise ClinicError("store_damaged")
            _Walk(camera, program, program.clinic_window).go()
        finally:
            program.finish()
            failures.uninstall()
    print(f"{camera.taken} pictures are in {out}.")
    return 1 if bugs.count else 0


class Camera:
    """Takes a widget as it stands: in scale 1, in scale 2, and in dark."""

    def __init__(self, application: QApplication, look: Look, out: Path) -> None:
        self._application = application
        self._look = look
        self._out = out
        self._number = 0
        self.taken = 0
        self.settle: Callable[[], object] = lambda: None

    def take(self, name: str, widget: QWidget) -> None:
        """Three pictures of the widget under one number."""
        self._number += 1
        stem = f"{self._number:02d}-{name}"
        self._settle()
        self._write(widget, f"{stem}.png", 1)
        self._write(widget, f"{stem}-2x.png", 2)
        self._look.set_appearance(Appearance.DARK)
        self._settle()
        self._write(widget, f"{stem}-dark.png", 1)
        self._look.set_appearance(Appearance.LIGHT)
        self._settle()

    def take_paper(self, name: str, pdf: bytes) -> None:
        """The document itself and a picture of each page."""
        (self._out / f"{name}.pdf").write_bytes(pdf)
        for page in range(len(page_sizes(pdf))):
            page_image(pdf, page, PAGE_WIDTH).save(str(self._out / f"{name}-page-{page + 1}.png"))
            self.taken += 1

    def _settle(self) -> None:
        self.settle()
        for _ in range(3):
            self._application.processEvents()

    def _write(self, widget: QWidget, file: str, scale: int) -> None:
        image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        image.fill(QColor(self._look.theme.window))
        widget.render(image)
        image.save(str(self._out / file))
        self.taken += 1


class _Walk:
    """One walk through the clinic as its people would make it on a morning."""

    def __init__(self, camera: Camera, program: Program, clinic: ClinicWindow) -> None:
        self._camera = camera
        self._program = program
        self._clinic = clinic
        self._workplace = clinic.workplace
        self._window = clinic.window
        self._window.resize(SIZE)
        camera.settle = self._wait

    def go(self) -> None:
        """Find the patient, chart, note a side effect, book the repeat, look after the vials, print."""
        patient_id, appointment_id = self._next_patient()
        self._patients(patient_id)
        visit_id = self._chart(patient_id, appointment_id)
        self._schedule(visit_id)
        self._recall()
        self._stock()
        self._settings()
        self._paper(visit_id)

    def _wait(self) -> None:
        self._program.tasks.wait_idle(60)

    def _next_patient(self) -> tuple[int, int]:
        """Whoever is booked next for an injection with the demo's physician, else the last of the day."""
        services, actor = self._workplace.services, self._workplace.actor
        today = self._workplace.today()
        board = services.schedule.board(actor, today, 1).appointments
        waiting = [a for a in board if a.visit_id is None and a.type_name == "Injection"]
        mine = [a for a in waiting if services.charts.last_pattern(actor, a.patient_id)]
        chosen = next((a for a in mine if a.injector_id == actor.account_id), None) or (mine or list(board))[-1]
        return chosen.patient_id, chosen.id

    def _patients(self, patient_id: int) -> None:
        camera, clinic, window = self._camera, self._clinic, self._window
        window.show_view(PATIENTS)
        camera.take("patients-start", window)
        clinic.show_patient(patient_id)
        camera.take("patient-summary", window)
        for tab in ("history", "visits", "effects", "documents", "appointments"):
            clinic.patients.show_patient(patient_id, tab)
            camera.take(f"patient-{tab}", window)
        clinic.patients.record_side_effect(patient_id)
        camera.take("side-effect", window)
        clinic.patients.show_patient(patient_id)
        self._wait()
        clinic.patients.new_patient()
        camera.take("new-patient", window)
        clinic.patients.go_back()
        self._wait()

    def _chart(self, patient_id: int, appointment_id: int) -> int:
        camera, clinic, window = self._camera, self._clinic, self._window
        services, actor = self._workplace.services, self._workplace.actor
        window.show_view(MUSCLE_MAP)
        camera.take("map-without-visit", window)
        for plate in _OTHER_REGIONS:
            clinic.muscle_map.map.show_plate(plate)
            camera.take(f"map-{plate.replace('_', '-')}", window)
        draft = services.charts.start(actor, patient_id, repeat=True, appointment_id=appointment_id)
        clinic.open_draft(draft.id)
        camera.take("map-repeated-pattern", window)
        clinic.muscle_map.close_chart()
        self._wait()
        draft = services.charts.open(actor, draft.id)
        content = draft.content
        choices = services.stock.choices(actor, content.product, patient_id, content.visited_on)
        content = drawn_from_vials(content, content.product, choices, self._workplace.now() - timedelta(minutes=9))
        first = content.lines[0]
        changed = replace(first, units=plain_units(Decimal(first.units) * 4 / 5))
        content = replace(
            content,
            lines=(changed, *(replace(line, carried=number > 2) for number, line in enumerate(content.lines[1:], 1))),
            assessment="Turning to the side less than at the last visit; pain 2 of 10.",
            consent=True,
            plan="Repeat at the planned interval; physiotherapy goes on.",
        )
        services.charts.keep(actor, draft.id, draft.version, content)
        clinic.open_draft(draft.id)
        camera.take("map-charting", window)
        clinic.muscle_map.review()
        camera.take("map-signing", window)
        clinic.muscle_map.close_chart()
        self._wait()
        return self._sign(draft.id)

    def _sign(self, draft_id: int) -> int:
        """Balance the vials, confirm every line, answer what is found, and sign through the service."""
        from clinic_app.demo.charting import answers_for
        from clinic_app.services import charting

        services, actor = self._workplace.services, self._workplace.actor
        draft = services.charts.open(actor, draft_id)
        content = replace(
            draft.content,
            lines=tuple(replace(line, carried=False) for line in draft.content.lines),
        )
        choices = services.stock.choices(actor, content.product, draft.patient_id, content.visited_on)
        content = drawn_from_vials(content, content.product, choices, self._workplace.now() - timedelta(minutes=9))
        context = services.charts.context(actor, draft.patient_id)
        charted = charting.read(content, context, services.reference, self._workplace.now(), at_signing=True)
        content = replace(content, answers=answers_for(charted))
        confirmed = services.identity.confirm(actor, PIN)
        return services.charts.sign(actor, draft_id, draft.version, content, confirmed)

    def _schedule(self, visit_id: int) -> None:
        camera, clinic, window = self._camera, self._clinic, self._window
        today = self._workplace.today()
        window.show_view(SCHEDULE)
        clinic.schedule.show_day(today)
        camera.take("schedule-day", window)
        board = self._workplace.services.schedule.board(self._workplace.actor, today, 1).appointments
        if board:
            clinic.schedule.show_appointment(board[len(board) // 2].id)
            camera.take("schedule-appointment", window)
        clinic.schedule.set_mode(Mode.WEEK)
        camera.take("schedule-week", window)
        clinic.schedule.set_mode(Mode.LIST)
        camera.take("schedule-list", window)
        clinic.schedule.set_mode(Mode.DAY)
        clinic.propose_repeat(visit_id)
        camera.take("book-repeat", window)

    def _recall(self) -> None:
        camera, clinic, window = self._camera, self._clinic, self._window
        window.show_view(RECALL)
        assert clinic.recall is not None  # made when it is first shown
        camera.take("recall", window)
        clinic.recall.show_page(WAITING)
        camera.take("waiting-list", window)
        clinic.recall.new_item()
        camera.take("waiting-list-add", window)
        clinic.recall.show_page(REMINDERS)
        camera.take("reminders", window)

    def _stock(self) -> None:
        camera, stock, window = self._camera, self._clinic.stock, self._window
        assert stock is not None  # the demo's physician holds every role
        lots = self._workplace.services.stock.lots(self._workplace.actor)
        most_used = max(lots, key=lambda row: row.vials_received - row.vials_left).lot_id
        window.show_view(STOCK)
        stock.show_lot(most_used)
        stock.lot_page.tabs.setCurrentIndex(LEDGER)
        camera.take("stock-lot", window)
        stock.lot_page.begin(LotAct.DISCARD)
        camera.take("stock-discard", window)
        stock.go_back()
        stock.lot_page.tabs.setCurrentIndex(WHO_GOT_IT)
        camera.take("stock-patients", window)
        stock.receive()
        for serial in ("10001", "10002", "10003"):
            stock.receive_panel.form.scanned.emit(f"(01)00300231145014(17)280331(10)C7713C3(21){serial}")
        camera.take("stock-receive", window)
        stock.receive_panel.submit()
        self._wait()
        stock.prepare(self._workplace.today() + timedelta(days=1))
        camera.take("stock-prepare", window)
        stock.show_lots()

    def _settings(self) -> None:
        camera, window = self._camera, self._window
        window.show_view(SETTINGS)
        settings = window.view(SETTINGS)
        assert isinstance(settings, SettingsView)  # the demo's physician holds every role
        for page in settings.pages:
            settings.show_page(page)
            camera.take(f"settings-{page.title.split()[0].lower()}", window)

    def _paper(self, visit_id: int) -> None:
        camera = self._camera
        services, actor = self._workplace.services, self._workplace.actor
        patient_id = services.visits.details(actor, visit_id).patient_id
        today = self._workplace.today()
        monday = today - timedelta(days=today.weekday())
        schedule = services.schedule_papers
        note = services.papers.visit_note(actor, visit_id)
        papers: list[tuple[str, Paper]] = [
            ("visit-note", note),
            ("aftercare", services.papers.aftercare(actor, visit_id)),
            ("day-list", schedule.day_list(actor, today)),
            ("week-list", schedule.week_list(actor, monday)),
            ("recall-list", schedule.recall_list(actor)),
            ("waiting-list", schedule.waiting_list(actor)),
        ]
        to_reach = services.recall.rows(actor)
        if to_reach:
            papers.append(("recall-letter", schedule.recall_letters(actor, [to_reach[0].patient_id])))
        booked = services.schedule.of_patient(actor, patient_id)
        if booked:
            papers.append(("appointment-card", schedule.appointment_card(actor, booked[0].id)))
        for name, paper in papers:
            camera.take_paper(name, paper.render())
        preview = show_preview(note.title, note.render(), self._window)
        preview.resize(QSize(900, 860))
        camera.take("preview", preview)
        preview.close()
        camera.take_paper("recovery-code", _sample_recovery_sheet(today))


class _Heard(QObject):
    """Counts bugs told on the way; the tour then fails."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @Slot(object)
    def hear(self, _dialog: object) -> None:
        self.count += 1


def _opening_pages(camera: Camera) -> None:
    first_run = FirstRunPage()
    first_run.resize(SIZE)
    first_run.show()
    camera.take("first-run", first_run)
    first_run.show_recovery_code("0000-0000-0000-0000-0000-0000-0000-0000")
    camera.take("recovery-code-page", first_run)
    first_run.close()
    unlock = UnlockPage("Port Alder Movement Clinic")
    unlock.resize(SIZE)
    unlock.show()
    camera.take("unlock", unlock)
    unlock.show_error(str(ClinicError("passphrase_wrong")), "passphrase")
    camera.take("unlock-refused", unlock)
    unlock.close()


def _sample_recovery_sheet(made_on: date) -> bytes:
    from clinic_app.documents.letterhead import Clinic
    from clinic_app.documents.recovery_sheet import RecoverySheet, recovery_sheet_pdf

    sample = "0000-0000-0000-0000-0000-0000-0000-0000"
    return recovery_sheet_pdf(RecoverySheet(Clinic("Port Alder Movement Clinic"), sample, made_on, USER))


def _mid_morning(clock: Clock) -> datetime:
    """Twenty to eleven on today, or on the Friday before a weekend: somebody is waiting, somebody is booked."""
    today = local_now(clock, ZONE).date()
    working_day = today - timedelta(days=max(0, today.weekday() - 4))
    return datetime.combine(working_day, time(10, 40), ZoneInfo(ZONE)).astimezone(UTC)
