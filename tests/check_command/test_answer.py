"""What is answered to a visit of the form."""

import json
from decimal import Decimal
from typing import Any

import pytest

from clinic_app.check_command.command import check_visit
from clinic_app.reference import Reference

from .build import ABO, EXAMPLE, GONE, ONA, RIMA, checked, rules, visit

SCM = "sternocleidomastoideus"


def injection(muscle: str, units: float, vial: int | None = 0, side: str = "left", **changes: Any) -> dict[str, Any]:
    return {
        "muscle": muscle,
        "side": side,
        "units": units,
        "points": 2,
        "guidance": ["ultrasound"],
        "vial": vial,
        **changes,
    }


def vial(product: str, units: float, **changes: Any) -> dict[str, Any]:
    return {**EXAMPLE["vials"][0], "product": product, "units": units, "wasted": 0, **changes}


def test_the_example_stops_only_at_the_interval(reference: Reference) -> None:
    code, answer = checked(EXAMPLE, reference)
    assert code == 2
    assert list(answer) == ["totals", "billing", "findings"]
    assert answer["totals"] == {
        "products": [{"product": ONA, "units": 40, "ml": 0.4}],
        "muscles": [{"muscle": SCM, "side": "left", "product": ONA, "units": 40, "ml": 0.4}],
        "vials": [{"vial": 0, "product": ONA, "contents": 200, "given": 40, "wasted": 160, "left": 0}],
    }
    (finding,) = answer["findings"]
    assert list(finding) == ["rule", "level", "muscle", "side", "message", "source", "verified"]
    assert (finding["rule"], finding["level"], finding["verified"]) == ("interval.too_short", "stop", True)
    assert finding["message"].startswith("The last injection was 63 days ago (20 Sep 2026)")
    assert "Epocrates" in finding["source"]
    assert (finding["muscle"], finding["side"]) == (None, None)


def test_the_codes_of_the_example(reference: Reference) -> None:
    billing = checked(EXAMPLE, reference)[1]["billing"]
    assert {group: [line["text"] for line in billing[group]] for group in ("drugs", "procedures", "guidance")} == {
        "drugs": ["J0585 ×40", "J0585-JW ×160"],
        "procedures": ["64616"],
        "guidance": ["95874"],
    }
    assert billing["not_coded"] == []
    wasted = billing["drugs"][1]
    assert list(wasted) == ["code", "modifiers", "units", "text", "meaning", "because"]
    assert (wasted["code"], wasted["modifiers"], wasted["units"]) == ("J0585", ["JW"], 160)
    assert wasted["because"] == "160 U of 200 U thrown away"


def test_a_visit_without_anything_to_say_against_it_exits_with_0(reference: Reference) -> None:
    code, answer = checked(visit(), reference)
    assert (code, answer["findings"]) == (0, [])


def test_warnings_and_infos_do_not_stop(reference: Reference) -> None:
    of = visit(("patient.allergies", ["pollen"]), ("injections.0.points", 0))
    code, answer = checked(of, reference)
    assert code == 0
    levels = [(each["rule"], each["level"]) for each in answer["findings"]]
    assert levels == [("documentation.points", "warn"), ("patient.unmatched", "info")]
    about_the_muscle, about_the_patient = answer["findings"]
    assert (about_the_muscle["muscle"], about_the_muscle["side"]) == (SCM, "left")
    assert (about_the_patient["muscle"], about_the_patient["side"]) == (None, None)


def test_stops_come_first_then_by_rule(reference: Reference) -> None:
    of = visit(
        ("vials.0.lot", None),
        ("vials.0.wasted", 0),
        ("injections.0.guidance", []),
        ("injections.0.side", "right"),
        ("patient.conditions", ["knock knees", "ALS"]),
    )
    assert rules(of, reference) == [
        "vial.missing stop",
        "vial.unreconciled stop",
        "documentation.guidance warn",
        "patient.condition warn",
        "patient.unmatched info",
        "pattern.component info",
    ]


