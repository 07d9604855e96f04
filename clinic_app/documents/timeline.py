"""A patient's timeline on lying paper: as many pages as its years and muscles need, each with axis and names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinic_app.documents.blocks import prose
from clinic_app.documents.letterhead import Clinic, PatientIdentity, first_head, identity, next_head, patient_band
from clinic_app.documents.lists import lying_flow
from clinic_app.documents.page import Document, Edition, Flow, footer
from clinic_app.documents.style import BODY
from clinic_app.documents.text import one_line
from clinic_app.documents.timeline_shapes import POINT, draw_shapes, paper_writing
from clinic_app.documents.wording import long_date
from clinic_app.timeline.axis import fitting
from clinic_app.timeline.course import Course
from clinic_app.timeline.legend import legend
from clinic_app.timeline.picture import AXIS, Picture, picture_of
from clinic_app.timeline.stage import NAMES, Lane
from clinic_app.timeline.writing import Writing

TITLE = "Timeline"
_READABLE = 0.45
"""Units a day from which on bars twelve weeks apart can carry their units."""
_MOST_STRETCHES = 6
"""Pages beside each other at most, however many years there are."""
_SHARED = 90.0
"""Units of time that stand at the end of one page and at the beginning of the next, so that no label is lost."""
_GAP = 8.0


@dataclass(frozen=True)
class TimelinePaper:
    """What is printed, and whose it is."""

    clinic: Clinic
    patient: PatientIdentity
    course: Course
    edition: Edition = field(default_factory=Edition)


def timeline_document(paper: TimelinePaper) -> Document:
    """The timeline, laid out."""
    edition, course = paper.edition, paper.course
    flow, writing = lying_flow(edition), paper_writing(edition.locale)
    day = long_date(course.today, edition.locale)
    first_head(flow, paper.clinic, TITLE, f"as on {day}")
    patient_band(flow, paper.patient)
    flow.down(_GAP)
    if course.empty:
        prose(flow, "No injections on record.", BODY)
    else:
        _pages(flow, picture_of(course), writing)
    whole = f"{TITLE} · {day}"
    return Document(
        flow,
        (
            next_head(flow, paper.patient, whole),
            footer(flow, one_line(paper.clinic.name)[:120], identity(paper.patient, edition)),
        ),
        title=whole,
        author=one_line(paper.clinic.name)[:200],
        subject="Injections, benefit and side effects over time",
        about=paper.patient.name,
        day=paper.course.today,
    )


def _pages(flow: Flow, picture: Picture, writing: Writing) -> None:
    room = flow.width / POINT - NAMES
    signs, signs_height = legend(writing, flow.width / POINT)
    foot = signs_height * POINT + _GAP
    per_day, stretches = _stretches(picture, room)
    first = True
    for left, right in stretches:
        lanes = list(picture.lanes)
        while lanes:
            if not first:
                flow.new_page()
            first = False
            part = Picture(picture.course, tuple(_fitting_lanes(lanes, (flow.room - foot) / POINT - AXIS)))
            del lanes[: len(part.lanes)]
            _draw(flow, part, per_day, left, right, writing)
            bottom = flow.bottom + signs_height * POINT

            def draw_signs(canvas: Any, bottom: float = bottom) -> None:
                draw_shapes(canvas, signs, flow.left, bottom, writing)

            flow.add(draw_signs)


def _stretches(picture: Picture, room: float) -> tuple[float, list[tuple[float, float]]]:
    """The zoom, and the parts of the axis that each have a page beside each other."""
    whole = fitting(picture.course, room)
    if whole >= _READABLE:
        return min(whole, 2.0), [(0.0, room)]
    most = _MOST_STRETCHES * (room - _SHARED) / (picture.axis(1.0).width + room)
    per_day = max(min(_READABLE, most), whole)
    width = picture.axis(per_day).width
    found: list[tuple[float, float]] = []
    left = 0.0
    while not found or found[-1][1] < width:
        found.append((left, left + room))
        left += room - _SHARED
    return per_day, found


def _fitting_lanes(lanes: Sequence[Lane], room: float) -> Iterator[Lane]:
    """The lanes from the first on that have room together; one at least."""
    used = 0.0
    for number, lane in enumerate(lanes):
        used += lane.height
        if number and used > room:
            return
        yield lane


def _draw(flow: Flow, part: Picture, per_day: float, left: float, right: float, writing: Writing) -> None:
    stage = part.drawn(per_day, left, right, writing)
    axis = part.drawn_axis(per_day, left, right, writing)
    top = flow.y

    def draw(canvas: Any) -> None:
        x = flow.left + (NAMES - left) * POINT
        draw_shapes(canvas, axis, x, top, writing, inside=(left, right, AXIS))
        draw_shapes(canvas, stage.picture, x, top - AXIS * POINT, writing, inside=(left, right, part.height))
        draw_shapes(canvas, stage.names, flow.left, top - AXIS * POINT, writing)

    flow.add(draw)
    flow.y = top - (AXIS + part.height) * POINT
