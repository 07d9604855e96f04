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
    Room,
    WorkingHours,
)
from clinic_app.models.patient import (
    Authorization,
    Diagnosis,
    DystoniaHistory,
    Patient,
    PatientComponent,
    PatientEntry,
    ToxinElsewhere,
)
from clinic_app.models.schedule import Appointment, AppointmentEvent
from clinic_app.models.side_effect import SideEffect, SideEffectAnswer, SuspectedMuscle
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
    "AppointmentEvent",
    "AppointmentType",
    "AuditEntry",
    "Authorization",
    "Base",
    "ChartDraft",
    "Clinic",
    "ClinicLimit",
    "Closure",
    "Diagnosis",
    "DraftPresence",
    "DystoniaHistory",
    "Injection",
    "InjectionPoint",
    "Lot",
    "Override",
    "Patient",
    "PatientComponent",
    "PatientEntry",
    "ProductCode",
    "Response",
    "Room",
    "SavedPattern",
    "ScaleTotal",
    "SideEffect",
    "SideEffectAnswer",
    "StockMovement",
    "SuspectedMuscle",
    "ToxinElsewhere",
    "Vial",
    "Visit",
    "WorkingHours",
]
