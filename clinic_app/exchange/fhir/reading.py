"""Reads the patients of somebody else's bundle (FHIR R4, JSON): what can be taken over, and what not and why.

Nothing that such a file holds raises anything but a ClinicError: the file as a whole is refused in one sentence, or
each part of it has its own reason.
"""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from clinic_app.errors import ClinicError
from clinic_app.exchange.fhir.elements import Element
from clinic_app.exchange.fhir.read_entries import KINDS, Line, Lines, Refused
from clinic_app.exchange.fhir.read_facts import (
    LeftOut,
    ReadBundle,
    ReadDiagnosis,
    ReadElsewhere,
    ReadEntry,
    ReadPatient,
    Reason,
    echo,
)
from clinic_app.exchange.fhir.read_patient import read_patient
from clinic_app.reference.catalogue import Reference

MOST_BYTES = 100_000_000
"""Beyond this a bundle is refused: this much takes twelve seconds and 0.7 GB of memory, which grow with it."""


def read_bundle(content: bytes, reference: Reference, today: date) -> ReadBundle:
    """Everybody in the bundle with conditions, allergies and medicines, in the order of the file.

    Of a file with a bundle a line, of all of them. Raises ClinicError for a file that is no bundle in JSON, is too
    large, is cut off, or says one thing twice.
    """
    listed = (bundle.get("entry") for bundle in _bundles(content))
    found = [each for entries in listed if isinstance(entries, list) for each in entries]
    entries = [Element(each if isinstance(each, dict) else {}, "", []) for each in found]
    return _Reading(reference, today).read([(each.part("resource"), each.text("fullUrl")) for each in entries])


class _Reading:
    def __init__(self, reference: Reference, today: date) -> None:
        self._reference = reference
        self._today = today
        self._left_out: list[LeftOut] = []
        self._not_taken: Counter[str] = Counter()

    def read(self, entries: list[tuple[Element, str]]) -> ReadBundle:
        kinds = [each.text("resourceType") for each, _ in entries]
        medications = {
            name: each
            for (each, url), kind in zip(entries, kinds, strict=True)
            if kind == "Medication"
            for name in _names(each, url, kind)
        }
        lines = Lines(self._reference, self._today, medications)
        patients: list[ReadPatient] = []
        whose: dict[str, int] = {}
        for number, ((each, url), kind) in enumerate(zip(entries, kinds, strict=True), start=1):
            if kind == "Patient":
                known = _names(each, url, kind)
                if any(name in whose for name in known):
                    self._leave(number, kind, Reason("there_twice", said=known[0]))
                    continue
                whose |= dict.fromkeys(known, len(patients))
                patients.append(self._patient(number, each))
        theirs: dict[int, list[Line]] = defaultdict(list)
        remarks: dict[int, list[Reason]] = defaultdict(list)
        for number, ((each, _), kind) in enumerate(zip(entries, kinds, strict=True), start=1):
            if kind not in KINDS:
                self._pass_over(number, kind)
                continue
            pointed = each.part("patient" if kind == "AllergyIntolerance" else "subject").text("reference")
            whom = whose.get(pointed.partition("/_history/")[0])
            if whom is None:
                self._leave(number, kind, Reason("of_nobody", said=pointed))
                continue
            born = patients[whom].birth_date
            if born is None or patients[whom].refused:
                self._leave(number, kind, Reason("patient_refused"))
                continue
            told: list[Reason] = []
            try:
                theirs[whom].append(lines.read(kind, each.anew(told), born))
            except Refused as refused:
                self._leave(number, kind, refused.reason)
            remarks[whom] += [replace(reason, place=f"{kind}.{reason.place}") for reason in told]
        whole = (_with(patient, theirs[place], remarks[place]) for place, patient in enumerate(patients))
        return ReadBundle(tuple(whole), tuple(self._left_out), dict(sorted(self._not_taken.items())))

    def _patient(self, number: int, element: Element) -> ReadPatient:
        told: list[Reason] = []
        patient = read_patient(number, element.anew(told), told, self._today)
        for reason in patient.refused:
            self._leave(number, "Patient", reason)
        return patient

    def _pass_over(self, number: int, kind: str) -> None:
        if not kind:
            self._leave(number, "", Reason("no_resource"))
        elif kind != "Patient":
            self._not_taken[echo(kind)] += 1

    def _leave(self, number: int, kind: str, reason: Reason) -> None:
        self._left_out.append(LeftOut(number, kind, reason))


def _with(patient: ReadPatient, lines: list[Line], remarks: list[Reason]) -> ReadPatient:
    return replace(
        patient,
        entries=tuple(each for each in lines if isinstance(each, ReadEntry)),
        diagnoses=tuple(each for each in lines if isinstance(each, ReadDiagnosis)),
        elsewhere=tuple(each for each in lines if isinstance(each, ReadElsewhere)),
        remarks=(*patient.remarks, *remarks),
    )


def _names(element: Element, url: str, kind: str) -> list[str]:
    """By what others may refer to a resource: its address, or its kind and id."""
    identifier = element.text("id")
    return [*filter(None, [url]), *([f"{kind}/{identifier}"] if identifier else [])]


def _bundles(content: bytes) -> list[dict[str, object]]:
    if len(content) > MOST_BYTES:
        raise ClinicError("fhir_too_large", megabytes=MOST_BYTES // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClinicError("fhir_not_utf8") from error
    if text.lstrip()[:1] == "<":
        raise ClinicError("fhir_is_xml")
    try:
        return [_bundle(text)]
    except json.JSONDecodeError as error:
        if (error.msg, error.colno) != ("Extra data", 1):
            raise ClinicError("fhir_not_json", line=error.lineno, column=error.colno) from error
    # A whole bundle, and more from the beginning of another line: a bundle a line, as long exports are.
    return [_line(each, number) for number, each in enumerate(text.split("\n"), 1) if each.strip()]


def _line(text: str, number: int) -> dict[str, object]:
    try:
        return _bundle(text)
    except json.JSONDecodeError as error:
        raise ClinicError("fhir_not_json", line=number, column=error.colno) from error


def _bundle(text: str) -> dict[str, object]:
    """Raises JSONDecodeError for what is no JSON."""
    try:
        found = json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=_no_number, object_pairs_hook=_without_twins
        )
    except RecursionError as error:
        raise ClinicError("fhir_too_deep") from error
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if not isinstance(found, dict) or kind != "Bundle":
        raise ClinicError("fhir_not_bundle", found=echo(kind) if isinstance(kind, str) and kind else "something else")
    return found


def _number(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent that no number needs
        return Decimal("Infinity")


def _no_number(_word: str) -> NoReturn:
    raise ClinicError("fhir_no_number")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of two values for one name a reader would take the one, the next reader the other."""
    values = dict(pairs)
    if len(values) != len(pairs):
        names = Counter(name for name, _ in pairs)
        raise ClinicError("fhir_name_twice", name=echo(names.most_common(1)[0][0]))
    return values
