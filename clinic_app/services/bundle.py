"""All services of an open clinic, built once by the composition root."""

from dataclasses import dataclass
from pathlib import Path

from clinic_app.atlas.atlas import Atlas
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.models.research_key import ResearchKey
from clinic_app.models.small_files import SmallFile
from clinic_app.reference.catalogue import Reference
from clinic_app.resources import resource_path
from clinic_app.services.accounts import Accounts
from clinic_app.services.audit import AuditTrail
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.calendar_publishing import CalendarPublishing
from clinic_app.services.calendar_rules import CalendarRules
from clinic_app.services.calendars import Calendars
from clinic_app.services.capacity import Capacity
from clinic_app.services.charts import Charts
from clinic_app.services.clinic_rules import ClinicRules
from clinic_app.services.clinics import ClinicFacts, Clinics
from clinic_app.services.clock import Clock
from clinic_app.services.day_papers import DayPapers
from clinic_app.services.desk_privacy import DeskPrivacy
from clinic_app.services.diaries import Diaries
from clinic_app.services.draft_papers import DraftPapers
from clinic_app.services.fhir_export import FhirExport
from clinic_app.services.handouts import Handouts
from clinic_app.services.identity import Identity
from clinic_app.services.importing.imports import Imports
from clinic_app.services.inbox import Inbox
from clinic_app.services.kept_papers import KeptPapers
from clinic_app.services.letters import Letters
from clinic_app.services.local_drafts import LocalDrafts
from clinic_app.services.logos import Logos
from clinic_app.services.papers import Papers
from clinic_app.services.patient_export import PatientExport
from clinic_app.services.patients import Patients
from clinic_app.services.patterns import Patterns
from clinic_app.services.presence import Presence
from clinic_app.services.rebooking import Rebooking
from clinic_app.services.recall import Recall
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.record_place import RecordPlace
from clinic_app.services.rehearsal import Rehearsals
from clinic_app.services.reminders import Reminders
from clinic_app.services.repeat_reasons import RepeatReasons
from clinic_app.services.repeats import Repeats
from clinic_app.services.reports import Reports
from clinic_app.services.research import Research
from clinic_app.services.saved_lists import SavedLists
from clinic_app.services.scale_results import ScaleResults
from clinic_app.services.schedule import Schedule
from clinic_app.services.schedule_papers import SchedulePapers
from clinic_app.services.series import Series
from clinic_app.services.side_effects import SideEffects
from clinic_app.services.stock import Stock
from clinic_app.services.stock_papers import StockPapers
from clinic_app.services.taken_back import TakenBack
from clinic_app.services.timeline import Timeline
from clinic_app.services.visits import Visits
from clinic_app.services.waiting import WaitingList
from clinic_app.services.working_times import WorkingTimes
from clinic_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """What the window and the command line ask."""

    clock: Clock
    clinic: ClinicFacts
    reference: Reference
    atlas: Atlas
    clinics: Clinics
    clinic_rules: ClinicRules
    calendar_rules: CalendarRules
    working_times: WorkingTimes
    audit: AuditTrail
    records: RecordAccess
    patients: Patients
    charts: Charts
    patterns: Patterns
    visits: Visits
    side_effects: SideEffects
    scale_results: ScaleResults
    diaries: Diaries
    timeline: Timeline
    schedule: Schedule
    repeats: Repeats
    repeat_reasons: RepeatReasons
    series: Series
    taken_back: TakenBack
    recall: Recall
    rebooking: Rebooking
    waiting: WaitingList
    reminders: Reminders
    calendars: Calendars
    calendar_publishing: CalendarPublishing
    capacity: Capacity
    stock: Stock
    desk_privacy: DeskPrivacy
    inbox: Inbox
    reports: Reports
    papers: Papers
    letters: Letters
    day_papers: DayPapers
    draft_papers: DraftPapers
    kept_papers: KeptPapers
    logos: Logos
    handouts: Handouts
    schedule_papers: SchedulePapers
    stock_papers: StockPapers
    identity: Identity
    presence: Presence
    research: Research
    fhir_export: FhirExport
    imports: Imports
    patient_export: PatientExport
    saved_lists: SavedLists
    backup_plan: BackupPlan | None
    """None where nothing is backed up: the demo, and a database server."""
    rehearsals: Rehearsals | None
    """None where nothing is backed up."""
    accounts: Accounts | None
    """None where nobody unlocked the clinic with a key."""
    local_drafts: LocalDrafts | None
    """None where the record is on this computer."""
    record_place: RecordPlace | None
    """None where nobody said where the record is."""


