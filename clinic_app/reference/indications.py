"""Indications with their diagnosis codes, and the components of cervical dystonia."""

from typing import Literal

import msgspec

from clinic_app.reference.entries import Cited, Entry, ReferenceFile


class DiagnosisCode(Cited, frozen=True, kw_only=True):
    """An ICD-10-CM code; the clinic checks the release in force on the visit date."""

    code: str
    title: str
    billable: bool


class OtherDiagnosis(Entry, frozen=True, kw_only=True):
    """A code that is easily taken for the right one."""

    code: str
    title: str


class Component(Entry, frozen=True, kw_only=True):
    """A part of the picture of cervical dystonia: which way the head or neck goes."""

    id: str
    level: Literal["neck", "head", "both", "shoulder"]
    plane: Literal["rotation", "lateral", "sagittal", "vertical"]
    sided: bool
    meaning: str


class Indication(Cited, frozen=True, kw_only=True):
    """What is treated. ``distribution`` is the body distribution class, or "not_applicable"."""

    id: str
    name: str
    distribution: str = msgspec.field(name="class")
    icd10cm: tuple[DiagnosisCode, ...]
    components: tuple[str, ...]
    usual_muscles: tuple[str, ...]
    symptoms: tuple[str, ...]
    complications: tuple[str, ...]
    us_label_products: tuple[str, ...]
    scales: tuple[str, ...]
    uk_label_products: tuple[str, ...] = ()
    not_same_as: tuple[OtherDiagnosis, ...] = ()
    dystonia: bool = True
    parent_not_billable: str = ""
    payer_note: str = ""
    imaging_note: str = ""


class GeneralPatientFacts(Entry, frozen=True, kw_only=True):
    """What holds for dystonia in general, for handouts and history forms."""

    complications: tuple[str, ...]
    complications_source: tuple[str, ...]
    complications_verified: bool
    linked_causes: tuple[str, ...]
    linked_causes_source: tuple[str, ...]
    linked_causes_verified: bool
    linked_causes_note: str
    worsened_by: tuple[str, ...]
    onset_note: str
    onset_source: tuple[str, ...]
    onset_verified: bool


class IndicationsFile(ReferenceFile, frozen=True, kw_only=True):
    """``indications.yaml``."""

    conventions: dict[str, str | bool | tuple[str, ...]]
    body_distribution_classes: tuple[str, ...]
    cd_phenotype_components: tuple[Component, ...]
    cd_phenotype_source: tuple[str, ...]
    cd_phenotype_note: str
    general_patient_facts: GeneralPatientFacts
    indications: tuple[Indication, ...]
