"""The sheet a patient takes home: what was injected where, what to expect, what to look out for, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.letterhead import (
    NEXT_HEAD,
    Clinic,
    PatientIdentity,
    first_head,
    identity,
    next_head,
    patient_band,
)
from clinic_app.documents.page import Document, Drawing, Edition, Flow, draw_line, footer, pages_of
from clinic_app.documents.style import ACCENT, INK, PLAIN, PLAIN_BOLD, PLAIN_SECTION, QUIET, WARNING, TextStyle, rgb
from clinic_app.documents.text import REMARK_LIMIT, Limit, one_line, wrapped
from clinic_app.documents.wording import long_date, opening, patient_words, time_of_day, weekday_date

if TYPE_CHECKING:
    from clinic_app.reference.muscles import Muscle
    from clinic_app.reference.side_effects import SideEffect

_SMALLER = TextStyle(10.5, 14)
_SMALLER_BOLD = TextStyle(10.5, 14, bold=True)
_INTRO = TextStyle(10.5, 14, colour=QUIET)
_MOST_PLACES = 24
_MOST_EFFECTS = 12


@dataclass(frozen=True)
class TreatedMuscle:
    """A muscle of the reference and the patient's side ("left", "right", "midline")."""

    muscle: "Muscle"
    side: str


@dataclass(frozen=True)
class AftercareHandout:
    """What makes the sheet personal. ``effects`` are all side effects of the reference; the sheet chooses."""

    clinic: Clinic
    patient: PatientIdentity
    treated_on: date
    injector: str
    treated: tuple[TreatedMuscle, ...]
    effects: tuple["SideEffect", ...]
    products: tuple[str, ...] = ()
    interval_weeks: int | None = None
    next_visit: datetime | None = None
    edition: Edition = field(default_factory=Edition)


def effects_to_watch(treated: Sequence[TreatedMuscle], effects: Sequence["SideEffect"]) -> list["SideEffect"]:
    """The side effects that these muscles can cause, those that can turn urgent first.

    What is always an emergency is left out: the sheet says it to everyone, in its own box.
    """
    local = {effect for each in treated for effect in each.muscle.local_effects}
    muscles = {each.muscle.id for each in treated}
    possible = [
        effect
        for effect in effects
        if effect.red_flag is not True and (local & set(effect.local_effect_ids) or muscles & set(effect.risk_muscles))
    ]
    return sorted(possible, key=lambda effect: effect.red_flag is False)


def plain_places(treated: Sequence[TreatedMuscle], language: str = "en") -> list[str]:
    """Where the muscles are, in everyday words, each place once with the muscles' names in brackets."""
    words = patient_words("aftercare", language)
    names: dict[str, list[str]] = {}
    for each in treated:
        place = next(
            (place for place in words["places"].values() if each.muscle.id in place["muscles"]),
            words["regions"].get(each.muscle.region, words["regions"]["other"]),
        )
        here = names.setdefault(place.get(str(each.side), place["midline"]), [])
        name = _name(each.muscle, words["language"])
        if name not in here:
            here.append(name)
    return [f"{place} ({', '.join(muscles)})" for place, muscles in names.items()]


def _name(muscle: "Muscle", language: str) -> str:
    """Its English name on an English sheet, else the Latin one: those are what the reference has."""
    latin = muscle.latin.removeprefix("Musculus ").partition(" (")[0]
    return muscle.name if language == "en" or not latin else latin[0].lower() + latin[1:]


def aftercare_document(handout: AftercareHandout) -> Document:
    """The sheet, laid out."""
    words, edition = handout.edition.worded("aftercare")
    locale = edition.locale
    flow = pages_of(edition, NEXT_HEAD)
    treated_on = words["treated"].format(date=long_date(handout.treated_on, locale))
    first_head(flow, handout.clinic, words["title"], treated_on)
    patient_band(flow, handout.patient)
    _injected(flow, handout, words)
    _urgent(flow, words)
    _call(flow, handout, words)
    _expect(flow, handout, words)
    _watch(flow, handout, words)
    _list(flow, words["normal"])
    _list(flow, words["care"])
    _next_visit(flow, handout, words, locale)
    flow.down(8)
    prose(flow, words["keep"], _INTRO)
    clinic = one_line(handout.clinic.name)
    return Document(
        flow,
        (
            next_head(flow, handout.patient, treated_on),
            footer(flow, clinic[:120], identity(handout.patient, edition)),
        ),
        title=words["title"],
        author=clinic[:200],
        subject=words["title"],
        about=handout.patient.name,
        day=handout.treated_on,
    )


def _injected(flow: Flow, handout: AftercareHandout, words: dict[str, Any]) -> None:
    heading(flow, words["where"]["heading"], PLAIN_SECTION, before=12)
    places = plain_places(handout.treated, handout.edition.language)
    if places:
        prose(flow, words["where"]["intro"], PLAIN)
        flow.down(2)
        bullets(flow, places[:_MOST_PLACES], PLAIN, gap=1.5)
    given = [words["where"]["by"].format(injector=one_line(handout.injector)[:120])] if handout.injector else []
    if handout.products:
        named = ", ".join(one_line(product)[:80] for product in handout.products[:4])
        given.insert(0, words["where"]["product"].format(product=named))
    flow.down(2)
    prose(flow, ". ".join(given) + "." if given else "", _INTRO)