def test_only_plain_characters_leave_so_that_no_console_spoils_them(reference: Reference) -> None:
    of = visit(("patient.allergies", ["Kuhmilch-Eiweiß 🐄"]))
    text, _ = check_visit(json.dumps(of).encode(), reference)
    assert text.isascii()
    (finding,) = json.loads(text)["findings"]
    assert "Kuhmilch-Eiweiß 🐄" in finding["message"]


def test_the_same_visit_gets_the_same_answer_to_the_letter(reference: Reference) -> None:
    of = visit(("patient.allergies", ["pollen", "Botox"]), ("patient.medicines", ["Baclofen", "gentamicin"]))
    data = json.dumps(of).encode()
    assert check_visit(data, reference) == check_visit(data, reference)


# Totals


def test_units_are_exact_whatever_way_they_are_written(reference: Reference) -> None:
    of = visit(
        ("vials.0.wasted", 199.3),
        ("injections", [injection("splenius_capitis", 0.1), injection("levator_scapulae", 0.2)]),
    )
    of["injections"].append(injection("splenius_capitis", 0.4))
    written = json.dumps(of).replace('"units": 200', '"units": 2.000e2')
    text, code = check_visit(written.encode(), reference)
    assert code == 0
    totals = json.loads(text, parse_float=Decimal, parse_int=Decimal)["totals"]
    assert totals["products"] == [{"product": ONA, "units": Decimal("0.7"), "ml": Decimal("0.007")}]
    assert [(each["muscle"], each["units"]) for each in totals["muscles"]] == [
        ("levator_scapulae", Decimal("0.2")),
        ("splenius_capitis", Decimal("0.5")),
    ]
    assert totals["vials"][0]["left"] == 0
    assert '"units": 0.7,' in text
    assert '"contents": 200,' in text


def test_products_are_never_added(reference: Reference) -> None:
    of = visit(
        ("vials", [vial(ONA, 100), vial(ABO, 300, diluent_ml=0.6), vial(ONA, 100, lot="C2", wasted=50)]),
        (
            "injections",
            [
                injection("splenius_capitis", 100, 0),
                injection("splenius_capitis", 300, 1),
                injection("splenius_capitis", 50, 2),
            ],
        ),
    )
    totals = checked(of, reference)[1]["totals"]
    assert totals["products"] == [
        {"product": ABO, "units": 300, "ml": 0.6},
        {"product": ONA, "units": 150, "ml": 3},
    ]
    assert [(each["product"], each["units"]) for each in totals["muscles"]] == [(ABO, 300), (ONA, 150)]
    assert [(each["vial"], each["given"], each["left"]) for each in totals["vials"]] == [
        (0, 100, 0),
        (1, 300, 0),
        (2, 50, 0),
    ]
    assert "product.mixed warn" in rules(of, reference)


def test_a_volume_that_does_not_end_is_rounded_to_a_millionth(reference: Reference) -> None:
    of = visit(("vials", [vial(ABO, 300, diluent_ml=1)]), ("injections", [injection("splenius_capitis", 10)]))
    assert checked(of, reference)[1]["totals"]["products"][0]["ml"] == 0.033333


def test_a_volume_that_is_not_known_is_null(reference: Reference) -> None:
    for unknown in (None, 0, GONE):
        of = visit(("vials.0.diluent_ml", unknown))
        assert checked(of, reference)[1]["totals"]["products"] == [{"product": ONA, "units": 40, "ml": None}]


def test_a_solution_has_its_volume_without_a_diluent(reference: Reference) -> None:
    solution = vial(RIMA, 5000, diluent_ml=None, reconstituted_at=None, used_at=None, wasted=2500)
    of = visit(("vials", [solution]), ("injections", [injection("splenius_capitis", 2500)]))
    code, answer = checked(of, reference)
    assert code == 0
    assert answer["totals"]["products"] == [{"product": RIMA, "units": 2500, "ml": 0.5}]


def test_more_than_the_vial_holds_leaves_less_than_nothing(reference: Reference) -> None:
    of = visit(("injections.0.units", 50))
    assert checked(of, reference)[1]["totals"]["vials"][0]["left"] == -10
    assert rules(of, reference) == ["vial.overdrawn stop"]


