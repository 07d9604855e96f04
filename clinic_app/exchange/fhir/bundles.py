"""Bundles of resources as JSON text, patient by patient, so that no clinic needs to be in memory whole."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clinic_app.errors import ClinicError
from clinic_app.exchange.fhir.facts import ClinicFact, PersonFact, RecordFact
from clinic_app.exchange.fhir.names import Names
from clinic_app.exchange.fhir.people import People
from clinic_app.exchange.fhir.values import Ids, Json
from clinic_app.exchange.fhir.visits import Visits
from clinic_app.reference.catalogue import Reference

if TYPE_CHECKING:  # loaded when the first resource is checked
    from pydantic import BaseModel

MODELS = "fhir.resources.R4B"
"""The library's models of R4 and of 4.3.0, which left every resource that stands in our bundles as it was in 4.0.1."""


class Bundles:
    """Writes the bundles of one clinic. The same facts give the same text, whenever and wherever."""

    def __init__(self, clinic: ClinicFact, people: Iterable[PersonFact], reference: Reference) -> None:
        self._ids = Ids(clinic.identity)
        names = Names(reference)
        self._people = People(self._ids, names)
        self._visits = Visits(self._ids, names, self._people)
        self._clinic = self._people.organization(clinic)
        self._staff = [self._people.practitioner(each) for each in people]
        self.resources = 0
        """How many were written so far."""

    def whole(self, records: Iterable[RecordFact]) -> Iterator[str]:
        """One bundle of everybody, in pieces. Raises ClinicError as ``checked`` does."""
        shared = checked([self._clinic, *self._staff])
        known = frozenset(map(_url, shared))
        yield _opening(self._ids.of("bundle", "clinic"))
        yield self._entries(shared, first=True)
        for record in records:
            yield self._entries(checked(self._of(record), known), first=False)
        yield _CLOSING

    def single(self, record: RecordFact) -> str:
        """A bundle of one patient, with the clinic and those of its people to whom something refers.

        Raises ClinicError as ``checked`` does.
        """
        own = self._of(record)
        wanted = frozenset(_references(own))
        shared = [self._clinic, *(each for each in self._staff if _url(each) in wanted)]
        every = checked([*shared, *own])
        identifier = self._ids.of("bundle", f"patient/{record.patient.id}")
        return _opening(identifier) + self._entries(every, first=True) + _CLOSING

    def lines(self, records: Iterable[RecordFact]) -> Iterator[str]:
        """A bundle for each patient, each on a line of its own, for programs that take one after the other."""
        for record in records:
            yield self.single(record).replace("\n", "") + "\n"

    def _of(self, record: RecordFact) -> list[Json]:
        return [*self._people.everything_of(record.patient), *self._visits.everything_of(record)]

    def _entries(self, resources: list[Json], *, first: bool) -> str:
        self.resources += len(resources)
        text = ",\n".join(_json({"fullUrl": _url(each), "resource": each}) for each in resources)
        return text if first else f",\n{text}"


def checked(resources: list[Json], known: frozenset[str] = frozenset()) -> list[Json]:
    """The resources, when each is valid R4 and every reference leads to one of them or to a ``known`` one.

    Raises ClinicError ``fhir_not_valid`` with the place otherwise, so that nothing is handed on that another program
    would refuse.
    """
    from pydantic import ValidationError

    there: set[str] = set(known)
    for each in resources:
        try:
            _model(str(each["resourceType"])).model_validate(each)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise _not_valid(each, f"{place}: {first['msg']}") from error
        if _url(each) in there:
            raise _not_valid(each, "it is there twice")
        there.add(_url(each))
    for each in resources:
        missing = [reference for reference in _references(each) if reference not in there]
        if missing:
            raise _not_valid(each, f"{missing[0]} leads nowhere")
    return resources


def _not_valid(each: Json, reason: str) -> ClinicError:
    return ClinicError("fhir_not_valid", kind=each["resourceType"], id=each.get("id", ""), reason=reason)


def _model(kind: str) -> "type[BaseModel]":
    from importlib import import_module

    model: type[BaseModel] = getattr(import_module(f"{MODELS}.{kind.lower()}"), kind)
    return model


def _references(part: object) -> Iterator[str]:
    """Every reference inside, but those to what a resource itself contains."""
    if isinstance(part, dict):
        reference = part.get("reference")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


def _url(each: Json) -> str:
    return f"urn:uuid:{each['id']}"


def _opening(identifier: str) -> str:
    return f'{{"resourceType":"Bundle","id":"{identifier}","type":"collection","entry":[\n'


_CLOSING = "\n]}\n"


def _json(part: Json) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