def _urgent(flow: Flow, words: dict[str, Any]) -> None:
    """The box that must be found in a hurry: never split, framed heavily so that it survives a photocopy."""
    urgent, inset = words["urgent"], 11.0
    title = TextStyle(13, 17, bold=True, colour=WARNING)
    texts = [(urgent["heading"], title, 0.0)]
    texts += [(item, PLAIN, 13.0) for item in urgent["items"]]
    texts.append((urgent["later"], PLAIN_BOLD, 0.0))
    placed = [
        (wrapped(text, style, flow.width - 2 * inset - indent, Limit(600, 6))[0], style, indent)
        for text, style, indent in texts
    ]
    gap = 5.0  # between the list and the sentence after it
    height = sum(len(lines) * style.leading for lines, style, _ in placed) + 2 * inset + gap - 3
    flow.down(10)
    flow.ensure(height)
    top = flow.y

    def draw(canvas: Any) -> None:
        canvas.setStrokeColorRGB(*rgb(WARNING))
        canvas.setLineWidth(1.6)
        canvas.roundRect(flow.left, top - height, flow.width, height, 4, stroke=1, fill=0)
        y = top - inset
        for lines, style, indent in placed:
            if style is PLAIN_BOLD:
                y -= gap
            if indent:
                canvas.setFillColorRGB(*rgb(WARNING))
                canvas.circle(flow.left + inset + 4, y - style.leading * 0.53, 1.9, stroke=0, fill=1)
            for line in lines:
                draw_line(canvas, line, flow.left + inset + indent, y - style.leading * 0.78, style)
                y -= style.leading

    flow.add(draw)
    flow.y -= height


def _call(flow: Flow, handout: AftercareHandout, words: dict[str, Any]) -> None:
    heading(flow, words["call"]["heading"], PLAIN_SECTION, keep=60)
    phone = one_line(handout.clinic.phone)
    clinic = one_line(handout.clinic.name)[:90]
    line = words["call"]["phone" if phone else "no_phone"].format(clinic=clinic, phone=phone)
    prose(flow, line, TextStyle(13, 18, bold=True, colour=INK), Limit(200, 2))
    prose(flow, words["call"]["same_day"], PLAIN)


def _expect(flow: Flow, handout: AftercareHandout, words: dict[str, Any]) -> None:
    items = list(words["expect"]["items"])
    if handout.interval_weeks is not None:
        told = words["expect"]["next_treatment_one" if handout.interval_weeks == 1 else "next_treatment"]
        items.append(told.format(weeks=handout.interval_weeks))
    _list(flow, {"heading": words["expect"]["heading"], "items": items})


def _list(flow: Flow, section: dict[str, Any]) -> None:
    heading(flow, section["heading"], PLAIN_SECTION, keep=40)
    bullets(flow, section["items"], PLAIN)


def _watch(flow: Flow, handout: AftercareHandout, words: dict[str, Any]) -> None:
    possible = effects_to_watch(handout.treated, handout.effects)
    chosen = [effect for effect in possible if effect.id in words["effects"]][:_MOST_EFFECTS]
    if not chosen:
        return
    heading(flow, words["watch"]["heading"], PLAIN_SECTION, keep=80)
    prose(flow, words["watch"]["intro"], PLAIN)
    flow.down(3)
    for effect in chosen:
        told = _told(effect, words)
        lines, _ = wrapped(told, _SMALLER, flow.width - 14, REMARK_LIMIT)
        flow.ensure(_SMALLER_BOLD.leading + len(lines) * _SMALLER.leading)
        top, height = flow.y, _SMALLER.leading * (len(lines) + 1)
        flow.add(_bar(flow.left + 2, top - 2, height - 3))
        prose(flow, words["effects"][effect.id]["name"], _SMALLER_BOLD, indent=12)
        prose(flow, told, _SMALLER, indent=12)
        flow.y -= 5


def _bar(x: float, top: float, height: float) -> Drawing:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(*rgb(ACCENT))
        canvas.rect(x, top - height, 2, height, stroke=0, fill=1)

    return draw


def _told(effect: "SideEffect", words: dict[str, Any]) -> str:
    texts, watch = words["effects"][effect.id], words["watch"]
    sentences = [texts.get("notice", ""), _course(effect, watch), texts["do"]]
    if "urgent" in texts:
        sentences.append(watch["urgent_when"].format(condition=texts["urgent"]))
    return " ".join(sentence for sentence in sentences if sentence)


def _course(effect: "SideEffect", watch: dict[str, str]) -> str:
    """When it comes and how long it stays: only where the reference has it from a page that was read."""
    if not effect.verified:
        return ""
    first, last = effect.onset_days
    begins = watch["when"].format(first=first, last=last) if first > 0 else watch["start_soon"].format(last=last)
    if effect.duration_days is None:
        return begins
    shortest, longest = effect.duration_days
    if shortest >= 7 and longest >= 14:
        weeks = watch["lasts_weeks"].format(shortest=round(shortest / 7), longest=round(longest / 7))
        return f"{begins} {weeks}"
    return f"{begins} {watch['lasts'].format(shortest=shortest, longest=longest)}"


def _next_visit(flow: Flow, handout: AftercareHandout, words: dict[str, Any], locale: str) -> None:
    heading(flow, words["next"]["heading"], PLAIN_SECTION, keep=30)
    if handout.next_visit is None:
        prose(flow, words["next"]["not_booked"], PLAIN)
        return
    day = opening(weekday_date(handout.next_visit.date(), locale))
    prose(flow, words["next"]["booked"].format(date=day, time=time_of_day(handout.next_visit, locale)), PLAIN_BOLD)
