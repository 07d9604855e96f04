"""Whatever is edited, undone, redone, kept and opened again in whatever order: screen, draft and database agree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.rules.findings import Level
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent, LotChoice, Point
from clinic_app.services.charting import Said
from clinic_app.services.charts import content_from_json, content_to_json
from clinic_app.terms import Role, Side
from clinic_app.ui.muscle_map import edits, vial_edits
from clinic_app.ui.muscle_map.model import ChartModel
from clinic_app.ui.muscle_map.steps import step_text
from tests.services.conftest import OpenClinic
from tests.ui.muscle_map.conftest import Desk

PLACES = (
    ("splenius_capitis", Side.RIGHT),
    ("splenius_capitis", Side.LEFT),
    ("levator_scapulae", Side.RIGHT),
    ("procerus", Side.MIDLINE),
)
PRODUCTS = ("onabotulinumtoxinA", "abobotulinumtoxinA", "rimabotulinumtoxinB")
LOT = LotChoice(7, "onabotulinumtoxinA", "C9", Decimal(200), date(2027, 1, 1), 3)

ME = Actor(1, "ellison", "Dr. Mara Ellison", frozenset(Role))
"""The physician of the clinic."""

Edit = Callable[[ChartContent], ChartContent]
Step = tuple[str, Edit]
"""What the edit's keys merge under ("" for a step of its own), and the edit."""


def nth(items: tuple[object, ...], number: int) -> str:
    return str(getattr(items[number % len(items)], "key", "")) if items else ""


def on_line(number: int, change: Callable[[ChartContent, str], ChartContent]) -> Edit:
    return lambda content: change(content, nth(content.lines, number))


def on_vial(number: int, change: Callable[[ChartContent, str], ChartContent]) -> Edit:
    return lambda content: change(content, nth(content.vials, number))


numbers = st.integers(0, 3)
typed = st.sampled_from(["", "4", "40", "40,5", "-3", "NaN", "forty", "٤٠", "1e9", "12.5"])
spots = st.builds(
    Point,
    st.just("head_neck_posterior"),
    st.just("splenius"),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(-99, 99),
    st.floats(-99, 99),
)


def _wasted(text: str, content: ChartContent, key: str) -> ChartContent:
    return vial_edits.change_vial(content, key, wasted=text)


TOO_SHORT = Said("interval.too_short", Level.STOP, "", "Too short.")

steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda place: ("", lambda c: edits.add_line(c, *place)), st.sampled_from(PLACES)),
    st.builds(lambda n: ("", on_line(n, edits.remove_line)), numbers),
    st.builds(lambda n, t: (f"units/{n}", on_line(n, lambda c, k: edits.set_units(c, k, t))), numbers, typed),
    st.builds(lambda n, p: ("", on_line(n, lambda c, k: edits.add_point(c, k, p))), numbers, spots),
    st.builds(lambda n, p: (f"point/{n}", on_line(n, lambda c, k: edits.move_point(c, k, 0, p))), numbers, spots),
    st.builds(lambda n: ("", on_line(n, lambda c, k: edits.remove_point(c, k, 0))), numbers),
    st.builds(lambda n, t: ("", on_line(n, lambda c, k: edits.set_point_units(c, k, 0, t))), numbers, typed),
    st.builds(lambda n, p: ("", on_line(n, lambda c, k: edits.mirror_points(c, k, (p,)))), numbers, spots),
    st.builds(lambda n: ("", on_line(n, lambda c, k: edits.set_guidance(c, k, ("EMG",)))), numbers),
    st.builds(lambda p: ("", lambda c: vial_edits.set_product(c, p)), st.sampled_from(PRODUCTS)),
    st.builds(lambda p: ("", lambda c: vial_edits.add_vial(c, p)), st.sampled_from(PRODUCTS)),
    st.builds(lambda n: ("", on_vial(n, vial_edits.remove_vial)), numbers),
    st.builds(lambda n: ("", on_vial(n, lambda c, k: vial_edits.choose_lot(c, k, LOT, "saline"))), numbers),
    st.builds(
        lambda n, t: (f"waste/{n}", on_vial(n, lambda c, k: vial_edits.change_vial(c, k, wasted=t))), numbers, typed
    ),
    st.builds(lambda n, m: ("", on_line(n, lambda c, k: edits.set_line_vial(c, k, nth(c.vials, m)))), numbers, numbers),
    st.builds(lambda t: ("plan", lambda c: replace(c, plan=t)), st.text(max_size=8)),
    st.builds(lambda t: ("score", lambda c: edits.set_score(c, "tsui", "", t)), typed),
    st.just(("", edits.confirm_all)),
    st.builds(lambda t: ("", lambda c: edits.answer(c, TOO_SHORT, ME, t)), st.text(max_size=5)),
)
Acts = list[Step | str]
keys = st.lists(st.sampled_from(["", "4", "40"]), min_size=1, max_size=5)


