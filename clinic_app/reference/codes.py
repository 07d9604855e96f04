"""Billing codes with meanings in our own words; descriptors of the CPT book are never stored."""

import datetime
from decimal import Decimal
from typing import Literal

from clinic_app.reference.entries import Cited, ReferenceFile


class ProcedureCode(Cited, frozen=True, kw_only=True):
    """A procedure code and how it is counted."""

    code: str
    meaning: str
    used_for: tuple[str, ...]
    laterality: Literal["unilateral", "bilateral", "per_limb", "once_per_session", "per_day", "session"]
    addon: bool
    bilateral_rule: str = ""
    excludes: str = ""
    includes: str = ""
    do_not_add: tuple[str, ...] = ()
    addon_to: tuple[str, ...] = ()
    max_units: int | None = None


class GuidanceCode(Cited, frozen=True, kw_only=True):
    """A code for guiding the needle."""

    code: str
    meaning: str
    addon: bool
    rule: str


class DrugCode(Cited, frozen=True, kw_only=True):
    """The code of a product."""

    code: str
    product: str
    units_per_billing_unit: int


class Modifier(Cited, frozen=True, kw_only=True):
    """What is added to a code."""

    code: str
    meaning: str
    required_from: datetime.date | None = None


class RetiredCode(Cited, frozen=True, kw_only=True):
    """A code that old records may still show."""

    code: str
    meaning: str


class CodingRule(Cited, frozen=True, kw_only=True):
    """One sentence on how to count or what to document."""

    id: str
    rule: str


class ClaimRule(Cited, frozen=True, kw_only=True):
    """A sentence on the claim as a whole."""

    rule: str


class CodingExample(Cited, frozen=True, kw_only=True):
    """A worked case, in billing units."""

    id: str
    expected: dict[str, int | bool | tuple[str, ...]]
    product: str = ""
    administered_units: Decimal | None = None
    opened_units: Decimal | None = None
    text: str = ""


class CodesFile(ReferenceFile, frozen=True, kw_only=True):
    """``codes.yaml``."""

    conventions: dict[str, str]
    procedures: tuple[ProcedureCode, ...]
    retired: tuple[RetiredCode, ...]
    guidance: tuple[GuidanceCode, ...]
    drugs: tuple[DrugCode, ...]
    modifiers: tuple[Modifier, ...]
    wastage_rules: tuple[CodingRule, ...]
    rounding_rules: tuple[CodingRule, ...]
    examples: tuple[CodingExample, ...]
    extremity_rules: tuple[CodingRule, ...]
    same_claim_rule: ClaimRule
