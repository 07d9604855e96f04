"""The visits of a patient's whole record: what was given into which muscle, what it did, who signed it."""

from collections.abc import Sequence
from decimal import Decimal

from clinic_app.documents.blocks import prose
from clinic_app.documents.page import Flow
from clinic_app.documents.patient_record_content import RecordInjection, RecordResponse, RecordVial, RecordVisit
from clinic_app.documents.patient_record_words import (
    ALL_ROWS,
    CELL,
    LINE,
    TEXT,
    RecordWords,
    labelled,
    section,
    subheading,
)
from clinic_app.documents.style import SMALL, WARNING, TextStyle
from clinic_app.documents.tables import Band, Column, table
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import date_and_time, long_date, number, short_date, units

_BROUGHT_IN = TextStyle(9, 12, bold=True, colour=WARNING)


def visits(flow: Flow, words: RecordWords, every: Sequence[RecordVisit]) -> None:
    """One after the other, as they stand."""
    section(flow, words, "visits")
    if not every:
        words.nothing(flow)
    for visit in every:
        _visit(flow, words, visit)


def _visit(flow: Flow, words: RecordWords, visit: RecordVisit) -> None:
    names, locale = words["visit"], words.locale
    indication = words.said("indications", visit.indication)
    # With its table's titles and first rows.
    subheading(flow, " · ".join(filter(None, (long_date(visit.visited_on, locale), indication))), keep=90)
    if visit.brought_in is not None:
        at = date_and_time(visit.brought_in.at, locale)
        file, by = one_line(visit.brought_in.file_name)[:120], one_line(visit.brought_in.by)[:120]
        prose(flow, names["brought_in"].format(file=file, date=at, name=by), _BROUGHT_IN)
    consent = names["consent_given"] if visit.consent else names["consent_missing"]
    labelled(flow, names["by"], visit.injector)
    labelled(flow, names["code"], visit.icd10cm)
    labelled(flow, names["consent"], "" if visit.brought_in is not None else consent)
    flow.down(5)
    if any(vial.injections for vial in visit.vials):
        _injections(flow, words, visit.vials)
    else:
        prose(flow, names["none"])
    flow.down(4)
    labelled(flow, names["assessment"], visit.assessment, limit=TEXT)
    labelled(flow, names["complications"], visit.complications, limit=TEXT)
    labelled(flow, names["plan"], visit.plan, limit=TEXT)
    weeks = visit.interval_weeks
    labelled(flow, names["next"], "" if weeks is None else names["next_weeks"].format(count=weeks))
    labelled(flow, names["codes"], ", ".join(visit.codes))
    _response(flow, words, visit)
    _said_before_signing(flow, words, visit)
    _signed(flow, words, visit)


def _injections(flow: Flow, words: RecordWords, vials: Sequence[RecordVial]) -> None:
    """A shaded line names product and lot of the rows under it: units count as those of that product alone."""
    names, locale = words["visit"], words.locale
    bands: list[Band] = []
    rows: list[tuple[str, ...]] = []
    for vial in vials:
        bands.append(Band(len(rows), _vial(words, vial)))
        rows += [
            (
                given.muscle,
                words["sides"][given.side],
                number(given.units, locale),
                ", ".join(words.said("guidance", each) for each in given.guidance),
                _remark(words, given),
            )
            for given in vial.injections
        ]
    columns = (
        Column(names["muscle"], 40, bold=True),
        Column(names["side"], 15),
        Column(names["units"], 13, "decimal"),
        Column(names["guidance"], 26),
        Column(names["remark"], 36),
    )
    table(flow, columns, rows, most=ALL_ROWS, limit=CELL, bands=bands)


def _remark(words: RecordWords, given: RecordInjection) -> str:
    treats = ""
    if given.treats is not None:
        treats = words["visit"]["treats"].format(indication=words.said("indications", given.treats))
    return "; ".join(part for part in (treats, given.remark) if part)


def _vial(words: RecordWords, vial: RecordVial) -> str:
    names, locale = words["visit"], words.locale
    given = sum((each.units for each in vial.injections), Decimal(0))
    lot = one_line(vial.lot)[:100]
    parts = (
        one_line(vial.product)[:100],
        names["lot"].format(lot=lot) if lot else "",
        names["expires"].format(date=short_date(vial.expires_on, locale)) if vial.expires_on is not None else "",
        names["sum"].format(units=units(given, locale)),
    )
    return " · ".join(part for part in parts if part)


def _response(flow: Flow, words: RecordWords, visit: RecordVisit) -> None:
    names = words["visit"]
    response = visit.response or RecordResponse()
    told = (
        ("best", None if response.best_percent is None else names["best_of"].format(percent=response.best_percent)),
        ("first_day", None if response.first_day is None else names["on_day"].format(day=response.first_day)),
        ("wore_off", None if response.wore_off_week is None else names["in_week"].format(week=response.wore_off_week)),
        ("patient_impression", words.listed("impressions", response.patient_impression)),
        ("clinician_impression", words.listed("impressions", response.clinician_impression)),
        ("pain", None if response.pain is None else words["history"]["pain_of"].format(pain=response.pain)),
        ("side_effects", names["none_reported"] if visit.asked_none else None),
    )
    line = " · ".join(f"{names[name]}: {said}" for name, said in told if said)
    labelled(flow, names["effect"], line, response.note, limit=TEXT)


def _said_before_signing(flow: Flow, words: RecordWords, visit: RecordVisit) -> None:
    names, actions = words["visit"], words["actions"]
    lines: list[str] = []
    for check in visit.checks:
        action = actions.get(check.action) or actions["other"]
        by = names["check_by"].format(action=action, name=one_line(check.by)[:100]) if check.by else action
        lines += [check.said, ": ".join(filter(None, (by, check.reason.strip())))]
    labelled(flow, names["checks"], *lines, limit=TEXT)


def _signed(flow: Flow, words: RecordWords, visit: RecordVisit) -> None:
    names, locale = words["visit"], words.locale
    for each in visit.addenda:
        by = names["addendum_by"].format(name=one_line(each.author)[:100], date=date_and_time(each.signed_at, locale))
        labelled(flow, names["addendum"], by, each.reason, each.text, limit=TEXT)
    flow.down(2)
    if visit.brought_in is not None:
        prose(flow, names["brought_in_missing"], SMALL, LINE)
        return
    at = date_and_time(visit.signature.signed_at, locale)
    prose(flow, names["signed"].format(name=one_line(visit.signature.name)[:100], date=at), SMALL, LINE)
