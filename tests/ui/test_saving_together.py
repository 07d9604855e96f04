"""Two people save one record: what only one of them changed stays, and nobody's part is changed unasked."""

from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.ui.differences import Keep, Together, compared, kept, parts_of, with_parts
from clinic_app.ui.together import Outcome, save_together, together_text

LAYOUT = {"Colour": ("colour",), "Size and place": ("size", "place"), "Tags": ("tags",)}


@dataclass(frozen=True)
class Form:
    colour: int = 0
    size: int = 0
    place: int = 0
    tags: tuple[str, ...] = ()
    number: int = 7
    """In no part."""


small = st.integers(0, 2)
forms = st.builds(Form, small, small, small, st.lists(st.sampled_from("abc"), unique=True).map(tuple))
records = forms.map(lambda form: parts_of(form, LAYOUT))


@given(forms, forms)
def test_a_form_is_made_of_its_parts_and_of_what_belongs_to_none(form: Form, other: Form) -> None:
    assert with_parts(other, parts_of(form, LAYOUT), LAYOUT) == form
    assert parts_of(form, LAYOUT)["Size and place"] == Together((form.size, form.place))


@given(records, records, records)
def test_what_only_one_changed_is_kept_and_what_nobody_touched_stays(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = kept(base, theirs, mine, {each.name: each.suggested or Keep.MINE for each in compared(base, theirs, mine)})
    for name in base:
        if theirs[name] == base[name]:
            assert merged[name] == mine[name]
        elif mine[name] == base[name]:
            assert merged[name] == theirs[name]


@given(records, records, records)
def test_both_are_asked_exactly_about_what_both_changed_to_something_else(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    asked = {each.name for each in compared(base, theirs, mine) if each.suggested is None}
    assert asked == {
        name for name in base if mine[name] != base[name] and theirs[name] != base[name] and mine[name] != theirs[name]
    }


@dataclass
class Shelf:
    """One record that several people save, each over the version that they have."""

    parts: dict[str, Any]
    version: int = 0
    meanwhile: list[dict[str, Any]] = field(default_factory=list)
    """What others save, one before each of my tries."""

    def read(self) -> tuple[int, dict[str, Any]]:
        return self.version, self.parts

    def save(self, seen: tuple[int, dict[str, Any]], parts: Any) -> str:
        if self.meanwhile:
            self.put(self.meanwhile.pop(0))
        if seen[0] != self.version:
            raise RecordChanged("side_effect_changed")
        self.put(dict(parts))
        return "saved"

    def put(self, parts: dict[str, Any]) -> None:
        self.version, self.parts = self.version + 1, parts

    def save_typed(self, base: dict[str, Any], mine: dict[str, Any]) -> Outcome[tuple[int, dict[str, Any]]]:
        return save_together((0, base), mine, parts=lambda seen: seen[1], read=self.read, save=self.save)


@given(records, st.permutations(["Colour", "Size and place", "Tags"]), records)
def test_whoever_saves_first_the_record_ends_the_same_where_nothing_clashes(
    base: dict[str, Any], names: list[str], typed: dict[str, Any]
) -> None:
    people = [base | {name: typed[name]} for name in names]
    ends = []
    for order in permutations(people):
        shelf = Shelf(base)
        assert all(shelf.save_typed(base, mine).saved for mine in order)
        ends.append(shelf.parts)
    assert ends == [typed] * len(ends)


@given(records, records, records, records)
def test_a_save_never_undoes_what_somebody_else_saved_in_a_part_that_it_did_not_touch(
    base: dict[str, Any], theirs: dict[str, Any], thirds: dict[str, Any], mine: dict[str, Any]
) -> None:
    shelf = Shelf(base, meanwhile=[theirs, thirds])
    outcome = shelf.save_typed(base, mine)
    before = thirds if not shelf.meanwhile else theirs
    for name in base:
        if mine[name] == base[name]:
            assert shelf.parts[name] == before[name]
        else:
            assert outcome.parts[name] == mine[name], "what was typed is lost"
    if outcome.clashes:
        assert shelf.parts == before, "nothing is saved while something is open"
    else:
        assert outcome.saved
        assert shelf.parts == dict(outcome.parts)


def test_what_was_merged_and_cannot_be_is_handed_back_with_the_reason() -> None:
    base = {"Began": 1, "Ended": 9}
    shelf = Shelf(base)
    shelf.put({"Began": 1, "Ended": 3})

    def save(seen: tuple[int, dict[str, Any]], parts: Any) -> str:
        if seen[0] == shelf.version and parts["Ended"] < parts["Began"]:
            raise ClinicError("side_effect_end_impossible", field="ended_on")
        return shelf.save(seen, parts)

    outcome = save_together((0, base), base | {"Began": 5}, parts=lambda seen: seen[1], read=shelf.read, save=save)
    assert not outcome.saved
    assert (outcome.parts, outcome.known[0]) == ({"Began": 5, "Ended": 3}, 1)
    assert outcome.problem is not None and outcome.problem.field == "ended_on"


def test_what_was_typed_and_cannot_be_is_refused_as_ever() -> None:
    def save(*_: object) -> None:
        raise ClinicError("side_effect_end_impossible", field="ended_on")

    with pytest.raises(ClinicError, match="The last day"):
        save_together(1, {"Ended": 2}, parts=lambda _: {"Ended": 1}, read=lambda: 1, save=save)


def test_two_who_saved_the_same_have_nothing_left_to_save() -> None:
    shelf = Shelf({"Colour": 1})
    shelf.put({"Colour": 2})
    outcome = shelf.save_typed({"Colour": 1}, {"Colour": 2})
    assert outcome.saved and outcome.nothing_left
    assert shelf.version == 1


def test_the_sentence_names_what_came_from_the_other() -> None:
    assert together_text(()) == ""
    assert together_text(("Severity", "What was done")) == (
        ", together with what somebody else changed meanwhile: severity, what was done"
    )
