"""The register is complete: every rule that the checks raise stands in it, with its levels, words and sources."""

import ast
import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from clinic_app import rules
from clinic_app.reference import Reference
from clinic_app.resources import resource_path
from clinic_app.rules.chart import Chart
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import PROGRAM, Level, finding
from clinic_app.rules.limits import LIMITABLE
from clinic_app.rules.register import BOOKING_RULES, RULES, Basis
from clinic_app.rules.sources import source_titles
from clinic_app.rules.wording import check_ids, looks_at, title_of
from tools.rule_figures import figures_of
from tools.rules import PAGE, page

from .build import unverified
from .test_properties import charts as any_charts
from .test_wording import every_finding

BY_ID = {rule.id: rule for rule in RULES}


def raised_in_the_code() -> set[str]:
    """The ids given to findings and judgements, read from the source of the checks."""
    found = set()
    for file in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("finding", "judge") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_rule_that_the_checks_can_raise_is_registered_once_and_no_other() -> None:
    assert len(BY_ID) == len(RULES)
    assert raised_in_the_code() == set(BY_ID)


def test_every_rule_has_its_words() -> None:
    assert set(check_ids()) == set(BY_ID)


@pytest.mark.parametrize("rule", [*BY_ID, *(rule.id for rule in BOOKING_RULES)])
def test_what_a_rule_looks_at_is_one_plain_sentence_under_a_short_title(rule: str) -> None:
    assert 0 < len(title_of(rule)) <= 50
    sentence = looks_at(rule)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_every_booking_rule_has_a_sentence() -> None:
    errors = tomllib.loads(resource_path("words", "en.toml").read_text(encoding="utf-8"))["errors"]
    for rule in BOOKING_RULES:
        assert rule.error in errors, rule.id


def test_whatever_can_be_limited_is_a_rule() -> None:
    assert set(LIMITABLE) <= set(BY_ID)
    assert all(Level.INFO in BY_ID[rule].levels for rule in LIMITABLE)


def test_no_finding_comes_with_a_level_that_its_rule_does_not_allow(reference: Reference) -> None:
    for known in (reference, unverified(reference)):
        for found in every_finding(known):
            assert found.level in BY_ID[found.id].levels, found.id


@given(any_charts())
def test_no_chart_raises_a_level_that_its_rule_does_not_allow(reference: Reference, charted: Chart) -> None:
    for found in check_chart(charted, reference, at_signing=True):
        assert found.level in BY_ID[found.id].levels


def test_an_unverified_star_never_stops(reference: Reference) -> None:
    for found in every_finding(reference):
        if BY_ID[found.id].starred and found.level is Level.STOP:
            assert found.verified, found


def test_rules_about_signing_are_silent_before(reference: Reference) -> None:
    every = {found.id for found in every_finding(reference)}
    assert {rule.id for rule in RULES if rule.at_signing} == {
        each for each in every if each.startswith("documentation.")
    }


# Sources


def test_every_finding_rests_on_what_the_table_of_rules_says(reference: Reference) -> None:
    for found in every_finding(reference):
        stated = {name for each in figures_of(found.id, reference) for name in each.source}
        own = {PROGRAM, "limit of the clinic"} if found.id in LIMITABLE else {PROGRAM}
        assert set(found.source.split(", ")) <= stated | own, found


def test_a_rule_of_the_program_rests_on_nothing_else(reference: Reference) -> None:
    for found in every_finding(reference):
        if BY_ID[found.id].basis is Basis.PROGRAM:
            assert found.source == PROGRAM
            assert found.verified
        elif BY_ID[found.id].basis is Basis.ANATOMY:
            assert (found.source, found.verified) == ("K", False)


def test_every_label_rule_has_figures_and_no_other_rule_claims_a_page(reference: Reference) -> None:
    for rule in RULES:
        stated = figures_of(rule.id, reference)
        assert bool(stated) is (rule.basis is not Basis.PROGRAM), rule.id
        if rule.basis is Basis.ANATOMY:
            assert not any(each.verified for each in stated)


def test_the_titles_of_a_findings_sources_are_at_hand(reference: Reference) -> None:
    told = finding("dose.visit_cap", Level.STOP, source=("limit of the clinic", "dysport_hcp", "K"))
    clinic, page_read, knowledge = source_titles(reference, told)
    assert (clinic.title, clinic.url) == ("The clinic's own limit", None)
    assert page_read.title == "Dysport HCP site: adult spasticity dosing and dilution"
    assert page_read.url is not None
    assert page_read.url.startswith("https://")
    assert "no page retrieved" in knowledge.title
    assert [each.title for each in source_titles(reference, finding("vial.missing", Level.STOP))] == [
        "Rule of the program"
    ]


def test_every_source_of_every_finding_has_a_title(reference: Reference) -> None:
    for found in every_finding(reference):
        for source in source_titles(reference, found):
            assert source.title
            assert source.title != source.id


def test_a_source_that_no_list_names_stands_as_it_is(reference: Reference) -> None:
    (source,) = source_titles(reference, finding("dose.visit_cap", Level.STOP, source=("an old source",)))
    assert (source.title, source.url) == ("an old source", None)


# The page


def test_the_page_of_rules_is_what_the_register_and_the_reference_say(reference: Reference) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(reference), "stale: run python -m tools.rules"


def test_the_page_names_every_rule_and_every_source_by_title(reference: Reference) -> None:
    text = page(reference)
    for rule in [*BY_ID, *(each.id for each in BOOKING_RULES)]:
        assert f"| `{rule}`<br>" in text
    for found in every_finding(reference):
        for source in source_titles(reference, found):
            if source.id in reference.sources:
                assert source.title in text
