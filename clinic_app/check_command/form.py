"""The form of the input: one visit. README, "Check a visit from another program", shows it with an example.

Every number is read as an exact Decimal, so that text and true or false are never taken for one; ``values.py`` looks
at what a number, date or id may be. Days are written 2026-11-22, moments 2026-11-22T08:00.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

#: Characters in one text.
LONGEST_TEXT = 200
#: Entries in one list. A visit has a few dozen injections and a patient a few dozen medicines.
LONGEST_LIST = 500

#: Half of a surrogate pair is no character; it could be neither matched nor printed.
Text = Annotated[str, Meta(max_length=LONGEST_TEXT, pattern=r"\A[^\ud800-\udfff]*\Z")]
Texts = Annotated[tuple[Text, ...], Meta(max_length=LONGEST_LIST)]


class PatientForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known about the patient. ``age`` in completed years on the day of the visit."""

    age: Decimal | None = None
    weight_kg: Decimal | None = None
    conditions: Texts = ()
    medicines: Texts = ()
    allergies: Texts = ()
    pregnant: bool = False


class PreviousForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Toxin given before. Product and units are null where they are not known: the interval still counts."""

    date: Text
    product: Text | None = None
    units: Decimal | None = None
    elsewhere: bool = False


class VialForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vial opened for the visit. ``units`` are its contents and ``wasted`` what was thrown away of them."""

    product: Text
    units: Decimal
    diluent_ml: Decimal | None = None
    lot: Text | None = None
    expires: Text | None = None
    reconstituted_at: Text | None = None
    used_at: Text | None = None
    wasted: Decimal = Decimal(0)


class InjectionForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One muscle and side. ``vial`` counts from 0 in the list of vials; null is a vial not chosen yet."""

    muscle: Text
    side: Text
    units: Decimal
    points: Decimal = Decimal(0)
    guidance: Texts = ()
    vial: Decimal | None = None


class VisitForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole input."""

    date: Text
    region: Text
    indication: Text | None = None
    components: Texts = ()
    patient: PatientForm = PatientForm()
    previous: Annotated[tuple[PreviousForm, ...], Meta(max_length=LONGEST_LIST)] = ()
    vials: Annotated[tuple[VialForm, ...], Meta(max_length=LONGEST_LIST)] = ()
    injections: Annotated[tuple[InjectionForm, ...], Meta(max_length=LONGEST_LIST)]
