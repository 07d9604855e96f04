"""The walk of the tour: one morning in the demo clinic, with a picture at every stop."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from PySide6.QtCore import QSize

from clinic_app.demo.charting import drawn_from_vials
from clinic_app.demo.people import people
from clinic_app.demo.template import PIN, USER
from clinic_app.demo.told import NUMBER as TOLD
from clinic_app.services.charting import plain_units
from clinic_app.services.handouts import Printing
from clinic_app.services.paper import Paper
from clinic_app.services.reports_data import Question
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.services.waiting import FreePlace
from clinic_app.terms import AppointmentState, Severity
from clinic_app.ui.clinic_window import (
    INBOX,
    MUSCLE_MAP,
    PATIENTS,
    RECALL,
    REPORTS,
    SCHEDULE,
    SETTINGS,
    STOCK,
    ClinicWindow,
)
from clinic_app.ui.pdf_preview import show_preview
from clinic_app.ui.program import Program
from clinic_app.ui.recall.view import REBOOK, REMINDERS, WAITING
from clinic_app.ui.reports.wording import Preset
from clinic_app.ui.schedule.day_papers import DayPapersDialog
from clinic_app.ui.schedule.grid_model import Across, Mode
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.stock.lot_acts import LotAct
from clinic_app.ui.stock.lot_page import LEDGER
from clinic_app.ui.stock.lot_page import PATIENTS as WHO_GOT_IT
from clinic_app.ui.tour_camera import SIZE, Camera
from clinic_app.ui.tour_imports import walk_through_imports

_OTHER_REGIONS = ("face_front", "eyelids_right", "larynx_top", "forearm_anterior_right", "leg_posterior_left")
"""Plates that the walk looks at besides the one that is charted on."""


class Walk:
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
        self._inbox()
        visit_id = self._chart(patient_id, appointment_id)
        self._schedule(visit_id)
        self._recall()
        self._stock()
        self._reports()
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

    def _told_patient(self) -> int:
        """Whose course the demo tells: a rise, a side effect after it, the dose taken back."""
        record_number = people(self._workplace.today())[TOLD].form.record_number
        return self._workplace.services.patients.search(self._workplace.actor, record_number)[0].id

    def _patients(self, patient_id: int) -> None:
        camera, clinic, window = self._camera, self._clinic, self._window
        window.show_view(PATIENTS)
        camera.take("patients-start", window)
        clinic.show_patient(patient_id)
        camera.take("patient-summary", window)
        for tab in ("timeline", "history", "visits", "effects", "documents", "appointments"):
            clinic.patients.show_patient(patient_id, tab)
            camera.take(f"patient-{tab}", window)
        clinic.patients.show_patient(self._told_patient(), "timeline")
        camera.take("timeline-told", window)
        clinic.patients.show_patient(patient_id, "effects")
        self._wait()
        clinic.patients.record_side_effect(patient_id)
        camera.take("side-effect", window)
        last = self._workplace.services.visits.of_patient(self._workplace.actor, patient_id)[0].id
        effects = clinic.patients.page.effects
        for name, show in (("response", effects.note_response), ("diary-typed", effects.type_diary)):
            show(last)
            camera.take(name, window)
        clinic.patients.show_patient(patient_id)
        self._wait()
        clinic.patients.new_patient()
        camera.take("new-patient", window)
        clinic.patients.go_back()
        self._wait()

    def _inbox(self) -> None:
        """What waits, with a red flag that somebody reported by telephone chosen."""
        services, actor = self._workplace.services, self._workplace.actor
        due = services.recall.rows(actor)
        if due:
            form = SideEffectForm(
                visit_id=due[0].visit_id,
                kind="dysphagia",
                severity=Severity.SEVERE,
                started_on=due[0].injected_on + timedelta(days=8),
                action="Told to take soft food and to come today.",
                red_flag=True,
            )
            services.side_effects.record(actor, form)
        self._window.show_view(INBOX)
        self._wait()
        assert self._clinic.inbox is not None  # made when it is first shown
        table = self._clinic.inbox.list.table
        table.select(next(iter(table.rows_model.rows()), None))
        self._camera.take("inbox", self._window)

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
        chart = clinic.muscle_map.chart
        assert chart is not None
        for name, gather in (("draft-note", services.draft_papers.note), ("vial-labels", services.draft_papers.labels)):
            camera.take_paper(name, gather(actor, patient_id, chart.content, chart.charted).render())
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
        clinic.schedule.set_across(Across.ROOMS)
        camera.take("schedule-rooms", window)
        clinic.schedule.set_across(Across.INJECTORS)
        for mode in (Mode.WEEK, Mode.MONTH, Mode.AHEAD, Mode.LIST):
            clinic.schedule.set_mode(mode)
            camera.take(f"schedule-{mode.value.lower()}", window)
        clinic.schedule.set_mode(Mode.DAY)
        clinic.schedule.new_appointment()
        clinic.schedule.booking_form.series_fields.series_field.editor.click()
        camera.take("schedule-series", window)
        clinic.schedule.go_back()
        self._freed_place()
        clinic.propose_repeat(visit_id)
        camera.take("book-repeat", window)

    def _freed_place(self) -> None:
        """Cancel the next appointment whose place somebody on the waiting list would take."""
        services, actor, today = self._workplace.services, self._workplace.actor, self._workplace.today()
        for row in services.schedule.board(actor, today + timedelta(days=1), 21).appointments:
            place = FreePlace(row.injector_id, row.starts_at, row.minutes, row.room_id)
            if row.state is AppointmentState.BOOKED and services.waiting.offers(actor, place):
                schedule = self._clinic.schedule
                schedule.show_appointment(row.id)
                self._wait()
                schedule.appointment_panel.begin_cancel()
                schedule.appointment_panel.cancel_form.reason_field.set_value("Has a cold")
                schedule.appointment_panel.cancel_form.action.click()
                self._camera.take("freed-place", self._window)
                schedule.go_back()
                return

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
        services, actor = self._workplace.services, self._workplace.actor
        monday = self._workplace.today() + timedelta(days=7 - self._workplace.today().weekday())
        services.working_times.close(actor, monday, monday, "Burst pipe")
        clinic.recall.show_page(REBOOK)
        camera.take("to-rebook", window)

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

    def _reports(self) -> None:
        camera, window = self._camera, self._window
        window.show_view(REPORTS)
        reports = self._clinic.reports
        assert reports is not None  # made when it is first shown
        reports.filters.set_period(Preset.ALL)
        for question in Question:
            reports.questions.choose(question)
            camera.take(f"reports-{question.value.replace('_', '-')}", window)
        reports.questions.choose_export()
        camera.take("research-export", window)
        reports.go_back()
        self._wait()
        table, report = reports.answer_table(), reports.report()
        assert table is not None
        assert report is not None
        if report.lines:
            table.opened.emit(max(report.lines, key=lambda line: line.count))
            camera.take("reports-visits", window)
            services, actor = self._workplace.services, self._workplace.actor
            camera.take_paper("report", services.reports.paper(actor, report).render())

    def _settings(self) -> None:
        camera, window = self._camera, self._window
        window.show_view(SETTINGS)
        settings = window.view(SETTINGS)
        assert isinstance(settings, SettingsView)  # the demo's physician holds every role
        for page in settings.pages:
            settings.show_page(page)
            camera.take(f"settings-{page.title.split()[0].lower()}", window)
        if settings.importing is not None:
            settings.show_page(settings.importing)
            known = self._workplace.services.patients.details(self._workplace.actor, self._told_patient()).form
            walk_through_imports(camera, window, settings.importing, known)

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
            ("referral-letter", services.letters.referral_letter(actor, visit_id)),
            ("aftercare", services.papers.aftercare(actor, visit_id)),
            ("diary", services.papers.diary(actor, visit_id)),
            ("patient-record", services.patient_export.paper(actor, patient_id)),
            ("handout", services.handouts.paper(actor, "living", "en")),
            ("handout-large-print", services.handouts.paper(actor, "when_to_call", "es", Printing(True, True))),
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
        dialog = DayPapersDialog(self._workplace, today, self._window)
        dialog.show()
        camera.take("day-papers", dialog)
        dialog.close()
        preview = show_preview(note.title, note.render(), self._window, kind=note.kind)
        preview.resize(QSize(900, 860))
        camera.take("preview", preview)
        preview.close()
        camera.take_paper("recovery-code", _sample_recovery_sheet(today))


def _sample_recovery_sheet(made_on: date) -> bytes:
    from clinic_app.documents.letterhead import Clinic
    from clinic_app.documents.page import to_pdf
    from clinic_app.documents.recovery_sheet import RecoverySheet, recovery_sheet_document

    sample = "0000-0000-0000-0000-0000-0000-0000-0000"
    return to_pdf(recovery_sheet_document(RecoverySheet(Clinic("Port Alder Movement Clinic"), sample, made_on, USER)))
