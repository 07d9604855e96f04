"""What others say of our FHIR: two libraries and the schema of its own authors, which know nothing of each other.

``r4_schema.json`` is HL7's JSON schema of R4 (4.0.1), cut down to the resources that we write and without its prose,
and with the codes of HL7's value sets wherever R4 requires one of them. FHIR is in the public domain (CC0).
"""

import json
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import fastjsonschema
from fhirclient.models.fhirabstractbase import FHIRValidationError
from pydantic import ValidationError

from clinic_app.exchange.fhir.values import Json

SCHEMA = Path(__file__).with_name("r4_schema.json")


def refused_by(resource: Json) -> set[str]:
    """The names of those that do not accept a resource."""
    refused = set()
    for name, accepts in (
        ("fhir.resources", _fhir_resources),
        ("fhirclient", _fhirclient),
        ("schema", accepted_by_schema),
    ):
        if not accepts(resource):
            refused.add(name)
    return refused


def _fhir_resources(resource: Json) -> bool:
    kind = str(resource["resourceType"])
    try:
        getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind).model_validate(resource)
    except ValidationError:
        return False
    return True


def _fhirclient(resource: Json) -> bool:
    kind = str(resource["resourceType"])
    try:
        getattr(import_module(f"fhirclient.models.{kind.lower()}"), kind)(json.loads(json.dumps(resource)))
    except FHIRValidationError:
        return False
    return True


def accepted_by_schema(resource: Json) -> bool:
    """Whether HL7's own schema does."""
    try:
        _compiled()({str(resource["resourceType"]): resource})
    except fastjsonschema.JsonSchemaException:
        return False
    return True


@lru_cache(maxsize=1)
def _compiled() -> Callable[[object], object]:
    """One function for all kinds: each has most definitions in common with the others."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kinds = [name for name, each in schema["definitions"].items() if "resourceType" in each.get("properties", {})]
    whole = {
        "$schema": schema["$schema"],
        "definitions": schema["definitions"],
        "properties": {kind: {"$ref": f"#/definitions/{kind}"} for kind in kinds},
        "additionalProperties": False,
    }
    compiled: Callable[[object], object] = fastjsonschema.compile(whole)
    return compiled