def shipped_atlas() -> Atlas:
    """The plates that ship with the program; nothing is read until one is asked for."""
    return Atlas(resource_path("atlas", "baked"))


def build_services(
    database: Database,
    clock: Clock,
    reference: Reference,
    atlas: Atlas | None = None,
    *,
    key_file: Path | SmallFile | None = None,
    research_key: ResearchKey | None = None,
    backup: tuple[Settings, DataKey] | None = None,
    data_key: DataKey | None = None,
    drafts_folder: Path | None = None,
    settings: Settings | None = None,
) -> Services:
    """Plain constructors, in the order in which they need each other.

    Signing asks ``key_file`` for the passphrase; research exports keep their pseudonyms in ``research_key``. ``backup``
    are the settings and the data key with which the store makes its own backups; ``data_key`` is wrapped for accounts.
    In ``drafts_folder`` a workstation keeps charts for which the server is away; ``settings`` tell where the record is.
    """
    atlas = atlas or shipped_atlas()
    clinics = Clinics(database, clock)
    clinic = clinics.facts()
    zone = clinic.time_zone
    schedule = Schedule(database, clock, zone, reference)
    records = RecordAccess(database, clock, zone)
    charts = Charts(database, clock, zone, reference, records)
    recall = Recall(database, clock, zone)
    rebooking = Rebooking(database, clock, zone)
    waiting = WaitingList(database, clock, zone, reference)
    stock = Stock(database, clock, zone, reference)
    papers = Papers(database, clock, zone, reference, atlas, records)
    timeline = Timeline(database, clock, zone, reference, records)
    calendars = Calendars(database, clock, zone)
    plan = None if backup is None else BackupPlan(*backup, database, clock, zone)
    return Services(
        clock=clock,
        clinic=clinic,
        reference=reference,
        atlas=atlas,
        clinics=clinics,
        clinic_rules=ClinicRules(database, clock),
        calendar_rules=CalendarRules(database, clock, zone),
        working_times=WorkingTimes(database, clock, zone),
        audit=AuditTrail(database, clock, zone),
        records=records,
        patients=Patients(database, clock, zone, records),
        charts=charts,
        patterns=Patterns(database, clock),
        visits=Visits(database, clock, zone, reference, records),
        side_effects=SideEffects(database, clock, zone, reference, records),
        scale_results=ScaleResults(database, records),
        diaries=Diaries(database, clock, zone, records),
        timeline=timeline,
        schedule=schedule,
        repeats=Repeats(database, clock, zone, reference),
        repeat_reasons=RepeatReasons(database, clock, zone),
        series=Series(database, clock, zone, reference),
        taken_back=TakenBack(database, clock, zone, reference),
        recall=recall,
        rebooking=rebooking,
        waiting=waiting,
        reminders=Reminders(database, clock, zone),
        calendars=calendars,
        calendar_publishing=CalendarPublishing(database, clock, calendars),
        capacity=Capacity(database, clock, zone),
        stock=stock,
        desk_privacy=DeskPrivacy(database, clock),
        inbox=Inbox(database, clock, zone, reference, charts, recall, rebooking, records),
        reports=Reports(database, clock, zone, reference),
        papers=papers,
        letters=Letters(database, clock, zone, reference, papers, records),
        day_papers=DayPapers(database, papers, records),
        draft_papers=DraftPapers(database, reference, papers, records),
        kept_papers=KeptPapers(database, clock, zone, records),
        logos=Logos(database, clock),
        handouts=Handouts(database, clock, zone),
        schedule_papers=SchedulePapers(database, clock, zone, schedule, recall, waiting),
        stock_papers=StockPapers(database, clock, zone, reference, stock),
        identity=Identity(database, clock, key_file),
        presence=Presence(database, clock),
        research=Research(database, clock, zone, reference, research_key),
        fhir_export=FhirExport(database, clock, zone, reference, records),
        imports=Imports(database, clock, zone, reference),
        patient_export=PatientExport(database, clock, zone, reference, records, timeline),
        saved_lists=SavedLists(database, clock),
        backup_plan=plan,
        rehearsals=None if backup is None or plan is None else Rehearsals(*backup, database, clock, zone, plan),
        accounts=None if key_file is None or data_key is None else Accounts(database, clock, key_file, data_key),
        local_drafts=None if drafts_folder is None or data_key is None else LocalDrafts(drafts_folder, data_key),
        record_place=None if settings is None else RecordPlace(database, settings),
    )
