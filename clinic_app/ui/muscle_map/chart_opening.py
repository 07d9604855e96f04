"""Everything a chart needs when it opens, fetched in one go off the GUI thread."""

from dataclasses import dataclass

from clinic_app.errors import ClinicError
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import Draft
from clinic_app.services.clinics import AccountRow
from clinic_app.services.local_drafts import LocalDraft
from clinic_app.services.patient_data import Banner
from clinic_app.services.pattern_data import PatternRow


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with its patient, the record it is checked against, and the saved patterns.

    ``choose`` says that the person shall choose what the visit starts from.
    """

    draft: Draft
    context: ChartContext
    saved: tuple[PatternRow, ...]
    banner: Banner
    accounts: tuple[AccountRow, ...]
    choose: bool = False
    here: LocalDraft | None = None
    """What this workstation kept of the draft while the server was away."""


def start_chart(
    services: Services, actor: Actor, patient_id: int, repeat: bool, appointment_id: int | None, choose: bool = False
) -> Opened:
    """A new chart. With ``repeat`` it starts from the last pattern; where there is none, the person chooses."""
    charts = services.charts
    context = charts.context(actor, patient_id)
    draft = None
    if repeat:
        try:
            draft = charts.start(actor, patient_id, repeat=True, appointment_id=appointment_id, latest=context.patterns)
        except ClinicError as error:
            if error.code != "no_pattern_to_repeat":
                raise
            choose = True
    if draft is None:
        draft = charts.start(actor, patient_id, appointment_id=appointment_id)
    return _with_record(services, actor, draft, context, choose=choose)


def open_draft(services: Services, actor: Actor, draft_id: int) -> Opened:
    """A chart in progress."""
    draft = services.charts.open(actor, draft_id)
    return _with_record(services, actor, draft, services.charts.context(actor, draft.patient_id, draft.content.vials))


def _with_record(
    services: Services, actor: Actor, draft: Draft, context: ChartContext, *, choose: bool = False
) -> Opened:
    return Opened(
        draft,
        context,
        services.patterns.of(actor),
        services.patients.banner(actor, draft.patient_id),
        services.clinics.accounts(actor),
        choose,
        None if services.local_drafts is None else services.local_drafts.read(actor, draft.id),
    )