def type_units(number: int, texts: list[str]) -> Acts:
    """A person types a figure key by key, and takes keys back: one step, or none when nothing is left of it."""
    return [(f"units/{number}", on_line(number, partial(_units, text))) for text in texts]


def type_plan(texts: list[str]) -> Acts:
    return [("plan", partial(_plan, text)) for text in texts]


def _units(text: str, content: ChartContent, key: str) -> ChartContent:
    return edits.set_units(content, key, text)


def _plan(text: str, content: ChartContent) -> ChartContent:
    return replace(content, plan=text)


def alone(act: Step | str) -> Acts:
    return [act]


def joined(phrases: list[Acts]) -> Acts:
    """On a chart that has a line already, since most edits are about one."""
    return [("", lambda content: edits.add_line(content, *PLACES[0])), *(act for phrase in phrases for act in phrase)]


moves = st.sampled_from(["undo", "undo", "redo", "end", "keep", "reopen"])
typing = st.one_of(st.builds(type_units, numbers, keys), st.builds(type_plan, keys))
phrases = st.one_of(typing, typing, steps.map(alone), moves.map(alone), moves.map(alone))
# Long ones: most of what can go wrong needs several steps before it.
acts = st.lists(phrases, min_size=12, max_size=40).map(joined)


def test_no_order_of_edits_undo_redo_keep_and_reopen_can_make_screen_draft_and_database_differ(
    clinic: OpenClinic,
) -> None:
    patient, charts, physician = clinic.patient(), clinic.services.charts, clinic.physician

    @settings(max_examples=100, deadline=None)
    @given(acts)
    def run(does: Acts) -> None:
        draft = charts.start(physician, patient)
        model = ChartModel(
            draft.content, describe=lambda before, after: step_text(before, after, clinic.services.reference)
        )
        version, past = draft.version, _Past(draft.content)
        for act in does:
            match act:
                case "undo":
                    assert model.undo() is past.undo()
                case "redo":
                    assert model.redo() is past.redo()
                case "end":
                    model.end_step()
                    past.merging = ""
                case "keep" | "reopen":
                    version = charts.keep(physician, draft.id, version, model.content)
                    kept = charts.open(physician, draft.id)
                    assert (kept.content, kept.version) == (model.content, version)
                    if act == "reopen":
                        model.reset(kept.content)
                        past = _Past(kept.content)
                case (str() as merge, edit):
                    content = edit(model.content)
                    model.set_content(content, merge)
                    past.edit(content, merge)
            assert model.content == past.content
            assert (model.can_undo, model.can_redo) == (bool(past.before), bool(past.after))
            assert bool(model.undo_text) is model.can_undo
            assert content_from_json(content_to_json(model.content)) == model.content
        charts.discard(physician, draft.id, version)

    run()


class _Past:
    """The rule of undo and redo, as plainly as it can be written."""

    def __init__(self, content: ChartContent) -> None:
        self.content = content
        self.before: list[ChartContent] = []
        self.after: list[ChartContent] = []
        self.merging = ""

    def edit(self, content: ChartContent, merge: str) -> None:
        if content == self.content:
            return
        if not (merge and merge == self.merging):
            self.before.append(self.content)
        elif self.before[-1:] == [content]:
            self.before.pop()  # typed and taken away again: no step
            merge = ""
        self.merging = merge
        self.after.clear()
        self.content = content

    def undo(self) -> bool:
        return self._go(self.before, self.after)

    def redo(self) -> bool:
        return self._go(self.after, self.before)

    def _go(self, source: list[ChartContent], target: list[ChartContent]) -> bool:
        if not source:
            return False
        target.append(self.content)
        self.content, self.merging = source.pop(), ""
        return True


def test_the_rows_on_screen_and_the_draft_follow_any_order_of_edits(desk: Desk) -> None:
    def shown() -> list[tuple[str, Side, str]]:
        return [(*row.place, row.units.text()) for row in desk.panel.lines.rows.values()]

    @settings(max_examples=8, deadline=None)
    @given(acts)
    def run(does: Acts) -> None:
        desk.start()
        for act in does:
            match act:
                case "undo":
                    desk.view.undo()
                case "redo":
                    desk.view.redo()
                case "end":
                    desk.chart.model.end_step()
                case "keep":
                    assert desk.kept().content == desk.content
                case "reopen":
                    content, draft = desk.content, desk.chart.draft.id
                    desk.view.close_chart()
                    desk.settle()
                    desk.view.open_draft(draft)
                    desk.settle()
                    assert desk.content == content
                case (str() as merge, edit):
                    desk.chart.edit(edit(desk.content), merge)
            lines = desk.content.lines
            assert shown() == [(line.muscle, line.side, line.units) for line in lines]
            assert set(desk.view.map.scene.state.charted) == {(line.muscle, line.side) for line in lines}
        assert desk.kept().content == desk.content

    run()
