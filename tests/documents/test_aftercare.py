import re
import tomllib
from dataclasses import replace
from datetime import date, datetime

import pytest

from clinic_app.documents.aftercare import (
    AftercareHandout,
    TreatedMuscle,
    aftercare_document,
    effects_to_watch,
    plain_places,
)
from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.reference.catalogue import Reference
from clinic_app.resources import resource_path
from tests.documents.build import CLINIC, PATIENT
from tests.documents.reading import fonts_used, page_texts, whole_text


def handout(reference: Reference, *treated: tuple[str, str]) -> AftercareHandout:
    return AftercareHandout(
        clinic=CLINIC,
        patient=PATIENT,
        treated_on=date(2026, 11, 24),
        injector="Dr. Elena Marchetti",
        treated=tuple(TreatedMuscle(reference.muscles[muscle], side) for muscle, side in treated),
        effects=tuple(reference.side_effects.values()),
        products=("Botox (onabotulinumtoxinA)",),
        interval_weeks=12,
        next_visit=datetime(2027, 2, 16, 9, 30),
    )


NECK = (("splenius_capitis", "right"), ("semispinalis_capitis", "right"), ("sternocleidomastoideus", "left"))


def test_places_are_said_in_plain_words_with_the_muscles_names(reference: Reference) -> None:
    text = whole_text(to_pdf(aftercare_document(handout(reference, *NECK))))

    assert "the right side of your neck (splenius capitis, semispinalis capitis)" in text
    assert "the left side of your neck (sternocleidomastoid)" in text


def test_the_effects_to_look_out_for_are_those_of_the_muscles(reference: Reference) -> None:
    neck = whole_text(to_pdf(aftercare_document(handout(reference, *NECK))))
    eye = whole_text(to_pdf(aftercare_document(handout(reference, ("orbicularis_oculi_pretarsal", "left")))))

    assert "Trouble swallowing" in neck and "A weak neck" in neck
    assert "A drooping eyelid" not in neck
    assert "A drooping eyelid" in eye and "A dry eye" in eye
    assert "A weak neck" not in eye


def test_what_can_turn_urgent_comes_first(reference: Reference) -> None:
    treated = [TreatedMuscle(reference.muscles[muscle], side) for muscle, side in NECK]
    chosen = effects_to_watch(treated, tuple(reference.side_effects.values()))

    flags = [effect.red_flag for effect in chosen]
    assert flags == sorted(flags, key=lambda flag: flag is False)
    assert not any(effect.red_flag is True for effect in chosen)


def test_everyone_is_told_the_emergencies_and_whom_to_call(reference: Reference) -> None:
    text = whole_text(to_pdf(aftercare_document(handout(reference, ("flexor_carpi_radialis", "right")))))

    for expected in ("Call emergency services at once", "trouble breathing", "hives", CLINIC.phone, CLINIC.name):
        assert expected in text


def test_onset_and_length_are_told_only_where_the_reference_verified_them(reference: Reference) -> None:
    text = whole_text(to_pdf(aftercare_document(handout(reference, *NECK))))
    assert "Usually starts 2 to 21 days after the injection. Often lasts about 2 to 4 weeks." in text

    weakness = reference.side_effects["adjacent_weakness"]
    assert not weakness.verified
    arm = whole_text(to_pdf(aftercare_document(handout(reference, ("biceps_brachii", "right")))))
    after = arm[arm.index("Weakness close to") :][:260]
    assert "Usually starts" not in after


def test_every_page_has_identity_clinic_and_page_number(reference: Reference) -> None:
    pages = page_texts(to_pdf(aftercare_document(handout(reference, *NECK))))

    assert len(pages) == 2
    for number, text in enumerate(pages, start=1):
        for expected in (PATIENT.name, "March 12, 1961", "MRN0004321", CLINIC.name, f"Page {number} of 2"):
            assert expected in text
        assert "November 24, 2026" in text


