"""The columns of the list of reminders."""

from zoneinfo import ZoneInfo

from clinic_app.services.reminders import ReminderRow
from clinic_app.ui.locale import date_text, day_month_text, time_text, weekday_date_text
from clinic_app.ui.recall.wording import WAYS
from clinic_app.ui.schedule.states import ICONS, WORDS
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.tables import Column


def reminder_columns(zone: ZoneInfo) -> tuple[Column[ReminderRow], ...]:
    """When and who, how to reach them, with whom, and what is known already."""

    def reminded(row: ReminderRow) -> str:
        if row.reminded is None:
            return "not yet"
        return f"{day_month_text(row.reminded.at.astimezone(zone).date())}, {WAYS[row.reminded.way].lower()}"

    def who_reminded(row: ReminderRow) -> str:
        if row.reminded is None:
            return "Nobody has reminded the patient of this time"
        at = row.reminded.at.astimezone(zone)
        return f"{row.reminded.by}, {date_text(at.date())}, {time_text(at)}"

    return (
        Column("When", lambda row: f"{weekday_date_text(row.starts_at.date())}, {time_text(row.starts_at)}",
               lambda row: row.starts_at, width=150, fit=Fit.WHOLE),
        Column("Name", lambda row: row.name, tooltip=lambda row: f"{row.name}, {row.record_number}", width=104,
               stretch=True, fit=Fit.CONTENT),
        Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT, spared=True),
        Column("Telephone", lambda row: row.phone, width=92, fit=Fit.WHOLE),
        Column("Prefers", lambda row: row.preferred_contact, tooltip=lambda row: row.email, width=72,
               fit=Fit.CONTENT),
        Column("For", lambda row: row.type_name, width=72, fit=Fit.CONTENT),
        Column("With", lambda row: row.injector, tooltip=lambda row: row.room, width=84, fit=Fit.CONTENT),
        Column("State", lambda row: WORDS[row.state], icon=lambda row: ICONS[row.state], width=96, fit=Fit.CONTENT),
        Column("Reminded", reminded, lambda row: None if row.reminded is None else row.reminded.at,
               tooltip=who_reminded, icon=lambda row: "" if row.reminded is None else "check",
               color=lambda row: current_theme().muted if row.reminded is None else "", width=120, fit=Fit.WHOLE),
    )  # fmt: skip
