"""Everything a chart needs when it opens, fetched in one go off the GUI thread."""

from dataclasses import dataclass

from clinic_app.services.access import Act, Actor, may
from clinic_app.services.bundle import Services
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import Draft, Pattern
from clinic_app.services.clinics import AccountRow
from clinic_app.services.patient_data import Banner


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with its patient, the record it is checked against, and the pattern before."""

    draft: Draft
    context: ChartContext
    pattern: Pattern | None
    banner: Banner
    accounts: tuple[AccountRow, ...]


def start_chart(services: Services, actor: Actor, patient_id: int, repeat: bool, appointment_id: int | None) -> Opened:
    """A new chart."""
    draft = services.charts.start(actor, patient_id, repeat=repeat, appointment_id=appointment_id)
    return _with_record(services, actor, draft)


def open_draft(services: Services, actor: Actor, draft_id: int) -> Opened:
    """A chart in progress."""
    return _with_record(services, actor, services.charts.open(actor, draft_id))


def _with_record(services: Services, actor: Actor, draft: Draft) -> Opened:
    pattern = services.charts.last_pattern(actor, draft.patient_id) if may(actor, Act.READ_RECORD) else None
    return Opened(
        draft,
        services.charts.context(actor, draft.patient_id, draft.content.vials),
        pattern,
        services.patients.banner(actor, draft.patient_id),
        services.clinics.accounts(actor),
    )