def test_the_next_visit_is_told_or_asked_for(reference: Reference) -> None:
    booked = handout(reference, *NECK)
    assert "Tuesday, February 16, 2027 at 9:30 AM" in whole_text(to_pdf(aftercare_document(booked)))
    assert "Not booked yet" in whole_text(to_pdf(aftercare_document(replace(booked, next_visit=None))))


def test_no_dose_is_told(reference: Reference) -> None:
    text = whole_text(to_pdf(aftercare_document(handout(reference, *NECK))))
    assert re.search(r"\d\s*(U\b|units)", text) is None


def test_a_language_without_texts_gets_the_english_ones_with_english_dates(reference: Reference) -> None:
    pdf = to_pdf(aftercare_document(replace(handout(reference, *NECK), edition=Edition("A4", "fi", "fi_FI"))))

    assert "Treated on 24 November 2026" in whole_text(pdf)
    assert b"/Lang (en)" in pdf


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_treatment_of_everything_stays_short(reference: Reference, paper: str) -> None:
    everything = [(muscle, side) for muscle in reference.muscles for side in ("left", "right")]
    sheet = replace(handout(reference, *everything), edition=Edition(paper))

    assert len(page_texts(to_pdf(aftercare_document(sheet)))) <= 6


def test_hostile_text_takes_a_bounded_number_of_pages(reference: Reference) -> None:
    hostile = "<b>&\n\x00" * 9_000
    sheet = replace(
        handout(reference, *NECK),
        clinic=Clinic(hostile, (hostile,) * 9, hostile),
        patient=replace(PATIENT, name=hostile, record_number=hostile),
        injector=hostile,
        products=(hostile,) * 30,
    )

    assert len(page_texts(to_pdf(aftercare_document(sheet)))) <= 3


def test_all_fonts_are_embedded(reference: Reference) -> None:
    pdf = to_pdf(aftercare_document(handout(reference, *NECK)))
    assert all(fonts_used(pdf).values())
    assert b"/Helvetica" not in pdf


def test_every_muscle_of_the_reference_has_a_place_on_each_side(reference: Reference) -> None:
    for muscle in reference.muscles.values():
        for side in ("left", "right", "midline"):
            (place,) = plain_places([TreatedMuscle(muscle, side)])
            assert muscle.name in place
            assert "your left side (" not in place


def test_every_muscle_named_in_the_texts_is_in_the_reference(reference: Reference) -> None:
    words = tomllib.loads(resource_path("handouts", "en", "aftercare.toml").read_text(encoding="utf-8"))
    named = [muscle for place in words["places"].values() for muscle in place["muscles"]]

    assert set(named) <= set(reference.muscles)
    assert len(named) == len(set(named))


def test_every_effect_a_muscle_can_have_has_a_text(reference: Reference) -> None:
    words = tomllib.loads(resource_path("handouts", "en", "aftercare.toml").read_text(encoding="utf-8"))
    everything = [TreatedMuscle(muscle, "left") for muscle in reference.muscles.values()]
    needed = {effect.id for effect in effects_to_watch(everything, tuple(reference.side_effects.values()))}

    assert needed - set(words["effects"]) <= {"upper_respiratory_infection"}
    assert set(words["effects"]) <= set(reference.side_effects)


def test_what_the_reference_calls_urgent_is_urgent_on_the_sheet(reference: Reference) -> None:
    words = tomllib.loads(resource_path("handouts", "en", "aftercare.toml").read_text(encoding="utf-8"))
    for effect_id, texts in words["effects"].items():
        conditional = reference.side_effects[effect_id].red_flag == "conditional"
        assert ("urgent" in texts) == conditional or effect_id == "injection_site_pain"


def test_sentences_are_short() -> None:
    text = resource_path("handouts", "en", "aftercare.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)
    sentences = [
        sentence
        for effect in words["effects"].values()
        for key in ("notice", "do")
        for sentence in re.split(r"(?<=[.])\s", effect.get(key, ""))
        if sentence
    ]
    lengths = [len(sentence.split()) for sentence in sentences]
    assert sum(lengths) / len(lengths) < 9
    assert max(lengths) < 24
