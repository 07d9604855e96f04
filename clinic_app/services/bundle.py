"""All services of an open clinic, each imported and built when it is first asked for.

Most of a morning needs a few of them. To import all takes as long as it takes a bare window to be there.
"""
# ruff: noqa: D102  # what a service is for stands in its own class

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path
from clinic_app.services.clinics import Clinics

if TYPE_CHECKING:
    from pathlib import Path

    from clinic_app.models.data_key import DataKey
    from clinic_app.models.database import Database
    from clinic_app.models.research_key import ResearchKey
    from clinic_app.models.small_files import SmallFile
    from clinic_app.reference.catalogue import Reference
    from clinic_app.services.accounts import Accounts
    from clinic_app.services.audit import AuditTrail
    from clinic_app.services.backup_plan import BackupPlan
    from clinic_app.services.calendar_publishing import CalendarPublishing
    from clinic_app.services.calendar_rules import CalendarRules
    from clinic_app.services.calendars import Calendars
    from clinic_app.services.capacity import Capacity
    from clinic_app.services.charts import Charts
    from clinic_app.services.clinic_rules import ClinicRules
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


def shipped_atlas() -> Atlas:
    """The plates that ship with the program; nothing is read until one is asked for."""
    return Atlas(resource_path("atlas", "baked"))


