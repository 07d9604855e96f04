"""What the texts of a file mean in the words of this clinic: what is certain, what was answered, what must be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from clinic_app.errors import ClinicError
from clinic_app.exchange.typed_values import read_sides, sex_words
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import indication_name, product_name
from clinic_app.services.importing.choices import NOTHING, OF_PATIENT, Ask
from clinic_app.services.importing.fields import header_key
from clinic_app.services.importing.preview import Candidate
from clinic_app.services.importing.sheet import Row, Sheet
from clinic_app.terms import AppointmentState, Guidance, Severity, Sex, Side

_GUIDANCE = {
    Guidance.PALPATION: "palpation palpatoire palpatorisch palpacion anatomical landmarks landmark anatomisch klinisch"
    " manual none-guided",
    Guidance.EMG: "emg electromyography elektromyographie electromyographie electromiografia",
    Guidance.ULTRASOUND: "us usg ultrasound sonography sono ultraschall sonographie echographie echo ecografia"
    " ecografico ultrasonido",
    Guidance.STIMULATION: "stim stimulation es nerve electrostimulation elektrostimulation estimulacion",
}
_GUIDANCE_WORDS = {word: way for way, words in _GUIDANCE.items() for word in words.split()}
_FILLERS = frozenset("guided guidance guide gesteuert kontrolle control and und et y with mit electrical".split())
_SEVERITIES = {
    Severity.MILD: "mild 1 light slight leicht gering mild leger legere leve minor",
    Severity.MODERATE: "moderate 2 medium mittel massig mittelschwer modere moderee moderado moderada",
    Severity.SEVERE: "severe 3 schwer stark ausgepragt grave severo severa fuerte",
    Severity.LIFE_THREATENING: "4 life-threatening lebensbedrohlich",
    Severity.FATAL: "5 fatal death todlich letal mortel mortal",
}
_SEVERITY_WORDS = {word: severity for severity, words in _SEVERITIES.items() for word in words.split()}
_STATES = {
    AppointmentState.BOOKED: "booked scheduled planned open gebucht geplant offen prevu planifie programado reservado"
    " pendiente pending",
    AppointmentState.CONFIRMED: "confirmed bestatigt confirme confirmado confirmada",
    AppointmentState.CHECKED_OUT: "done completed attended arrived seen kept injected erledigt erschienen wahrgenommen"
    " fait honore effectue venu realizado atendido acudio completado",
    AppointmentState.CANCELLED: "cancelled canceled abgesagt storniert annule annulee anulado cancelado cancelada",
    AppointmentState.NO_SHOW: "dna noshow missed absent nicht-erschienen ausgeblieben manque ausente",
}
_STATE_WORDS = {word: state for state, words in _STATES.items() for word in words.split()} | {
    "no show": AppointmentState.NO_SHOW,
    "did not attend": AppointmentState.NO_SHOW,
    "nicht erschienen": AppointmentState.NO_SHOW,
    "non venu": AppointmentState.NO_SHOW,
    "no acudio": AppointmentState.NO_SHOW,
    "checked out": AppointmentState.CHECKED_OUT,
}
_SHORT_INDICATIONS = {
    "cd": "cervical_dystonia",
    "st": "cervical_dystonia",
    "torticollis": "cervical_dystonia",
    "zervikale dystonie": "cervical_dystonia",
    "dystonie cervicale": "cervical_dystonia",
    "distonia cervical": "cervical_dystonia",
    "schiefhals": "cervical_dystonia",
    "bsp": "blepharospasm",
    "blepharospasmus": "blepharospasm",
    "blepharospasme": "blepharospasm",
    "blefaroespasmo": "blepharospasm",
    "hfs": "hemifacial_spasm",
    "hemifazialer spasmus": "hemifacial_spasm",
    "spasme hemifacial": "hemifacial_spasm",
    "espasmo hemifacial": "hemifacial_spasm",
    "meige": "meige_syndrome",
    "writers cramp": "writers_cramp",
    "schreibkrampf": "writers_cramp",
    "crampe de l ecrivain": "writers_cramp",
    "calambre del escribiente": "writers_cramp",
    "sialorrhoea": "sialorrhea",
    "sialorrhoe": "sialorrhea",
    "sialorrhee": "sialorrhea",
    "sialorrea": "sialorrhea",
    "drooling": "sialorrhea",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the clinic that a text can name, such as a room."""

    id: int
    name: str


