"""Handouts: what was given can be printed again word for word, whatever was changed or reviewed since."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.services.handouts import Handouts, Printing, digest_of
from tests.documents.reading import page_texts, whole_text
from tests.services.conftest import OpenClinic

HEAD = """---
title: {title}
summary: What helps from day to day.
language: {language}
version: {version}
date: 2026-11-26
grade: 5.9
sources: []
---
"""
UNREVIEWED = "Our clinic has not yet reviewed this text."


def text(title: str = "Living with dystonia", language: str = "en", version: int = 1, body: str = "Rest well.") -> str:
    return HEAD.format(title=title, language=language, version=version) + body + "\n"


@pytest.fixture
def handouts(clinic: OpenClinic, tmp_path: Path) -> Handouts:
    folder = tmp_path / "handouts"
    for language, name, source in (
        ("en", "living", text()),
        ("en", "dystonia", text("What dystonia is")),
        ("es", "living", text("Vivir con distonía", "es")),
    ):
        (folder / language).mkdir(parents=True, exist_ok=True)
        (folder / language / f"{name}.md").write_text(source, encoding="utf-8")
    return Handouts(clinic.store.database, clinic.clock, "America/New_York", folder)


def test_every_handout_stands_once_in_each_of_its_languages(clinic: OpenClinic, handouts: Handouts) -> None:
    rows = handouts.choices(clinic.desk)
    assert [(row.language, row.title, row.own, row.reviewed_by) for row in rows] == [
        ("en", "Living with dystonia", False, ""),
        ("en", "What dystonia is", False, ""),
        ("es", "Vivir con distonía", False, ""),
    ]


def test_what_was_given_stays_in_the_record_and_is_printed_again_word_for_word(
    clinic: OpenClinic, handouts: Handouts
) -> None:
    patient = clinic.patient()
    _, first = handouts.give(clinic.desk, patient, "living", "en", Printing(large=True))
    before = handouts.source(clinic.physician, "living", "en")
    handouts.keep_own(clinic.physician, before, text(version=2, body="Walk every day."))
    clinic.clock.forward(days=1)
    _, second = handouts.give(clinic.nurse, patient, "living", "en")
    rows = handouts.given(clinic.desk, patient)
    assert [(row.title, row.version, row.given_by, row.printing) for row in rows] == [
        ("Living with dystonia", 2, "Nurse", Printing()),
        ("Living with dystonia", 1, "Desk", Printing(large=True)),
    ]
    assert "Rest well." in whole_text(first.render())
    assert "Walk every day." in whole_text(second.render())
    again = whole_text(handouts.again(clinic.desk, rows[1].id).render())
    assert "Rest well." in again and "Walk every day." not in again
    assert "Version 1" in again


def test_a_text_says_that_nobody_reviewed_it_until_somebody_has(clinic: OpenClinic, handouts: Handouts) -> None:
    shown = handouts.source(clinic.physician, "living", "en")
    assert UNREVIEWED in whole_text(handouts.paper(clinic.desk, "living", "en").render())
    handouts.mark_reviewed(clinic.physician, shown)
    reviewed = whole_text(handouts.paper(clinic.desk, "living", "en").render())
    assert UNREVIEWED not in reviewed
    assert "Reviewed by Dr. Mara Ellison." in reviewed
    assert handouts.choices(clinic.desk)[0].reviewed_by == "Dr. Mara Ellison"
    handouts.keep_own(clinic.physician, shown, text(body="Rest a little."))
    assert UNREVIEWED in whole_text(handouts.paper(clinic.desk, "living", "en").render())


def test_what_was_given_unreviewed_stays_so_when_it_is_printed_again(clinic: OpenClinic, handouts: Handouts) -> None:
    patient = clinic.patient()
    handouts.give(clinic.desk, patient, "living", "en")
    handouts.mark_reviewed(clinic.physician, handouts.source(clinic.physician, "living", "en"))
    handouts.give(clinic.desk, patient, "living", "en")
    later, earlier = handouts.given(clinic.desk, patient)
    assert UNREVIEWED in whole_text(handouts.again(clinic.desk, earlier.id).render())
    assert UNREVIEWED not in whole_text(handouts.again(clinic.desk, later.id).render())


def test_days_are_those_of_the_clinic(clinic: OpenClinic, handouts: Handouts) -> None:
    clinic.clock.moment = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)  # half past ten in the evening of 2 March in New York
    patient = clinic.patient()
    handouts.give(clinic.desk, patient, "living", "en")
    handouts.mark_reviewed(clinic.physician, handouts.source(clinic.physician, "living", "en"))
    assert handouts.given(clinic.desk, patient)[0].given_at == datetime(2026, 3, 2, 22, 30)
    assert handouts.choices(clinic.desk)[0].reviewed_on == date(2026, 3, 2)


def test_what_was_noted_by_mistake_is_taken_back(clinic: OpenClinic, handouts: Handouts) -> None:
    patient = clinic.patient()
    number, _ = handouts.give(clinic.desk, patient, "living", "en")
    handouts.take_back(clinic.desk, number)
    assert handouts.given(clinic.desk, patient) == ()
    with pytest.raises(NotFound):
        handouts.take_back(clinic.desk, number)


def test_the_clinics_own_text_can_be_taken_away_and_kept_again(clinic: OpenClinic, handouts: Handouts) -> None:
    shipped = handouts.source(clinic.physician, "living", "en")
    own = handouts.keep_own(clinic.physician, shipped, text("Our advice"))
    assert handouts.source(clinic.desk, "living", "en") == own
    assert [row.title for row in handouts.choices(clinic.desk) if row.own] == ["Our advice"]
    assert handouts.take_own_away(clinic.physician, own) == shipped
    assert handouts.take_own_away(clinic.physician, shipped) == shipped
    assert handouts.keep_own(clinic.physician, shipped, text("Our advice")) == own
    assert handouts.keep_own(clinic.physician, own, text("Our other advice")).digest == digest_of(
        text("Our other advice")
    )


def test_two_who_write_at_once_do_not_lose_each_others_text(clinic: OpenClinic, handouts: Handouts) -> None:
    shown = handouts.source(clinic.physician, "living", "en")
    handouts.keep_own(clinic.physician, shown, text("Mine"))
    for act in (
        lambda: handouts.keep_own(clinic.physician, shown, text("Yours")),
        lambda: handouts.take_own_away(clinic.physician, shown),
        lambda: handouts.mark_reviewed(clinic.physician, shown),
    ):
        with pytest.raises(RecordChanged):
            act()
    assert handouts.source(clinic.desk, "living", "en").source == text("Mine")


def test_a_text_that_cannot_be_read_or_is_in_another_language_is_not_kept(
    clinic: OpenClinic, handouts: Handouts
) -> None:
    shown = handouts.source(clinic.physician, "living", "en")
    for source, code in (("Just words", "handout_head_missing"), (text(language="es"), "handout_language_other")):
        with pytest.raises(ClinicError) as told:
            handouts.keep_own(clinic.physician, shown, source)
        assert told.value.code == code
    with pytest.raises(ClinicError):
        handouts.preview(clinic.physician, "Just words")
    assert page_texts(handouts.preview(clinic.physician, text(body="New words")).render())
    assert handouts.source(clinic.physician, "living", "en") == shown


def test_who_may_print_may_not_always_change(clinic: OpenClinic, handouts: Handouts) -> None:
    shown = handouts.source(clinic.nurse, "living", "en")
    for actor in (clinic.desk, clinic.nurse):
        with pytest.raises(NotAllowed):
            handouts.keep_own(actor, shown, text("x"))
        with pytest.raises(NotAllowed):
            handouts.mark_reviewed(actor, shown)


def test_what_is_not_there_is_told(clinic: OpenClinic, handouts: Handouts) -> None:
    shown = handouts.source(clinic.desk, "living", "en")
    for ask in (
        lambda: handouts.paper(clinic.desk, "cooking", "en"),
        lambda: handouts.give(clinic.desk, 99, "living", "en"),
        lambda: handouts.again(clinic.desk, 99),
        lambda: handouts.keep_own(clinic.physician, replace(shown, name="cooking"), text()),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.parametrize("content", [b"No head.", "ñ".encode("latin-1")])
def test_a_file_that_cannot_be_read_is_named_and_the_others_can_be_printed(
    clinic: OpenClinic, handouts: Handouts, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "handouts" / "fr").mkdir()
    (tmp_path / "handouts" / "fr" / "vivre.md").write_bytes(content)
    *readable, broken = sorted(handouts.choices(clinic.desk), key=lambda row: row.problem)
    assert len(readable) == 3 and not any(row.problem for row in readable)
    assert (broken.name, broken.language) == ("vivre", "fr")
    assert "fr/vivre.md" in broken.problem
    with pytest.raises(ClinicError):
        handouts.give(clinic.desk, clinic.patient(), "vivre", "fr")
    assert "Rest well." in whole_text(handouts.paper(clinic.desk, "living", "en").render())


def test_the_clinic_mends_a_file_with_a_broken_head_by_its_own_text(
    clinic: OpenClinic, handouts: Handouts, tmp_path: Path
) -> None:
    (tmp_path / "handouts" / "en" / "living.md").write_text("No head.", encoding="utf-8")
    shown = handouts.source(clinic.physician, "living", "en")
    assert shown.source == "No head."
    with pytest.raises(ClinicError):
        handouts.mark_reviewed(clinic.physician, shown)
    handouts.keep_own(clinic.physician, shown, text(body="Mended."))
    assert not any(row.problem for row in handouts.choices(clinic.desk))
    assert "Mended." in whole_text(handouts.paper(clinic.desk, "living", "en").render())
