"""What is not of the form is refused with one sentence that names the field."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.check_command.command import check_visit
from clinic_app.errors import ClinicError
from clinic_app.reference import Reference

from .build import EXAMPLE, GONE, checked, visit

TOO_LARGE = 10**9


def refusal(data: bytes, reference: Reference) -> ClinicError:
    """The error with a sentence of one line that ends like one."""
    with pytest.raises(ClinicError) as refused:
        check_visit(data, reference)
    sentence = str(refused.value)
    assert sentence.isprintable(), sentence
    assert sentence.endswith((".", ".”"))
    assert len(sentence) < 300
    return refused.value


def refused(reference: Reference, path: str, value: object) -> ClinicError:
    return refusal(json.dumps(visit((path, value))).encode(), reference)


def as_written(path: str) -> str:
    """ "vials.0.units" as the sentence writes it: "vials[0].units"."""
    parts = path.split(".")
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts).lstrip(".")


UNITS = ("injections.0.units", "vials.0.units", "previous.0.units", "patient.weight_kg")
ZERO_IS_FINE = ("vials.0.wasted", "vials.0.diluent_ml")


@pytest.mark.parametrize("path", UNITS + ZERO_IS_FINE)
@pytest.mark.parametrize("value", ["40", "", True, False, [], [40], {}, {"value": 40}])
def test_a_quantity_is_a_number_and_nothing_else(reference: Reference, path: str, value: object) -> None:
    error = in_example(reference, path, value)
    assert error.field == as_written(path)
    assert str(error).startswith(f"{as_written(path)} must be a number, not ")


def in_example(reference: Reference, path: str, value: object) -> ClinicError:
    """Refused in the example with its previous injection."""
    changed = visit(("previous", [dict(EXAMPLE["previous"][0])]))
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    here: Any = changed
    for part in way:
        here = here[part]
    here[last] = value
    return refusal(json.dumps(changed).encode(), reference)


@pytest.mark.parametrize("path", UNITS)
@pytest.mark.parametrize("value", [0, -0.0, -3, TOO_LARGE, 100000.5, 40.0001, 1e-30])
def test_a_quantity_is_above_zero_not_too_large_and_has_three_decimals(
    reference: Reference, path: str, value: float
) -> None:
    error = in_example(reference, path, value)
    assert error.field == as_written(path)
    assert str(error).startswith(as_written(path))


@pytest.mark.parametrize("path", ZERO_IS_FINE)
@pytest.mark.parametrize("value", [-0.001, -3, TOO_LARGE])
def test_waste_and_diluent_may_be_zero_but_not_less(reference: Reference, path: str, value: float) -> None:
    assert refused(reference, path, value).field == as_written(path)
    checked(visit((path, 0)), reference)
    checked(visit((path, -0.0)), reference)


@pytest.mark.parametrize("path", [*UNITS, *ZERO_IS_FINE, "patient.age", "injections.0.points", "injections.0.vial"])
@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e400", "1e99999999999999999999", "9" * 5000])
def test_what_is_no_finite_number_is_refused(reference: Reference, path: str, written: str) -> None:
    changed = visit(("previous", [dict(EXAMPLE["previous"][0])]))
    text = json.dumps(changed)
    *way, last = path.split(".")
    here: Any = changed
    for part in way:
        here = here[int(part) if part.isdigit() else part]
    here[last] = "here"
    text = json.dumps(changed).replace('"here"', written)
    error = refusal(text.encode(), reference)
    assert error.field == as_written(path)


@pytest.mark.parametrize("path", ["patient.age", "injections.0.points", "injections.0.vial"])
@pytest.mark.parametrize("value", ["2", True, 1.5, -1, TOO_LARGE, [], {}])
def test_a_count_is_a_whole_number(reference: Reference, path: str, value: object) -> None:
    assert refused(reference, path, value).field == as_written(path)


@pytest.mark.parametrize("index", [1, -1, 0.5, 200])
def test_a_vial_outside_the_list_is_named(reference: Reference, index: float) -> None:
    error = refused(reference, "injections.0.vial", index)
    assert (error.code, error.field) == ("check_no_such_vial", "injections[0].vial")


@pytest.mark.parametrize(
    ("path", "value", "in_sentence"),
    [
        ("injections.0.muscle", "sternocleidomastoid", "“sternocleidomastoid” is not known"),
        ("injections.0.muscle", "", "is not known"),
        ("injections.0.muscle", "Sternocleidomastoideus", "is not known"),
        ("vials.0.product", "Botox", "“Botox” is not known"),
        ("previous", [{"date": "2026-01-01", "product": "Botox"}], "previous[0].product"),
        ("injections.0.side", "both", "must be one of left, right, midline, not “both”"),
        ("injections.0.side", "", "must be one of left, right, midline"),
        ("injections.0.guidance", ["MRI"], "injections[0].guidance[0] must be one of"),
        ("region", "EU", "must be one of US, UK_EU, not “EU”"),
        ("region", "us", "must be one of US, UK_EU"),
        ("indication", "cervical dystonia", "“cervical dystonia” is not known"),
        ("components", ["torticollis"], "components[0]: torticollis has a side"),
        ("components", ["retrocollis_left"], "components[0]: retrocollis has no side"),
        ("components", ["torticollis_up"], "“torticollis_up” is not known"),
        ("components", ["_left"], "is not known"),
    ],
)
def test_what_the_reference_does_not_know_is_named(
    reference: Reference, path: str, value: object, in_sentence: str
) -> None:
    error = refused(reference, path, value)
    assert error.field.startswith(as_written(path))
    assert in_sentence in str(error)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("note", "note is no key of the form. The keys there are date, region,"),
        ("patient.weight", "patient.weight is no key of the form. The keys there are age, weight_kg,"),
        ("vials.0.left", "vials[0].left is no key"),
        ("injections.0.site", "injections[0].site is no key"),
        ("injections.0.Units", "injections[0].Units is no key"),
        ("patient.a`b - at `$.x`", "patient.a`b - at `$.x` is no key"),
    ],
)
def test_a_key_that_is_not_of_the_form_is_named(reference: Reference, path: str, sentence: str) -> None:
    place = path.rsplit(".", 1) if "`" not in path else path.split(".", 1)
    of = visit()
    here: Any = of
    for part in place[0].split(".") if len(place) == 2 else []:
        here = here[int(part) if part.isdigit() else part]
    here[place[-1]] = 1
    assert str(refusal(json.dumps(of).encode(), reference)).startswith(sentence)


def test_a_key_that_cannot_be_printed_stays_on_one_line(reference: Reference) -> None:
    for key in ("a\nb", "\x00", "x" * 1000, "\u202e"):
        assert refusal(json.dumps({**visit(), key: 1}).encode(), reference).code == "check_key_unknown"
    assert refusal(json.dumps({**visit(), "\ud800": 1}).encode(), reference).code == "check_no_text"


@pytest.mark.parametrize(
    "path",
    [
        "date",
        "region",
        "injections",
        "injections.0.muscle",
        "injections.0.side",
        "injections.0.units",
        "vials.0.product",
        "vials.0.units",
    ],
)
def test_what_cannot_be_left_out_is_named(reference: Reference, path: str) -> None:
    error = refused(reference, path, GONE)
    assert (error.code, error.field) == ("check_key_missing", as_written(path))


@pytest.mark.parametrize("path", ["date", "vials.0.expires"])
@pytest.mark.parametrize(
    "value",
    [
        "tomorrow",
        "2026-02-29",
        "2026-13-01",
        "22.11.2026",
        "20261122",
        "2026-W47-7",
        "2026-11-22T08:00",
        "0001-01-01",
        "9999-12-31",
        "٢٠٢٦-١١-٢٢",
        " 2026-11-22",
        "2026-11-22\n",
    ],
)
def test_a_day_is_a_day_of_the_calendar(reference: Reference, path: str, value: str) -> None:
    error = refused(reference, path, value)
    assert (error.code, error.field) == ("check_no_day", as_written(path))


@pytest.mark.parametrize("path", ["vials.0.reconstituted_at", "vials.0.used_at"])
@pytest.mark.parametrize(
    "value",
    [
        "08:00",
        "2026-11-22",
        "2026-11-22T8:00",
        "2026-11-22T25:00",
        "2026-11-22T08:60",
        "2026-11-22T08:00+99:00",
        "2026-11-22T08:00 EST",
        "20261122T080000",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
def test_a_moment_is_a_day_and_a_time(reference: Reference, path: str, value: str) -> None:
    error = refused(reference, path, value)
    assert (error.code, error.field) == ("check_no_moment", as_written(path))


def test_times_with_and_without_a_zone_do_not_go_together(reference: Reference) -> None:
    error = refused(reference, "vials.0.used_at", "2026-11-22T09:30Z")
    assert (error.code, error.field) == ("check_zones_mixed", "vials[0].used_at")
    of = visit()
    of["vials"].append({**of["vials"][0], "reconstituted_at": "2026-11-22T08:00+01:00", "used_at": None})
    assert refusal(json.dumps(of).encode(), reference).field == "vials[1].reconstituted_at"


def test_what_contradicts_itself_is_refused(reference: Reference) -> None:
    used_first = refused(reference, "vials.0.used_at", "2026-11-22T07:59")
    assert (used_first.code, used_first.field) == ("check_used_before_mixed", "vials[0].used_at")
    later = refused(reference, "previous", [{"date": "2026-11-23", "product": None}])
    assert (later.code, later.field) == ("check_previous_later", "previous[0].date")


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        ("date", 20261122, "text"),
        ("date", None, "text"),
        ("region", None, "text"),
        ("components", "torticollis_right", "a list"),
        ("components", [1], "text"),
        ("patient", [], "an object in braces"),
        ("patient", None, "an object in braces"),
        ("patient.pregnant", 1, "true or false"),
        ("patient.pregnant", "yes", "true or false"),
        ("patient.pregnant", None, "true or false"),
        ("patient.allergies", None, "a list"),
        ("patient.allergies", {"0": "x"}, "a list"),
        ("previous", {}, "a list"),
        ("previous", [[]], "an object in braces"),
        ("previous", [{"date": "2026-01-01", "elsewhere": 1}], "true or false"),
        ("vials", None, "a list"),
        ("vials.0.lot", 123, "text"),
        ("injections", {}, "a list"),
        ("injections.0.side", None, "text"),
        ("injections.0.units", None, "a number"),
        ("injections.0.guidance", "EMG", "a list"),
    ],
)
def test_a_wrong_type_is_named_in_plain_words(reference: Reference, path: str, value: object, wanted: str) -> None:
    error = refused(reference, path, value)
    assert error.code == "check_wrong_type"
    assert error.field.startswith(as_written(path))
    assert f" must be {wanted}, not " in str(error)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("patient.allergies", ["x" * 201], "check_text_too_long"),
        ("patient.allergies", ["x"] * 501, "check_list_too_long"),
        ("injections", [EXAMPLE["injections"][0]] * 501, "check_list_too_long"),
        ("vials.0.lot", "C\ud800", "check_no_text"),
    ],
)
def test_a_text_or_list_has_its_limit(reference: Reference, path: str, value: object, code: str) -> None:
    error = refused(reference, path, value)
    assert error.code == code
    assert error.field.startswith(as_written(path))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "check_empty"),
        (b" \r\n\t", "check_empty"),
        (b"\xef\xbb\xbf", "check_empty"),
        (b"null", "check_not_object"),
        (b"[]", "check_not_object"),
        (b"40", "check_not_object"),
        (b'"{}"', "check_not_object"),
        (b"NaN", "check_not_object"),
        (b"true", "check_not_object"),
        (b"{", "check_not_json"),
        (b"{}{}", "check_not_json"),
        (b"{'date': 1}", "check_not_json"),
        (b'{"date": "2026-11-22",}', "check_not_json"),
        (b'{"date": 01}', "check_not_json"),
        (b"date = 2026-11-22", "check_not_json"),
        (b"%PDF-1.7", "check_not_json"),
        (b"{}", "check_key_missing"),
        (b"\xff\xfe{\x00}\x00", "check_not_utf8"),
        ("ä".encode("latin-1"), "check_not_utf8"),
        (b"\xed\xa0\x80", "check_not_utf8"),
        (b"[" * 200_000, "check_too_deep"),
        (b'{"patient":' * 100_000, "check_too_deep"),
        (b'{"date": "2026-11-22", "date": "2026-11-23"}', "check_key_twice"),
        (b'{"patient": {"age": 1, "\\u0061ge": 2}}', "check_key_twice"),
    ],
)
def test_what_is_no_json_object_is_refused(reference: Reference, data: bytes, code: str) -> None:
    assert refusal(data, reference).code == code


def test_a_byte_order_mark_before_utf_8_is_read_over(reference: Reference) -> None:
    assert checked(b"\xef\xbb\xbf" + json.dumps(visit()).encode(), reference)[0] == 0


# Inputs spoiled at random: never anything but an answer or a sentence

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["left", "US", "2026-11-22", "1999-12-31", "2026-11-22T08:00Z", "onabotulinumtoxinA", "", "_left"]),
    st.sampled_from([0, -1, 0.001, 0.0001, 1e9, 100000, 40, 2]),
)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))


def places(value: object, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of the value but the empty one."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path for key, below in inner for path in ((*way, key), *places(below, (*way, key)))]


@st.composite
def spoiled_values(draw: st.DrawFn) -> bytes:
    """The example with one to three values replaced, removed, doubled or added."""
    of = visit(("previous", [dict(EXAMPLE["previous"][0])]))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(of) or [("date",)]))
        here: Any = of
        for part in path[:-1]:
            here = here[part]
        what = draw(st.sampled_from(["replace", "remove", "add", "double"]))
        if what == "replace":
            here[path[-1]] = draw(anything)
        elif what == "add" and isinstance(here, dict):
            here[draw(st.text(max_size=5))] = draw(anything)
        elif what == "double" and isinstance(here, list):
            here.append(here[int(path[-1])])
        else:
            here.pop(path[-1], None) if isinstance(here, dict) else here.pop(int(path[-1]))
    return json.dumps(of).encode()


@st.composite
def spoiled_bytes(draw: st.DrawFn) -> bytes:
    """The example with a stretch of its bytes cut out, doubled or overwritten."""
    data = json.dumps(EXAMPLE).encode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 12)))
        data = data[:start] + draw(st.one_of(st.just(data[start:end] * 2), st.binary(max_size=4))) + data[end:]
    return data


def answered_or_refused(data: bytes, reference: Reference) -> None:
    try:
        text, code = check_visit(data, reference)
    except ClinicError as error:
        assert error.code.startswith("check_")
        assert str(error).isprintable()
    else:
        findings = json.loads(text)["findings"]
        assert code == (2 if "stop" in {each["level"] for each in findings} else 0)


@settings(max_examples=1200)
@given(spoiled_values())
def test_a_spoiled_value_gets_an_answer_or_one_sentence(reference: Reference, data: bytes) -> None:
    answered_or_refused(data, reference)


@settings(max_examples=800)
@given(spoiled_bytes())
def test_spoiled_bytes_get_an_answer_or_one_sentence(reference: Reference, data: bytes) -> None:
    answered_or_refused(data, reference)


@given(st.decimals("0.001", 100000, places=3))
def test_every_thousandth_comes_back_exactly(reference: Reference, units: Any) -> None:
    text = json.dumps(visit(("injections.0.units", "here"))).replace('"here"', str(units))
    answer, _ = check_visit(text.encode(), reference)
    totals = json.loads(answer, parse_float=str, parse_int=str)["totals"]
    assert totals["products"][0]["units"] == format(units.normalize(), "f")