# What each field leads to


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("injections.0.vial", None, ["product.missing stop", "vial.unreconciled stop"]),
        ("injections.0.vial", GONE, ["product.missing stop", "vial.unreconciled stop"]),
        ("injections.0.side", "midline", ["target.side stop"]),
        ("injections.0.guidance", [], ["documentation.guidance warn"]),
        ("injections.0.points", GONE, ["documentation.points warn"]),
        ("injections.0.points", 1, []),
        ("vials.0.lot", None, ["vial.missing stop"]),
        ("vials.0.lot", " ", ["vial.missing stop"]),
        ("vials.0.expires", None, ["vial.missing stop"]),
        ("vials.0.expires", "", ["vial.missing stop"]),
        ("vials.0.expires", GONE, ["vial.missing stop"]),
        ("vials.0.reconstituted_at", None, ["vial.missing stop"]),
        ("vials.0.reconstituted_at", "", ["vial.missing stop"]),
        ("vials.0.wasted", 159.999, ["vial.unreconciled stop"]),
        ("vials.0.wasted", GONE, ["vial.unreconciled stop"]),
        ("vials.0.wasted", 160.001, ["vial.overdrawn stop"]),
        # usable to the end of its expiry date
        ("vials.0.expires", "2026-11-22", []),
        ("vials.0.expires", "2026-11-21", ["vial.expired stop"]),
        # 24 hours
        ("vials.0.reconstituted_at", "2026-11-21T09:30", []),
        ("vials.0.reconstituted_at", "2026-11-21T09:29", ["vial.too_old stop"]),
        ("vials.0.used_at", None, []),
        ("indication", None, ["documentation.indication warn"]),
        ("indication", "", ["documentation.indication warn"]),
        ("indication", GONE, ["documentation.indication warn"]),
        ("components", [], []),
        ("components", ["torticollis_left"], ["pattern.component info"]),
        ("components", ["retrocollis", "torticaput_right", "jaw_opening"], []),
        ("patient", {}, []),
        ("patient", GONE, []),
        ("patient.age", None, []),
        ("patient.age", 17, ["patient.age warn"]),
        ("patient.age", 18.0, []),
        ("patient.weight_kg", None, []),
        ("patient.pregnant", True, ["patient.pregnancy warn"]),
        ("patient.allergies", ["HYPERSENSITIVITY"], ["patient.allergy stop"]),
        ("patient.allergies", ["Allergy to any botulinum toxin or a component"], ["patient.allergy stop"]),
        ("patient.allergies", ["  "], []),
        ("patient.conditions", ["Lambert-eaton SYNDROME"], ["patient.condition warn"]),
        ("patient.medicines", ["Gentamicin"], ["patient.interaction warn"]),
        ("previous", GONE, []),
        ("region", "UK_EU", []),
    ],
)
def test_each_field_is_read(reference: Reference, path: str, value: object, expected: list[str]) -> None:
    code, answer = checked(visit((path, value)), reference)
    assert [f"{each['rule']} {each['level']}" for each in answer["findings"]] == expected
    assert code == (2 if any(each.endswith("stop") for each in expected) else 0)


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        ([{"date": "2026-08-30", "product": ONA, "units": 200}], []),  # 84 days
        ([{"date": "2026-08-31", "product": ONA, "units": 200}], ["interval.too_short stop"]),
        ([{"date": "2026-08-31", "product": ONA, "units": None}], ["interval.too_short stop"]),
        ([{"date": "2026-11-22", "product": ONA}], ["interval.too_short stop"]),
        (
            [{"date": "2026-11-01", "product": None, "units": None, "elsewhere": True}],
            ["interval.too_short stop", "patient.interaction warn"],
        ),
        ([{"date": "2026-07-01", "product": ABO, "units": 500}], ["product.changed warn"]),
        ([{"date": "2026-07-01", "product": ABO, "units": 500, "elsewhere": True}], []),
        # the latest of one's own counts
        (
            [
                {"date": "2026-07-01", "product": ONA, "units": 200},
                {"date": "2026-03-01", "product": ABO, "units": 500},
                {"date": "2026-07-02", "product": ABO, "units": 500, "elsewhere": True},
            ],
            [],
        ),
        (
            [{"date": "2026-09-20", "product": ONA, "units": 361, "elsewhere": True}],
            ["dose.rolling_cap stop", "interval.too_short stop"],
        ),
        ([{"date": "2026-07-01", "product": "prabotulinumtoxinA", "units": 20, "elsewhere": True}], []),
    ],
)
def test_toxin_given_before_counts(reference: Reference, previous: list[dict[str, Any]], expected: list[str]) -> None:
    assert rules(visit(("previous", previous)), reference) == expected