class Meanings:
    """Reads the words of a sheet; every question that it must ask keeps the row out."""

    def __init__(self, reference: Reference, region: str, sheet: Sheet) -> None:
        self._reference = reference
        self._region = region
        self._asking = sheet.asking
        self._sexes = sex_words(sheet.cells("sex")) if sheet.has("sex") else {}
        # Thousands of rows hold the same few texts.
        self._muscle = lru_cache(maxsize=4096)(reference.recognize_muscle)
        self._product = lru_cache(maxsize=1024)(reference.recognize_product)
        self._sides = lru_cache(maxsize=512)(_sides_of)

    def sex(self, row: Row) -> Sex:
        """Of a patient; unknown where nothing stands."""
        text = row.text("sex")
        known = self._sexes.get(text) if text else Sex.UNKNOWN
        return known or Sex(self._asked(row, Ask.SEX, text, "sex", _plain(Sex)) or Sex.UNKNOWN)

    def indication(self, row: Row, *, of_patient: str | None = None) -> str:
        """An indication by its name, a usual short one or its ICD-10-CM code; "" for none.

        ``of_patient`` is the one of the patient's record, for rows that name none: somebody must say that it counts.
        """
        text = row.text("indication")
        if not text and of_patient is None:
            return ""
        found = self._indications.get(header_key(text)) if text else None
        if found is None:
            offered = (*self._offered, _NOTHING) if text else (_OF_PATIENT, *self._offered)
            answer = self._asked(row, Ask.INDICATION, text, "indication", offered)
            if answer == OF_PATIENT:
                return of_patient or ""
            return "" if answer is None or answer == NOTHING else answer
        return found

    def product(self, row: Row) -> str:
        """A product that treats, "" where somebody must be asked or the text cannot be accepted."""
        text = row.needed("product")
        if not text:
            return ""
        answered = self._asking.answer(Ask.PRODUCT, text)
        found = self._product(text)
        product = answered if answered is not None else found.product
        if product in self._reference.cosmetic_products:
            row.refuse("product", "product_cosmetic", typed=text[:60])
            return ""
        if product not in self._reference.products:
            likely = [each for each in found.candidates if each in self._reference.products]
            row.wait(Ask.PRODUCT, text, self._products(likely), "product")
            return ""
        return product

    def muscle(self, row: Row) -> tuple[str, tuple[Side, ...]]:
        """A muscle and the sides that are said of it; "" where somebody must be asked."""
        text = row.needed("muscle")
        if not text:
            return "", ()
        found = self._muscle(self._reference.muscles[text].name if text in self._reference.muscles else text)
        answered = self._asking.answer(Ask.MUSCLE, text)
        muscle = answered if answered is not None else found.muscle
        if muscle not in self._reference.muscles:
            row.wait(Ask.MUSCLE, text, self._muscles(found.candidates), "muscle")
            return "", ()
        said = row.text("side")
        sides = self._side(row, said) if said else found.sides
        if said and found.sides and sides and set(sides) != set(found.sides):
            row.refuse("side", "sides_differ", muscle=text[:60], side=said[:40])
            return "", ()
        return muscle, self._fitting(row, muscle, sides, unclear=found.side_unclear and not said)

    def guidance(self, row: Row) -> tuple[str, ...]:
        """How the needle was guided, as far as it is said."""
        text = row.text("guidance")
        if not text:
            return ()
        words = [word for word in header_key(text).split() if word not in _FILLERS]
        if words and all(word in _GUIDANCE_WORDS for word in words):
            return tuple(dict.fromkeys(_GUIDANCE_WORDS[word].value for word in words))
        answer = self._asked(row, Ask.GUIDANCE, text, "guidance", (*_plain(Guidance), _NOTHING))
        return () if answer is None or answer == NOTHING else (answer,)

    def severity(self, row: Row) -> Severity | None:
        """Of a side effect."""
        text = row.needed("severity")
        known = _SEVERITY_WORDS.get(header_key(text)) or _SEVERITY_WORDS.get(text.casefold())
        if known is None and text:
            answer = self._asked(row, Ask.SEVERITY, text, "severity", _plain(Severity))
            known = None if answer is None else Severity(answer)
        return known

    def effect(self, row: Row) -> tuple[str, str]:
        """A side effect of the catalogue, or "" and the file's own words."""
        text = row.needed("kind", 300)
        if not text:
            return "", ""
        key = header_key(text)
        for effect in self._reference.side_effects.values():
            if key in {header_key(name) for name in (effect.id, effect.name, effect.meddra_pt, effect.meddra_alt)}:
                return effect.id, ""
        answer = self._asking.answer(Ask.EFFECT, text)
        return ("", text) if answer is None or answer not in self._reference.side_effects else (answer, "")

    def state(self, row: Row) -> AppointmentState | None:
        """Where an appointment stands; None where nothing is said."""
        text = row.text("state")
        if not text:
            return None
        known = _STATE_WORDS.get(header_key(text))
        if known is None:
            answer = self._asked(row, Ask.STATE, text, "state", _plain(AppointmentState))
            known = None if answer is None else AppointmentState(answer)
        return known

    def one_of(self, row: Row, ask: Ask, field: str, known: Mapping[str, Named], *, optional: bool) -> Named | None:
        """Which of the clinic's rooms or kinds of appointment a cell names, by folded name."""
        text = row.text(field)
        if not text and optional:
            return None
        found = known.get(header_key(text))
        if found is None:
            by_id = {str(each.id): each for each in known.values()}
            offered = tuple(Candidate(str(each.id), each.name) for each in by_id.values())
            answer = self._asked(row, ask, text, field, (*offered, *((_NOTHING,) if optional else ())))
            found = None if answer is None else by_id.get(answer)
        return found

    def _side(self, row: Row, text: str) -> tuple[Side, ...]:
        known = self._sides(text)
        if known is None:
            answer = self._asked(row, Ask.SIDE, text, "side", _SIDES)
            known = () if answer is None else _sides_of(answer) or ()
        return known

    def _fitting(self, row: Row, muscle: str, sides: tuple[Side, ...], *, unclear: bool) -> tuple[Side, ...]:
        """The sides, if the muscle has such: an unpaired one is in the middle, whatever stands there or not."""
        known = self._reference.muscle(muscle)
        if not known.paired:
            if sides and sides != (Side.MIDLINE,):
                row.refuse("side", "side_of_unpaired", muscle=known.name)
            return (Side.MIDLINE,)
        if not sides and not row.waits:
            if unclear:
                answer = self._asked(row, Ask.SIDE, row.text("muscle"), "muscle", _SIDES)
                sides = () if answer is None else _sides_of(answer) or ()
            else:
                row.refuse("side" if row.sheet.has("side") else "muscle", "side_missing", muscle=known.name)
        elif Side.MIDLINE in sides:
            row.refuse("side", "side_of_paired", muscle=known.name)
        return sides

    def _asked(self, row: Row, ask: Ask, text: str, field: str, offered: tuple[Candidate, ...]) -> str | None:
        """The answer to a question, if it is one that can be given; else the row waits."""
        answer = self._asking.answer(ask, text)
        if answer in {each.answer for each in offered}:
            return answer
        row.wait(ask, text, offered, field)
        return None

    def _products(self, likely: Sequence[str]) -> tuple[Candidate, ...]:
        ordered = dict.fromkeys((*likely, *self._reference.products))
        return tuple(Candidate(each, product_name(self._reference, each, self._region)) for each in ordered)

    def _muscles(self, likely: Sequence[str]) -> tuple[Candidate, ...]:
        ordered = dict.fromkeys((*likely, *self._reference.muscles))
        return tuple(Candidate(each, self._reference.muscle(each).name) for each in ordered)

    @cached_property
    def _offered(self) -> tuple[Candidate, ...]:
        return tuple(Candidate(each, indication_name(self._reference, each)) for each in self._reference.indications)

    @cached_property
    def _indications(self) -> Mapping[str, str]:
        names = dict(_SHORT_INDICATIONS)
        codes: dict[str, list[str]] = {}
        for each in self._reference.indications.values():
            whole, _, aside = each.name.partition(" (")
            for name in (each.id, each.name, whole, aside.rstrip(")")):
                if name:
                    names[header_key(name)] = each.id
            for code in each.icd10cm:
                codes.setdefault(header_key(code.code), []).append(each.id)
        return names | {code: ids[0] for code, ids in codes.items() if len(ids) == 1}


_NOTHING = Candidate(NOTHING, "says nothing of it")
_OF_PATIENT = Candidate(OF_PATIENT, "what the patient's record says")
_SIDES = (
    Candidate("left", "left"),
    Candidate("right", "right"),
    Candidate("both", "both sides"),
    Candidate("midline", "midline"),
)


def _sides_of(text: str) -> tuple[Side, ...] | None:
    try:
        return read_sides(text)
    except ClinicError:
        return None


def _plain(words: type[Sex] | type[Guidance] | type[Severity] | type[AppointmentState]) -> tuple[Candidate, ...]:
    return tuple(Candidate(each.value, each.value.replace("_", " ")) for each in words)
