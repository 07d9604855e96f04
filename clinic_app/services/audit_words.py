"""How the audit trail is said: what was done, to what, and which kinds belong together."""

from collections.abc import Mapping

from clinic_app.words import sentence

LOOKED, PRINTED, SAVED, EXPORTED = "looked", "printed", "saved", "exported"
UNLOCKED, LOCKED, ENDED, REFUSED = "unlocked", "locked", "ended", "refused"
SIGNED, CREATED, CHANGED, REMOVED = "signed", "created", "changed", "removed"

ACTS = (LOOKED, CREATED, CHANGED, REMOVED, PRINTED, SAVED, EXPORTED, UNLOCKED, LOCKED, ENDED, REFUSED)
"""What the trail tells apart; a signature is a change that closes a visit or a correction."""

GROUPS: dict[str, frozenset[str]] = {
    "record": frozenset(
        {
            "patient", "patient_entry", "patient_component", "dystonia_history", "diagnosis", "authorization",
            "toxin_elsewhere", "contact_attempt", "restriction", "record_grant", "data_import",
        }
    ),
    "visits": frozenset(
        {
            "visit", "addendum", "chart_draft", "vial", "injection", "injection_point", "override", "scale_total",
            "saved_pattern", "response", "scale_result", "diary_week", "side_effect", "side_effect_answer",
            "suspected_muscle",
        }
    ),
    "schedule": frozenset(
        {
            "appointment", "appointment_device", "appointment_event", "appointment_series", "waiting_wish",
            "treatment_cycle",
        }
    ),
    "stock": frozenset({"lot", "stock_movement", "product_code"}),
    "paper": frozenset(
        {
            "paper", "file", "list", "calendar_server", "research", "fhir_export", "patient_export", "kept_paper",
            "kept_file", "given_handout", "handout_edition", "clinic_handout", "clinic_logo",
        }
    ),
    "people": frozenset({"account", "account_role", "signature"}),
    "settings": frozenset(
        {
            "clinic", "clinic_limit", "closure", "room", "device", "appointment_type", "day_hours", "working_hours",
            "worked_holiday",
        }
    ),
}  # fmt: skip
"""Kinds of record by what people look for."""

EVERY_KIND = frozenset[str]().union(*GROUPS.values())
"""Every kind of record that somebody may have changed."""
_WHOLE_PARTS = frozenset({"vial", "injection", "injection_point", "override", "scale_total", "kept_file"})
"""Parts of what stands in the trail itself; said one by one they would drown it."""


def act_of(what: str, kind: str, after: Mapping[str, object]) -> str:
    """What was done; a visit or correction that got its digest was signed, unless it was brought in from a file."""
    if kind in {"visit", "addendum"} and after.get("digest") and not after.get("import_id"):
        return SIGNED
    return what


def kind_in_words(kind: str, after: Mapping[str, object]) -> str:
    """What it was done to, for example "the appointment" or, of paper, which one."""
    if kind in _WHOLE_PARTS:
        return ""
    if kind == "paper":
        return _word("audit_papers", str(after.get("paper", "")))
    if kind == "list":
        return f"{_word('audit_kinds', kind)} “{after.get('list', '')}”"
    return _word("audit_kinds", kind)


def done(what: str, kind: str, after: Mapping[str, object]) -> str:
    """Both in one, for example "looked at the record"; empty for what is told by the whole that it is a part of."""
    whole = kind_in_words(kind, after)
    return f"{act_in_words(act_of(what, kind, after))} {whole}" if whole else ""


def act_in_words(act: str) -> str:
    """For example "looked at"."""
    return _word("audit_acts", act)


def group_in_words(group: str) -> str:
    """For example "Visits and side effects"."""
    return _word("audit_groups", group)


def _word(table: str, code: str) -> str:
    try:
        return sentence(f"{table}.{code}")
    except KeyError:  # of a later release, or of one that told it otherwise
        return code.replace("_", " ")
