"""Every document with a text in each field that somebody types, and the most pages that it may then have.

A new document is a function more, and a line in ``EVERY``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import cycle

from clinic_app.atlas.atlas import Atlas
from clinic_app.documents.aftercare import AftercareHandout, TreatedMuscle, aftercare_document
from clinic_app.documents.appointment_card import AppointmentCard, appointment_card_document
from clinic_app.documents.chart_content import Picture, Series, Value
from clinic_app.documents.day_list import DayEntry, DayList, day_list_document
from clinic_app.documents.diary import Diary, diary_document
from clinic_app.documents.handout import Handout, handout_document
from clinic_app.documents.handout_text import LONGEST, HandoutText, Title, read_blocks
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.lot_letter import LetterRecipient, LotLetter, lot_letter_document
from clinic_app.documents.lot_list import LotList, LotVisit, lot_list_document
from clinic_app.documents.map_picture import MapDose, MapPicture, MapPoint
from clinic_app.documents.page import Document, Edition
from clinic_app.documents.patient_record import patient_record_document
from clinic_app.documents.patient_record_content import (
    Named,
    PatientRecord,
    RecordAppointment,
    RecordAuthorization,
    RecordDiagnosis,
    RecordDiary,
    RecordEffect,
    RecordElsewhere,
    RecordEntry,
    RecordHistory,
    RecordInjection,
    RecordPerson,
    RecordResponse,
    RecordScore,
    RecordVial,
    RecordVisit,
    RecordWeek,
)
from clinic_app.documents.preparation_list import (
    ListedPatient,
    ListedProduct,
    ListedVials,
    PreparationList,
    preparation_list_document,
)
from clinic_app.documents.recall_letter import RecallLetters, RecallRecipient, recall_letter_document
from clinic_app.documents.recall_list import RecallEntry, RecallList, recall_list_document
from clinic_app.documents.recovery_sheet import RecoverySheet, recovery_sheet_document
from clinic_app.documents.referral_letter import LetterInjection, ReferralLetter, referral_letter_document
from clinic_app.documents.reminder_list import Reminder, ReminderList, reminder_list_document
from clinic_app.documents.report import ReportPaper, report_document
from clinic_app.documents.tables import Column
from clinic_app.documents.timeline import TimelinePaper, timeline_document
from clinic_app.documents.vial_label import VialLabel, vial_label_document
from clinic_app.documents.visit_content import (
    NoteAddendum,
    NoteCheck,
    NoteInjection,
    NoteOrigin,
    NoteResponse,
    NoteSignature,
    NoteTotal,
    NoteVial,
    VisitNote,
)
from clinic_app.documents.visit_note import visit_note_document
from clinic_app.documents.waiting_list import WaitingEntry, WaitingPaper, waiting_list_document
from clinic_app.documents.week_list import InjectorWeek, WeekDay, WeekEntry, WeekList, week_list_document
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import load_reference
from clinic_app.resources import resource_path
from clinic_app.terms import AppointmentState, EntryKind, Severity, Side
from clinic_app.timeline.course import Benefit, Course, CourseEffect, CourseVisit, Dose, Treatment, TreatmentKind

DAY = date(2026, 11, 24)
BORN = date(1961, 3, 12)
AT = datetime(2026, 11, 24, 9, 30)
ROWS = range(6)
"""Of each list: how many rows a list may have is the business of its own tests."""


class Words:
    """Hands out the texts in turn, each behind a word of its own, by which it is found again on paper."""

    def __init__(self, *texts: str) -> None:
        self._texts = cycle(texts)
        self.told: list[str] = []
        self.names: list[str] = []

    def __call__(self) -> str:
        """A text that somebody typed."""
        letters = "BCDFGHJKLM"
        number = len(self.told)
        self.told.append(f"Q{letters[number // 10 % 10]}{letters[number % 10]}" + "Q" * (number // 100))
        return f"{self.told[-1]} {next(self._texts)}"

    def name(self) -> str:
        """The name of a patient."""
        text = self()
        self.names.append(self.told[-1])
        return text

    def unseen(self) -> str:
        """A text of which there is perhaps no room for a single word."""
        text = self()
        self.told.pop()
        return text


def _clinic(words: Words) -> Clinic:
    return Clinic(words(), (words(), words(), words()), words())


def _patient(words: Words) -> PatientIdentity:
    return PatientIdentity(words.name(), BORN, words())


def _note(words: Words, edition: Edition) -> VisitNote:
    pictures = tuple(
        MapPicture(
            replace(plate, title=words()),
            (MapDose("splenius_capitis", "left", Decimal("33.3")), MapDose("splenius_capitis", "right", Decimal(60))),
            (MapPoint(60, 60, words(), "splenius_capitis", "right"), MapPoint(9_999, -9_999, "12.5")),
        )
        for plate in map(_atlas().plate, ("head_neck_posterior", "head_neck_lateral_left", "head_neck_lateral_right"))
    )
    vial = NoteVial(
        words(), words(), DAY, Decimal(100), words(), Decimal(2), Decimal(5), AT, Decimal(60), Decimal(40), words()
    )
    return VisitNote(
        clinic=_clinic(words),
        patient=_patient(words),
        visited_on=DAY,
        injector=words(),
        indication=words(),
        icd10cm="G24.3",
        response=NoteResponse(75, 8, 10, (words(),), remark=words()),
        history=words(),
        assessment=words(),
        scale_totals=((words(), "17"),),
        consent=words(),
        vials=(vial, replace(vial, lot=words())),
        injections=tuple(
            NoteInjection(words(), "left", Decimal("12.5"), Decimal("0.25"), 2, (words(),), words(), words())
            for _ in ROWS
        ),
        totals=(NoteTotal(words(), Decimal(75), Decimal("1.5")), NoteTotal(words(), Decimal(75))),
        pictures=pictures,
        checks=tuple(NoteCheck("Overridden", words(), words(), words()) for _ in ROWS),
        complications=words(),
        codes=(words(),),
        plan=words(),
        next_interval=words(),
        next_visit=AT,
        edition=edition,
    )


def draft_note(words: Words, edition: Edition) -> Document:
    return visit_note_document(_note(words, edition))


def signed_note(words: Words, edition: Edition) -> Document:
    addenda = tuple(NoteAddendum(words(), AT, words(), words(), "b5bb9d80" * 8) for _ in range(2))
    signature = NoteSignature(words(), AT, "9f86d081" * 8)
    return visit_note_document(replace(_note(words, edition), signature=signature, addenda=addenda))


def aftercare(words: Words, edition: Edition) -> Document:
    reference = load_reference()
    treated = ("splenius_capitis", "sternocleidomastoideus", "orbicularis_oculi_pretarsal")
    return aftercare_document(
        AftercareHandout(
            _clinic(words),
            _patient(words),
            DAY,
            words(),
            tuple(TreatedMuscle(reference.muscles[muscle], "left") for muscle in treated),
            tuple(reference.side_effects.values()),
            (words(), words()),
            12,
            AT,
            edition,
        )
    )


def diary(words: Words, edition: Edition) -> Document:
    return diary_document(Diary(_clinic(words), _patient(words), DAY, edition))


def appointment_card(words: Words, edition: Edition) -> Document:
    clinic = Clinic(words(), (words(), words.unseen()), words.unseen())  # its address is one line, and so is its foot
    return appointment_card_document(AppointmentCard(clinic, words.name(), AT, 30, words(), edition))


def recall_letter(words: Words, edition: Edition) -> Document:
    to = RecallRecipient(_patient(words), (words(), words(), words()), "no_show", DAY, 12, DAY, edition.language)
    return recall_letter_document(RecallLetters(_clinic(words), DAY, (to,), edition), to)


def lot_letter(words: Words, edition: Edition) -> Document:
    to = LetterRecipient(_patient(words), (words(), words()), (DAY, DAY), edition.language)
    return lot_letter_document(LotLetter(_clinic(words), words(), words(), words(), DAY, (to,), edition), to)


def lot_list(words: Words, edition: Edition) -> Document:
    visits = [
        LotVisit(_patient(words), words(), words(), DAY, words(), Decimal(60), Decimal(40), words()) for _ in ROWS
    ]
    return lot_list_document(
        LotList(_clinic(words), words(), words(), Decimal(100), DAY, DAY, visits, words(), edition)
    )


def day_list(words: Words, edition: Edition) -> Document:
    entries = [DayEntry(AT, words.name(), BORN, words(), words(), words(), words(), words(), words()) for _ in ROWS]
    return day_list_document(DayList(_clinic(words), DAY, entries, words(), edition))


def week_list(words: Words, edition: Edition) -> Document:
    def day(number: int) -> WeekDay:
        entries = [WeekEntry(AT, 30, _patient(words), words(), words(), words(), words()) for _ in range(3)]
        return WeekDay(DAY + timedelta(days=number), entries, words())

    weeks = [InjectorWeek(words(), [day(0), day(1)]), InjectorWeek(words(), [WeekDay(DAY, (), words())])]
    return week_list_document(WeekList(_clinic(words), DAY, weeks, DAY, edition))


def recall_list(words: Words, edition: Edition) -> Document:
    entries = [RecallEntry(_patient(words), words(), words(), words(), DAY, DAY, DAY, 2, DAY, words()) for _ in ROWS]
    return recall_list_document(RecallList(_clinic(words), DAY, 4, entries, edition))


def reminder_list(words: Words, edition: Edition) -> Document:
    entries = [Reminder(_patient(words), words(), words(), AT, words(), words(), words()) for _ in ROWS]
    return reminder_list_document(ReminderList(_clinic(words), DAY, entries, edition))


def waiting_list(words: Words, edition: Edition) -> Document:
    entries = [
        WaitingEntry(
            _patient(words), words(), words(), 30, DAY, words.unseen(), (0, 2, 4), time(8), time(12), DAY, DAY, 2,
            AT, DAY, words(),
        )
        for _ in ROWS
    ]  # fmt: skip
    return waiting_list_document(WaitingPaper(_clinic(words), DAY, entries, edition))


def preparation_list(words: Words, edition: Edition) -> Document:
    vials = ListedVials(words(), Decimal(100), DAY, 2, words.name())
    patients = [
        ListedPatient(
            time(9, 30), _patient(words), words(), words(), Decimal("230.5"),
            (replace(vials, lot=words()), vials), Decimal("19.5"), Decimal(5), words(),
        )
        for _ in ROWS
    ]  # fmt: skip
    products = [ListedProduct(words(), Decimal("230.5"), (vials,), Decimal("19.5"), Decimal(5))]
    return preparation_list_document(PreparationList(_clinic(words), DAY, patients, products, edition))


def report(words: Words, edition: Edition, *, lying: bool) -> Document:
    categories = tuple(words.unseen() for _ in ROWS) if lying else tuple(date(2026, month, 1) for month in range(1, 7))
    values = tuple(Value(number + 0.5, number, number + 2) for number in ROWS)
    series = (Series("Before", values), Series("After", values[::-1]))
    picture = Picture("Median", "weeks", categories, series, lying)
    return report_document(
        ReportPaper(
            _clinic(words),
            "Cycle length",
            "Mar 3, 2025 – Mar 2, 2026",
            (words(), words()),
            picture,
            [Column("Injector", 20), Column("Cycles", 10, "decimal"), Column("Reason", 10)],
            [(words(), "12.5", words()) for _ in ROWS],
            ["A first injection here ends no cycle."],
            DAY,
            edition,
        )
    )


def timeline(words: Words, edition: Edition) -> Document:
    product = "onabotulinumtoxinA"
    days = [DAY - timedelta(days=84 * number + 10) for number in reversed(range(5))]
    doses = tuple(Dose(f"m{n}", words.unseen(), Side.LEFT, product, Decimal(30)) for n in range(4))
    course = Course(
        DAY,
        tuple(CourseVisit(n, day, words.unseen(), doses, Benefit(7, 60, 10)) for n, day in enumerate(days)),
        (CourseEffect(1, 0, days[0], words.unseen(), Severity.SEVERE, days[0] + timedelta(days=8), None),),
        (),
        (Treatment(TreatmentKind.MEDICINE, words.unseen(), PartialDate.of(days[1])),),
        (),
        ((product, words()),),
    )
    return timeline_document(TimelinePaper(_clinic(words), _patient(words), course, edition))


def handout(words: Words, edition: Edition, *, large: bool, contrast: bool) -> Document:
    body = "\n\n".join((words(), f"- {words.unseen()}", f"# {words.unseen()}", f"1. {words.unseen()}"))[:LONGEST]
    text = HandoutText(
        words(), words.unseen(), edition.language, 2, DAY, 6.0, (words(),), (Title(words()), *read_blocks(body))
    )
    return handout_document(Handout(_clinic(words), text, DAY, words(), large, contrast, edition))


def recovery_sheet(words: Words, edition: Edition) -> Document:
    return recovery_sheet_document(RecoverySheet(_clinic(words), "7K2M-QX9P-4TRW-ZB3N" * 2, DAY, words(), edition))


def patient_record(words: Words, edition: Edition) -> Document:
    neck, origin = Named("Neck", "neck"), NoteOrigin(words.unseen(), AT, words.unseen())
    given = RecordInjection(words(), Side.LEFT, Decimal("12.5"), (neck,), neck, words())
    visit = RecordVisit(
        DAY, words(), Named(words()), NoteSignature(words(), AT, "9f86d081" * 8), "G24.3", None,
        (RecordVial(words(), words.unseen(), DAY, (given,)),), True, words(), words(), words(), 12, (words(),),
        (NoteCheck("stop", words(), "He weighed it.", words()),), (NoteAddendum(words(), AT, words(), words()),),
        RecordResponse(75, 8, 10, neck, neck, 3, words()),
    )  # fmt: skip
    return patient_record_document(
        PatientRecord(
            _clinic(words),
            _patient(words),
            AT,
            words(),
            RecordPerson(address=words(), phone=words(), referring_doctor=words(), payer=words(), note=words()),
            (RecordDiagnosis(Named(words()), "G24.3", PartialDate(2019, 4)),),
            RecordHistory(Named(words()), cause=words(), components=((neck, Side.LEFT),), family=words()),
            tuple(RecordEntry(kind, words(), detail=words.unseen(), since=PartialDate(2019)) for kind in EntryKind),
            (visit, RecordVisit(DAY, words(), neck, NoteSignature("", AT, ""), brought_in=origin)),
            (RecordEffect(neck, words(), DAY, Severity.SEVERE, DAY, DAY, ((words(), Side.LEFT),), words()),),
            (RecordScore(DAY, words(), Decimal("17.5")),),
            (RecordDiary(DAY, (RecordWeek(1, DAY, DAY, 60, 3, words()),)),),
            (RecordAppointment(AT, 30, words(), words(), AppointmentState.NO_SHOW, words()),),
            (RecordElsewhere(DAY, words(), Decimal(100), words(), words()),),
            (RecordAuthorization(words(), words(), Decimal(400), 4, DAY, DAY),),
            edition=edition,
        )
    )


@cache
def _atlas() -> Atlas:
    return Atlas(resource_path("atlas", "baked"))


@dataclass(frozen=True)
class Kind:
    """A document laid out with these words, and the most pages that it may have whatever they say."""

    laid_out: Callable[[Words, Edition], Document]
    most_pages: int
    edge: float = 12.0
    """Points at the rim that stay white: office printers do not reach them, those of labels reach nearly all."""


def referral_letter(words: Words, edition: Edition) -> Document:
    injections = [LetterInjection(words(), "left", Decimal(20), "onabotulinumtoxinA", words()) for _ in ROWS]
    return referral_letter_document(
        ReferralLetter(
            clinic=_clinic(words),
            patient=_patient(words),
            to=words(),
            written_on=DAY,
            visited_on=DAY,
            injector=words(),
            indication=words(),
            signature=NoteSignature(words(), AT, "9f86d081" * 8),
            injections=injections,
            totals=[NoteTotal("onabotulinumtoxinA", Decimal(200))],
            response=NoteResponse(60, 8, 11, (words(),), True, words(), DAY),
            assessment=words(),
            scale_totals=[(words(), words())],
            complications=words(),
            plan=words(),
            corrections=[NoteAddendum(words(), AT, words(), "The reason is the clinic's own.", "b5bb9d80" * 8)],
            edition=edition,
        )
    )


def vial_label(words: Words, edition: Edition) -> Document:
    clock = AT.replace(tzinfo=None)
    label = VialLabel(
        product=words(),
        lot=words(),
        expires_on=DAY,
        size_units=Decimal(100),
        diluent=words.unseen(),
        diluent_ml=Decimal(2),
        units_per_tenth_ml=Decimal(5),
        mixed_at=clock,
        use_by=clock,
        patient=_patient(words),
        clinic=words.unseen(),
        edition=edition,
    )
    return vial_label_document(label)


EVERY = {
    "signed note": Kind(signed_note, 12),
    "draft note": Kind(draft_note, 10),
    "aftercare": Kind(aftercare, 3),
    "diary": Kind(diary, 2),
    "appointment card": Kind(appointment_card, 1),
    "recall letter": Kind(recall_letter, 1),
    "lot letter": Kind(lot_letter, 3),
    "referral letter": Kind(referral_letter, 4),
    "vial label": Kind(vial_label, 1, edge=3.0),
    "lot list": Kind(lot_list, 2),
    "day list": Kind(day_list, 2),
    "week list": Kind(week_list, 3),
    "recall list": Kind(recall_list, 2),
    "reminder list": Kind(reminder_list, 2),
    "waiting list": Kind(waiting_list, 2),
    "preparation list": Kind(preparation_list, 3),
    "report along months": Kind(lambda words, edition: report(words, edition, lying=False), 2),
    "report of named rows": Kind(lambda words, edition: report(words, edition, lying=True), 2),
    "timeline": Kind(timeline, 2),
    "handout": Kind(lambda words, edition: handout(words, edition, large=False, contrast=False), 24),
    "handout in large print": Kind(lambda words, edition: handout(words, edition, large=True, contrast=False), 24),
    "handout in high contrast": Kind(lambda words, edition: handout(words, edition, large=False, contrast=True), 24),
    "recovery sheet": Kind(recovery_sheet, 2),
    "patient record": Kind(patient_record, 70),
}
