"""What a bundle of another program says of patients, and what of it was left out and why."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clinic_app.partial_dates import PartialDate
from clinic_app.terms import EntryKind, PatientStatus, Sex
from clinic_app.words import sentence

_LONGEST_ECHO = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was left out, or what to look at: an id of the words (``fhir_reading``) and what it is about.

    ``place`` is the element of the file, such as "name.family"; ``said`` what stands there, as far as it helps.
    """

    code: str
    place: str = ""
    said: str = ""

    def __str__(self) -> str:
        return sentence(f"fhir_reading.{self.code}", place=echo(self.place), said=echo(self.said))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of the bundle that did not come through. ``number`` counts from 1; ``kind`` is its resource type."""

    number: int
    kind: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A line for the record: an allergy, a condition or a medicine."""

    kind: EntryKind
    text: str
    code: str = ""
    detail: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class ReadDiagnosis:
    """A diagnosis: an indication of the reference, or what another clinic with this program treats by its code."""

    indication: str
    icd10cm: str = ""
    since: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class ReadElsewhere:
    """Toxin given elsewhere, as this program writes it; units of ``product``."""

    given_on: date
    product: str = ""
    units: Decimal | None = None
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadPatient:
    """One person of the bundle. Whoever is ``refused`` cannot become a patient as they stand, for those reasons.

    ``remarks`` are what to look at all the same: what was not taken over of this person. Of the diagnoses the first is
    the one that is treated.
    """

    number: int
    record_number: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    phone: str = ""
    email: str = ""
    address: str = ""
    emergency_contact: str = ""
    language: str = ""
    referring_doctor: str = ""
    status: PatientStatus = PatientStatus.ACTIVE
    died_on: date | None = None
    entries: tuple[ReadEntry, ...] = ()
    diagnoses: tuple[ReadDiagnosis, ...] = ()
    elsewhere: tuple[ReadElsewhere, ...] = ()
    refused: tuple[Reason, ...] = ()
    remarks: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBundle:
    """A bundle as read. ``not_taken`` counts the resources of kinds that are never imported."""

    patients: tuple[ReadPatient, ...]
    left_out: tuple[LeftOut, ...] = ()
    not_taken: dict[str, int] = field(default_factory=dict)


def echo(text: str) -> str:
    """What somebody else's file says, short enough to stand in a sentence, and nothing that a screen obeys."""
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain if len(plain) <= _LONGEST_ECHO else f"{plain[: _LONGEST_ECHO - 1]}…"
