"""The records. Importing this package imports every table, so that the metadata is whole."""

from clinic_app.models.audit import AuditEntry
from clinic_app.models.base import Base
from clinic_app.models.clinic import (
    Account,
    AccountRole,
    AppointmentType,
    Clinic,
    ClinicLimit,
    Closure,
    DayHours,
    Device,
    Room,
    WorkedHoliday,
    WorkingHours,
)
from clinic_app.models.commit_mark import CommitMark
from clinic_app.models.data_import import DataImport, ImportedRow
from clinic_app.models.handout import ClinicHandout, GivenHandout, HandoutEdition
from clinic_app.models.outcome import DiaryWeek, ScaleResult
from clinic_app.models.paper import ClinicLogo, KeptFile, KeptPaper
from clinic_app.models.patient import (
    Authorization,
    Diagnosis,
    DystoniaHistory,
    Patient,
    PatientComponent,
    PatientEntry,
    ToxinElsewhere,
)
from clinic_app.models.report_cells import ReportMonth, ReportState, ReportTouch
from clinic_app.models.restriction import RecordGrant, Restriction
from clinic_app.models.schedule import (
    Appointment,
    AppointmentDevice,
    AppointmentEvent,
    AppointmentSeries,
    ContactAttempt,
    TreatmentCycle,
    WaitingWish,
)
from clinic_app.models.search_word import NamePart, SearchWord
from clinic_app.models.side_effect import SideEffect, SideEffectAnswer, SuspectedMuscle
from clinic_app.models.small_files import ClinicFile
from clinic_app.models.stock import Lot, ProductCode, StockMovement
from clinic_app.models.visit import (
    Addendum,
    ChartDraft,
    DraftPresence,
    Injection,
    InjectionPoint,
    Override,
    Response,
    SavedPattern,
    ScaleTotal,
    Vial,
    Visit,
)

__all__ = [
    "Account",
    "AccountRole",
    "Addendum",
    "Appointment",
    "AppointmentDevice",
    "AppointmentEvent",
    "AppointmentSeries",
    "AppointmentType",
    "AuditEntry",
    "Authorization",
    "Base",
    "ChartDraft",
    "Clinic",
    "ClinicFile",
    "ClinicHandout",
    "ClinicLimit",
    "ClinicLogo",
    "Closure",
    "CommitMark",
    "ContactAttempt",
    "DataImport",
    "DayHours",
    "Device",
    "Diagnosis",
    "DiaryWeek",
    "DraftPresence",
    "DystoniaHistory",
    "GivenHandout",
    "HandoutEdition",
    "ImportedRow",
    "Injection",
    "InjectionPoint",
    "KeptFile",
    "KeptPaper",
    "Lot",
    "NamePart",
    "Override",
    "Patient",
    "PatientComponent",
    "PatientEntry",
    "ProductCode",
    "RecordGrant",
    "ReportMonth",
    "ReportState",
    "ReportTouch",
    "Response",
    "Restriction",
    "Room",
    "SavedPattern",
    "ScaleResult",
    "ScaleTotal",
    "SearchWord",
    "SideEffect",
    "SideEffectAnswer",
    "StockMovement",
    "SuspectedMuscle",
    "ToxinElsewhere",
    "TreatmentCycle",
    "Vial",
    "Visit",
    "WaitingWish",
    "WorkedHoliday",
    "WorkingHours",
]
