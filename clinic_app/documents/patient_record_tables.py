"""The parts of a patient's whole record that stand beside the visits: side effects, scores, diaries, appointments."""

from collections.abc import Sequence

from clinic_app.documents.page import Flow
from clinic_app.documents.patient_record_content import (
    RecordAppointment,
    RecordAuthorization,
    RecordDiary,
    RecordEffect,
    RecordElsewhere,
    RecordScore,
)
from clinic_app.documents.patient_record_words import ALL_ROWS, CELL, TEXT, RecordWords, labelled, section, subheading
from clinic_app.documents.tables import Column, table
from clinic_app.documents.wording import long_date, number, short_date, time_of_day, units


def elsewhere(flow: Flow, words: RecordWords, given: Sequence[RecordElsewhere]) -> None:
    """Toxin of others: what is not known says so."""
    names, locale = words["tables"], words.locale
    rows = [
        (
            short_date(each.given_on, locale),
            each.product or names["medicine_unknown"],
            units(each.units, locale) or names["medicine_unknown"],
            each.place,
            each.reason,
        )
        for each in given
    ]
    columns = (
        Column(names["date"], 20),
        Column(names["medicine"], 36),
        Column(names["units"], 16),
        Column(names["where"], 32),
        Column(names["why"], 30),
    )
    _listed(flow, words, "elsewhere", columns, rows)


def side_effects(flow: Flow, words: RecordWords, effects: Sequence[RecordEffect]) -> None:
    """Each with what was done about it."""
    section(flow, words, "effects")
    if not effects:
        words.nothing(flow)
    names, locale = words["effects"], words.locale
    for effect in effects:
        subheading(flow, f"{words.effect(effect.name)} · {short_date(effect.started_on, locale)}")
        first, last = short_date(effect.started_on, locale), short_date(effect.ended_on, locale)
        labelled(flow, names["own_words"], effect.other)
        labelled(flow, names["strength"], words["severities"][effect.severity])
        lasted = names["from_to" if last else "going_on"].format(first=first, last=last)
        after = names["after"].format(date=short_date(effect.visited_on, locale))
        labelled(flow, names["time"], f"{lasted}; {after}")
        labelled(flow, names["muscles"], "; ".join(words.sided(*each) for each in effect.muscles))
        serious = "" if effect.serious is None else names["serious_yes" if effect.serious else "serious_no"]
        labelled(flow, names["serious"], serious)
        labelled(flow, names["action"], effect.action, limit=TEXT)
        labelled(flow, names["review"], effect.review, limit=TEXT)


def scores(flow: Flow, words: RecordWords, scores_: Sequence[RecordScore]) -> None:
    """Totals and parts of rating scales."""
    names, locale = words["tables"], words.locale
    rows = [(short_date(each.on, locale), each.scale, number(each.value, locale)) for each in scores_]
    columns = (Column(names["date"], 20), Column(names["scale"], 70), Column(names["score"], 20, "decimal"))
    _listed(flow, words, "scores", columns, rows)


def diaries(flow: Flow, words: RecordWords, every: Sequence[RecordDiary]) -> None:
    """Week by week, as the patient wrote it."""
    section(flow, words, "diaries")
    if not every:
        words.nothing(flow)
    names, locale = words["tables"], words.locale
    columns = (
        Column(names["week"], 9),
        Column(names["days"], 34),
        Column(names["benefit"], 14, "right"),
        Column(names["pain"], 16, "right"),
        Column(names["remark"], 60),
    )
    for diary in every:
        subheading(flow, names["diary_after"].format(date=long_date(diary.visited_on, locale)), keep=70)
        rows = [
            (
                str(week.week),
                f"{short_date(week.first, locale)} – {short_date(week.last, locale)}",
                number(week.benefit_percent, locale),
                number(week.pain, locale),
                week.remark,
            )
            for week in diary.weeks
        ]
        table(flow, columns, rows, most=ALL_ROWS, limit=CELL)


def appointments(flow: Flow, words: RecordWords, every: Sequence[RecordAppointment]) -> None:
    """With what became of them."""
    names, locale = words["tables"], words.locale
    rows = [
        (
            f"{short_date(each.starts_at.date(), locale)}, {time_of_day(each.starts_at, locale)}\n"
            + names["minutes"].format(count=each.minutes),
            each.kind,
            each.injector,
            words["states"][each.state],
            "\n".join(filter(None, (each.reason.strip(), each.note.strip()))),
        )
        for each in every
    ]
    columns = (
        Column(names["when"], 32),
        Column(names["what"], 26),
        Column(names["with"], 26),
        Column(names["state"], 22),
        Column(names["remark"], 36),
    )
    _listed(flow, words, "appointments", columns, rows)


def authorizations(flow: Flow, words: RecordWords, every: Sequence[RecordAuthorization]) -> None:
    """What the payer agreed to, of which product."""
    names, locale = words["tables"], words.locale
    rows = []
    for each in every:
        first = names["from_day"].format(first=short_date(each.first_day, locale)) if each.first_day else ""
        last = names["to_day"].format(last=short_date(each.last_day, locale)) if each.last_day else ""
        visits = "" if each.visits is None else str(each.visits)
        days = " ".join(filter(None, (first, last)))
        rows.append((each.number, each.product, units(each.units, locale), visits, days))
    columns = (
        Column(names["number"], 26),
        Column(names["medicine"], 36),
        Column(names["units"], 16),
        Column(names["visits"], 12),
        Column(names["days_covered"], 36),
    )
    _listed(flow, words, "authorizations", columns, rows)


def _listed(
    flow: Flow, words: RecordWords, name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> None:
    section(flow, words, name)
    if not rows:
        words.nothing(flow)
    table(flow, columns, rows, most=ALL_ROWS, limit=CELL)