def test_an_earlier_injection_elsewhere_is_named_so(reference: Reference) -> None:
    of = visit(("previous", [{"date": "2026-11-01", "product": ONA, "units": None, "elsewhere": True}]))
    (finding,) = checked(of, reference)[1]["findings"]
    assert finding["message"].startswith("Toxin was given elsewhere 21 days ago")


def test_a_cosmetic_product_is_of_the_form_and_stops(reference: Reference) -> None:
    of = visit(("vials.0.product", "prabotulinumtoxinA"))
    code, answer = checked(of, reference)
    assert code == 2
    assert "product.cosmetic_only" in {each["rule"] for each in answer["findings"]}
    assert answer["billing"]["drugs"] == []


def test_an_unverified_figure_warns_and_asks_to_be_confirmed(reference: Reference) -> None:
    of = visit(
        ("vials", [vial(RIMA, 10000, diluent_ml=None, reconstituted_at=None, wasted=4000)]),
        ("injections", [injection("splenius_capitis", 6000)]),
    )
    (finding,) = [each for each in checked(of, reference)[1]["findings"] if each["rule"] == "dose.visit_cap"]
    assert (finding["level"], finding["verified"]) == ("warn", False)
    assert finding["message"].endswith("Confirm against the label: no page that was read states this.")
    assert "6000 U" in finding["message"]


def test_without_a_time_of_use_a_vial_of_yesterday_does_not_pass_for_fresh(reference: Reference) -> None:
    of = visit(("vials.0.reconstituted_at", "2026-11-21T20:00"), ("vials.0.used_at", None))
    assert rules(of, reference) == ["vial.too_old stop"]


@pytest.mark.parametrize(
    ("mixed", "used", "expected"),
    [
        ("2026-11-22T08:00Z", "2026-11-22T08:00:00.5+00:00", []),
        ("2026-11-21T09:00-05:00", "2026-11-22T08:59-05:00", []),
        ("2026-11-21T09:00+05:00", "2026-11-22T09:00-05:00", ["vial.too_old stop"]),
        ("2026-11-22 08:00", "2026-11-22 09:00:00", []),
    ],
)
def test_times_may_have_a_zone(reference: Reference, mixed: str, used: str, expected: list[str]) -> None:
    of = visit(("vials.0.reconstituted_at", mixed), ("vials.0.used_at", used))
    assert rules(of, reference) == expected


def test_consent_assessment_and_the_reason_of_waste_are_not_asked_for(reference: Reference) -> None:
    assert not any(each.startswith("documentation.") for each in rules(visit(), reference))


def test_outside_the_us_no_codes_are_suggested(reference: Reference) -> None:
    billing = checked(visit(("region", "UK_EU")), reference)[1]["billing"]
    assert billing == {"drugs": [], "procedures": [], "guidance": [], "not_coded": []}


def test_a_place_without_a_code_is_named(reference: Reference) -> None:
    of = visit(("injections.0.muscle", "masseter"))
    assert checked(of, reference)[1]["billing"]["not_coded"] == [{"muscle": "masseter", "side": "left"}]


def test_a_visit_without_injections_is_a_visit(reference: Reference) -> None:
    code, answer = checked(visit(("injections", []), ("vials", [])), reference)
    assert (code, answer["findings"]) == (0, [])
    assert answer["totals"] == {"products": [], "muscles": [], "vials": []}


def test_every_muscle_of_the_reference_can_be_checked(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        at = "left" if muscle.paired else "midline"
        of = visit(("injections.0.muscle", muscle.id), ("injections.0.side", at))
        assert "target.side stop" not in rules(of, reference), muscle.id
