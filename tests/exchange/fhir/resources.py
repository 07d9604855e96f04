"""Resources as another program writes them."""

import json
from typing import Any

Resource = dict[str, Any]


def anna(**changes: object) -> Resource:
    """A patient as another program writes her; None takes something away."""
    resource: Resource = {
        "resourceType": "Patient",
        "id": "1",
        "identifier": [
            {"system": "urn:oid:1.2.3", "value": "INS-9"},
            {"type": {"coding": [{"code": "MR"}]}, "value": "77"},
        ],
        "name": [
            {"use": "maiden", "family": "Berg"},
            {"use": "official", "family": "Larsen", "given": ["Anna", "Maria"]},
        ],
        "gender": "female",
        "birthDate": "1970-02-28",
        "telecom": [{"system": "phone", "value": "555-1"}, {"system": "email", "value": "a@example.org"}],
        "address": [{"line": ["1 Quay"], "city": "Bergen", "postalCode": "5003", "country": "NO"}],
        "communication": [{"language": {"coding": [{"code": "nb"}]}}],
    } | changes
    return {name: value for name, value in resource.items() if value is not None}


def of_anna(kind: str, **content: object) -> Resource:
    whose = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resourceType": kind, "id": "x", whose: {"reference": "Patient/1"}, **content}


def bundle(*resources: Resource) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}
    ).encode()
