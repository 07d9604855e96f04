"""The plates of a folder, found by what they show and read when they are asked for."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from clinic_app.atlas.plates import BodyFigure, Plate, PlateSummary
from clinic_app.atlas.reading import Document, read_figure, read_plate
from clinic_app.errors import NotFound

INDEX = "index.json"
_MOST_KEPT = 6
"""Plates kept read, beyond the one in front: people go back and forth between a few."""

_WELL_SEEN = 0.6
"""A plate shows a muscle well from this part of what the best one shows of it."""


@dataclass(frozen=True, slots=True)
class _Index:
    summaries: tuple[PlateSummary, ...]
    shown: dict[tuple[str, str], tuple[tuple[str, str], ...]]
    figure: str


class Atlas:
    """The plates in ``folder``. Nothing is read until asked for; a folder without an index has no plates.

    May be asked from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._index: _Index | None = None
        self._plates: OrderedDict[str, Plate] = OrderedDict()
        self._figure: BodyFigure | None = None

    def summaries(self) -> tuple[PlateSummary, ...]:
        """All plates, in the order of the index."""
        return self._read_index().summaries

    def plate(self, plate_id: str) -> Plate:
        """A plate. Raises NotFound when it is missing from the installation or its file cannot be read."""
        with self._lock:
            if plate_id in self._plates:
                self._plates.move_to_end(plate_id)
                return self._plates[plate_id]
            if all(summary.id != plate_id for summary in self.summaries()):
                raise NotFound("plate_missing")
            own = self._document(plate_id)
            shape = self._document(own["flip_of"]) if "flip_of" in own else own
            try:
                plate = read_plate(own, shape, self._folder)
            except (KeyError, ValueError, TypeError, IndexError) as problem:
                raise NotFound("plate_missing") from problem
            self._plates[plate_id] = plate
            while len(self._plates) > _MOST_KEPT:
                self._plates.popitem(last=False)
            return plate

    def figure(self) -> BodyFigure | None:
        """The body figure; None when the installation has none."""
        with self._lock:
            name = self._read_index().figure
            if self._figure is None and name:
                try:
                    self._figure = read_figure(self._document(name), self._folder)
                except (NotFound, KeyError, ValueError, TypeError):
                    return None
            return self._figure

    def shown_on(self, muscle: str, side: str) -> tuple[tuple[str, str], ...]:
        """Where a muscle can be pointed at, as (plate id, layer id), where it is seen best first."""
        return self._read_index().shown.get((muscle, side), ())

    def other_side(self, plate_id: str, part_id: str) -> tuple[str, str]:
        """Plate and part of the same place on the patient's other side; the plate may show both."""
        swap = {"right": "left", "left": "right"}
        stem, _, side = part_id.rpartition(".")
        part = f"{stem}.{swap[side]}" if side in swap else part_id
        plate_stem, _, plate_side = plate_id.rpartition("_")
        twin = f"{plate_stem}_{swap[plate_side]}" if plate_side in swap else plate_id
        known = any(summary.id == twin for summary in self.summaries())
        return (twin if known else plate_id), part

    def _document(self, name: str) -> Document:
        try:
            return _read(self._folder / f"{name}.json")
        except (OSError, ValueError) as problem:
            raise NotFound("plate_missing") from problem

    def _read_index(self) -> _Index:
        with self._lock:
            if self._index is None:
                path = self._folder / INDEX
                self._index = _index(_read(path) if path.is_file() else {"plates": []})
            return self._index


def _read(path: Path) -> Document:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _index(document: Document) -> _Index:
    areas: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    scales: dict[str, float] = {}
    summaries = []
    figure = ""
    for plate in document["plates"]:
        if plate["figure"]:
            figure = plate["id"]
            continue
        scales[plate["id"]] = plate["pixels_per_mm"]
        for muscle, side, layer, area in plate["shown"]:
            places = areas.setdefault((muscle, side), {})
            places[(plate["id"], layer)] = places.get((plate["id"], layer), 0.0) + area
        summaries.append(
            PlateSummary(
                plate["id"],
                plate["title"],
                plate["region"],
                tuple(plate["sides"]),
                tuple((layer["id"], layer["title"]) for layer in plate["layers"]),
                frozenset(muscle for muscle, _, _, _ in plate["shown"]),
                plate.get("seen_from", ""),
            )
        )
    shown = {place: _best_first(found, scales) for place, found in areas.items()}
    return _Index(tuple(summaries), shown, figure)


def _best_first(areas: dict[tuple[str, str], float], scales: dict[str, float]) -> tuple[tuple[str, str], ...]:
    """Where most of the muscle is seen, and of these where it is drawn largest; then where less of it is seen.

    ``areas`` are visible mm² by plate and layer, ``scales`` pixels per mm by plate. Equal ones keep the index's order.
    """
    most = max(areas.values())

    def rank(where: tuple[str, str]) -> tuple[bool, float]:
        return areas[where] < most * _WELL_SEEN, -areas[where] * scales[where[0]] ** 2

    return tuple(sorted(areas, key=rank))
