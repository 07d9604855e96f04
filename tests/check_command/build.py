"""A visit that nothing can be said against, to be changed in one place by each test."""

import copy
import json
from typing import Any

from clinic_app.check_command.command import check_visit
from clinic_app.reference import Reference

ONA = "onabotulinumtoxinA"
ABO = "abobotulinumtoxinA"
RIMA = "rimabotulinumtoxinB"

#: The example of the README, word for word.
EXAMPLE: dict[str, Any] = {
    "date": "2026-11-22",
    "region": "US",
    "indication": "cervical_dystonia",
    "components": ["torticollis_right"],
    "patient": {
        "age": 54,
        "weight_kg": 70,
        "conditions": [],
        "medicines": [],
        "allergies": [],
        "pregnant": False,
    },
    "previous": [{"date": "2026-09-20", "product": ONA, "units": 200}],
    "vials": [
        {
            "product": ONA,
            "units": 200,
            "diluent_ml": 2,
            "lot": "C1",
            "expires": "2027-01-31",
            "reconstituted_at": "2026-11-22T08:00",
            "used_at": "2026-11-22T09:30",
            "wasted": 160,
        }
    ],
    "injections": [
        {
            "muscle": "sternocleidomastoideus",
            "side": "left",
            "units": 40,
            "points": 2,
            "guidance": ["EMG"],
            "vial": 0,
        }
    ],
}

#: In a path, removes the key instead.
GONE = object()


def visit(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The example without its too early date, with what stands at each path ("vials.0.units") replaced."""
    changed = copy.deepcopy(EXAMPLE)
    changed["previous"] = []
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        here: Any = changed
        for part in way:
            here = here[part]
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return changed


def checked(of: dict[str, Any] | str | bytes, reference: Reference) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer as a program reads it."""
    data = of if isinstance(of, bytes) else of.encode() if isinstance(of, str) else json.dumps(of).encode()
    text, code = check_visit(data, reference)
    answer = json.loads(text)
    assert isinstance(answer, dict)
    return code, answer


def rules(of: dict[str, Any], reference: Reference) -> list[str]:
    """The rules that speak, with their levels: "vial.missing stop"."""
    return [f"{each['rule']} {each['level']}" for each in checked(of, reference)[1]["findings"]]