class Services:
    """What the window and the command line ask: plain constructors, told what they need of each other."""

    def __init__(
        self,
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
    ) -> None:
        """Signing asks ``key_file`` for the passphrase; research exports keep their pseudonyms in ``research_key``.

        ``backup`` are the settings and the data key with which the store makes its own backups; ``data_key`` is wrapped
        for accounts. In ``drafts_folder`` a workstation keeps charts for which the server is away; ``settings`` tell
        where the record is.
        """
        self.clock = clock
        self.reference = reference
        self.atlas = atlas or shipped_atlas()
        self.clinics = Clinics(database, clock)
        self.clinic = self.clinics.facts()
        self._database = database
        self._zone = self.clinic.time_zone
        self._key_file = key_file
        self._research_key = research_key
        self._backup = backup
        self._data_key = data_key
        self._drafts_folder = drafts_folder
        self._settings = settings

    @cached_property
    def clinic_rules(self) -> ClinicRules:
        from clinic_app.services.clinic_rules import ClinicRules

        return ClinicRules(self._database, self.clock)

    @cached_property
    def calendar_rules(self) -> CalendarRules:
        from clinic_app.services.calendar_rules import CalendarRules

        return CalendarRules(self._database, self.clock, self._zone)

    @cached_property
    def working_times(self) -> WorkingTimes:
        from clinic_app.services.working_times import WorkingTimes

        return WorkingTimes(self._database, self.clock, self._zone)

    @cached_property
    def audit(self) -> AuditTrail:
        from clinic_app.services.audit import AuditTrail

        return AuditTrail(self._database, self.clock, self._zone)

    @cached_property
    def records(self) -> RecordAccess:
        from clinic_app.services.record_access import RecordAccess

        return RecordAccess(self._database, self.clock, self._zone)

    @cached_property
    def patients(self) -> Patients:
        from clinic_app.services.patients import Patients

        return Patients(self._database, self.clock, self._zone, self.records)

    @cached_property
    def charts(self) -> Charts:
        from clinic_app.services.charts import Charts

        return Charts(self._database, self.clock, self._zone, self.reference, self.records)

    @cached_property
    def patterns(self) -> Patterns:
        from clinic_app.services.patterns import Patterns

        return Patterns(self._database, self.clock)

    @cached_property
    def visits(self) -> Visits:
        from clinic_app.services.visits import Visits

        return Visits(self._database, self.clock, self._zone, self.reference, self.records)

    @cached_property
    def side_effects(self) -> SideEffects:
        from clinic_app.services.side_effects import SideEffects

        return SideEffects(self._database, self.clock, self._zone, self.reference, self.records)

    @cached_property
    def scale_results(self) -> ScaleResults:
        from clinic_app.services.scale_results import ScaleResults

        return ScaleResults(self._database, self.records)

    @cached_property
    def diaries(self) -> Diaries:
        from clinic_app.services.diaries import Diaries

        return Diaries(self._database, self.clock, self._zone, self.records)

    @cached_property
    def timeline(self) -> Timeline:
        from clinic_app.services.timeline import Timeline

        return Timeline(self._database, self.clock, self._zone, self.reference, self.records)

    @cached_property
    def schedule(self) -> Schedule:
        from clinic_app.services.schedule import Schedule

        return Schedule(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def repeats(self) -> Repeats:
        from clinic_app.services.repeats import Repeats

        return Repeats(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def repeat_reasons(self) -> RepeatReasons:
        from clinic_app.services.repeat_reasons import RepeatReasons

        return RepeatReasons(self._database, self.clock, self._zone)

    @cached_property
    def series(self) -> Series:
        from clinic_app.services.series import Series

        return Series(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def taken_back(self) -> TakenBack:
        from clinic_app.services.taken_back import TakenBack

        return TakenBack(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def recall(self) -> Recall:
        from clinic_app.services.recall import Recall

        return Recall(self._database, self.clock, self._zone)

    @cached_property
    def rebooking(self) -> Rebooking:
        from clinic_app.services.rebooking import Rebooking

        return Rebooking(self._database, self.clock, self._zone)

    @cached_property
    def waiting(self) -> WaitingList:
        from clinic_app.services.waiting import WaitingList

        return WaitingList(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def reminders(self) -> Reminders:
        from clinic_app.services.reminders import Reminders

        return Reminders(self._database, self.clock, self._zone)

    @cached_property
    def calendars(self) -> Calendars:
        from clinic_app.services.calendars import Calendars

        return Calendars(self._database, self.clock, self._zone)

    @cached_property
    def calendar_publishing(self) -> CalendarPublishing:
        from clinic_app.services.calendar_publishing import CalendarPublishing

        return CalendarPublishing(self._database, self.clock, self.calendars)

    @cached_property
    def capacity(self) -> Capacity:
        from clinic_app.services.capacity import Capacity

        return Capacity(self._database, self.clock, self._zone)

    @cached_property
    def stock(self) -> Stock:
        from clinic_app.services.stock import Stock

        return Stock(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def desk_privacy(self) -> DeskPrivacy:
        from clinic_app.services.desk_privacy import DeskPrivacy

        return DeskPrivacy(self._database, self.clock)

    @cached_property
    def inbox(self) -> Inbox:
        from clinic_app.services.inbox import Inbox

        return Inbox(
            self._database,
            self.clock,
            self._zone,
            self.reference,
            self.charts,
            self.recall,
            self.rebooking,
            self.records,
        )

    @cached_property
    def reports(self) -> Reports:
        from clinic_app.services.reports import Reports

        return Reports(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def papers(self) -> Papers:
        from clinic_app.services.papers import Papers

        return Papers(self._database, self.clock, self._zone, self.reference, self.atlas, self.records)

    @cached_property
    def letters(self) -> Letters:
        from clinic_app.services.letters import Letters

        return Letters(self._database, self.clock, self._zone, self.reference, self.papers, self.records)

    @cached_property
    def day_papers(self) -> DayPapers:
        from clinic_app.services.day_papers import DayPapers

        return DayPapers(self._database, self.papers, self.records)

    @cached_property
    def draft_papers(self) -> DraftPapers:
        from clinic_app.services.draft_papers import DraftPapers

        return DraftPapers(self._database, self.reference, self.papers, self.records)

    @cached_property
    def kept_papers(self) -> KeptPapers:
        from clinic_app.services.kept_papers import KeptPapers

        return KeptPapers(self._database, self.clock, self._zone, self.records)

    @cached_property
    def logos(self) -> Logos:
        from clinic_app.services.logos import Logos

        return Logos(self._database, self.clock)

    @cached_property
    def handouts(self) -> Handouts:
        from clinic_app.services.handouts import Handouts

        return Handouts(self._database, self.clock, self._zone)

    @cached_property
    def schedule_papers(self) -> SchedulePapers:
        from clinic_app.services.schedule_papers import SchedulePapers

        return SchedulePapers(self._database, self.clock, self._zone, self.schedule, self.recall, self.waiting)

    @cached_property
    def stock_papers(self) -> StockPapers:
        from clinic_app.services.stock_papers import StockPapers

        return StockPapers(self._database, self.clock, self._zone, self.reference, self.stock)

    @cached_property
    def identity(self) -> Identity:
        from clinic_app.services.identity import Identity

        return Identity(self._database, self.clock, self._key_file)

    @cached_property
    def presence(self) -> Presence:
        from clinic_app.services.presence import Presence

        return Presence(self._database, self.clock)

    @cached_property
    def research(self) -> Research:
        from clinic_app.services.research import Research

        return Research(self._database, self.clock, self._zone, self.reference, self._research_key)

    @cached_property
    def fhir_export(self) -> FhirExport:
        from clinic_app.services.fhir_export import FhirExport

        return FhirExport(self._database, self.clock, self._zone, self.reference, self.records)

    @cached_property
    def imports(self) -> Imports:
        from clinic_app.services.importing.imports import Imports

        return Imports(self._database, self.clock, self._zone, self.reference)

    @cached_property
    def patient_export(self) -> PatientExport:
        from clinic_app.services.patient_export import PatientExport

        return PatientExport(self._database, self.clock, self._zone, self.reference, self.records, self.timeline)

    @cached_property
    def saved_lists(self) -> SavedLists:
        from clinic_app.services.saved_lists import SavedLists

        return SavedLists(self._database, self.clock)

    @cached_property
    def backup_plan(self) -> BackupPlan | None:
        """None where nothing is backed up: the demo, and a database server."""
        if self._backup is None:
            return None
        from clinic_app.services.backup_plan import BackupPlan

        return BackupPlan(*self._backup, self._database, self.clock, self._zone)

    @cached_property
    def rehearsals(self) -> Rehearsals | None:
        """None where nothing is backed up."""
        if self._backup is None or self.backup_plan is None:
            return None
        from clinic_app.services.rehearsal import Rehearsals

        return Rehearsals(*self._backup, self._database, self.clock, self._zone, self.backup_plan)

    @cached_property
    def accounts(self) -> Accounts | None:
        """None where nobody unlocked the clinic with a key."""
        if self._key_file is None or self._data_key is None:
            return None
        from clinic_app.services.accounts import Accounts

        return Accounts(self._database, self.clock, self._key_file, self._data_key)

    @cached_property
    def local_drafts(self) -> LocalDrafts | None:
        """None where the record is on this computer."""
        if self._drafts_folder is None or self._data_key is None:
            return None
        from clinic_app.services.local_drafts import LocalDrafts

        return LocalDrafts(self._drafts_folder, self._data_key)

    @cached_property
    def record_place(self) -> RecordPlace | None:
        """None where nobody said where the record is."""
        if self._settings is None:
            return None
        from clinic_app.services.record_place import RecordPlace

        return RecordPlace(self._database, self._settings)
