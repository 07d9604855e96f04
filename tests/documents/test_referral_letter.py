from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.documents.envelope import WINDOW_END
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.referral_letter import (
    WATCH,
    LetterInjection,
    ReferralLetter,
    referral_letter_document,
)
from clinic_app.documents.visit_content import NoteAddendum, NoteResponse, NoteSignature, NoteTotal
from clinic_app.reference.catalogue import Reference
from tests.documents.build import CLINIC, PATIENT, PATTERN, SIGNATURE
from tests.documents.reading import fonts_used, page_texts, properties, text_inside, whole_text, words_off_the_page

BOTOX, MYOBLOC = "onabotulinumtoxinA (Botox)", "rimabotulinumtoxinB (Myobloc)"
LETTER = ReferralLetter(
    clinic=CLINIC,
    patient=PATIENT,
    to="Dr. Samuel Brandt; 14 Alder Street; Portland, OR 97203",
    written_on=date(2026, 11, 25),
    visited_on=date(2026, 11, 24),
    injector="Elena Marchetti, MD",
    indication="cervical dystonia",
    signature=SIGNATURE,
    injections=tuple(LetterInjection(muscle, side, Decimal(units), BOTOX) for muscle, side, units in PATTERN),
    totals=(NoteTotal(BOTOX, Decimal(263)),),
    icd10cm="G24.3",
    response=NoteResponse(75, 8, 10, ("Trouble swallowing (mild), from day 6",), injected_on=date(2026, 8, 25)),
    assessment="Left torticollis with right laterocollis.",
    scale_totals=(("TWSTRS severity", "17"),),
    complications="Light-headed for a minute.",
    plan="Same pattern if swallowing stays normal.",
    next_interval="12 weeks",
    next_visit=datetime(2027, 2, 16, 9, 30),
)
HOSTILE = {
    "no spaces": "x" * 200_000,
    "a word on each line": "word\n" * 40_000,
    "markup": "<b>&amp;</font>]]>" * 10_000,
    "control characters": "".join(chr(code) for code in range(32)) * 6_000,
    "reading order marks": "\u202e\u2066abc" * 40_000,
    "hebrew": "שלום עולם " * 20_000,
    "chinese without spaces": "肌张力障碍" * 40_000,
    "emoji": "🙂" * 200_000,
}


def hostile(text: str, paper: str = "Letter") -> ReferralLetter:
    units, now = Decimal("1E+9"), datetime(2026, 11, 24, 9, 0)
    return ReferralLetter(
        clinic=Clinic(text, (text,) * 50, text),
        patient=PatientIdentity(text, None, text),
        to=text,
        written_on=date(2026, 11, 25),
        visited_on=date(2026, 11, 24),
        injector=text,
        indication=text,
        signature=NoteSignature(text, now, text),
        injections=[LetterInjection(f"{number}{text}", text, units, text, text) for number in range(300)],
        totals=[NoteTotal(text, units)],
        icd10cm=text,
        response=NoteResponse(75, 8, 10, (text,) * 100, True, text, date(2026, 8, 25)),
        assessment=text,
        scale_totals=[(text, text)] * 100,
        complications=text,
        plan=text,
        next_interval=text,
        next_visit=now,
        corrections=[NoteAddendum(text, now, text, text, text)] * 50,
        edition=Edition(paper),
    )


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_usual_letter_is_one_page_and_says_first_what_was_done(paper: str) -> None:
    (page,) = page_texts(to_pdf(referral_letter_document(replace(LETTER, edition=Edition(paper)))))
    text = " ".join(page.split())
    places = [
        text.index(words)
        for words in (
            "Dr. Samuel Brandt 14 Alder Street Portland, OR 97203",
            "Ada Nkechi Okafor · born March 12, 1961 · MRN0004321",
            "Dear colleague,",
            "Thank you for referring Ada Nkechi Okafor. On November 24, 2026 we injected onabotulinumtoxinA (Botox), "
            "263 U in total, for cervical dystonia (ICD-10-CM G24.3).",
            "After the injections of August 25, 2026: best benefit 75 %, from day 8, worn off in week 10. "
            "Side effects: Trouble swallowing (mild), from day 6.",
            "splenius capitis 20 60",
            "scalenus medius 7.5",
            "those of onabotulinumtoxinA (Botox)",
            "Left torticollis",
            "TWSTRS severity 17",
            "Light-headed for a minute.",
            "Same pattern if swallowing stays normal.",
            "after 12 weeks. Next appointment: Feb 16, 2027, 9:30 AM.",
            WATCH,
            "+1 503 555 0142",
            "Signed electronically by Elena Marchetti, MD on Nov 24, 2026, 10:02 AM.",
            "Page 1 of 1",
        )
    ]  # the letterhead's telephone comes first as well, so that one is looked for from behind
    places[-3] = text.rindex("+1 503 555 0142")
    assert places == sorted(places)


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_window_shows_the_doctor_and_nothing_of_the_patient(paper: str) -> None:
    pdf = to_pdf(referral_letter_document(replace(LETTER, edition=Edition(paper))))
    shown = text_inside(pdf, 0, 0, WINDOW_END[paper] - 130, 612, WINDOW_END[paper])

    assert shown == "Dr. Samuel Brandt 14 Alder Street Portland, OR 97203"


def test_without_a_referring_doctor_it_is_to_whom_it_may_concern() -> None:
    text = whole_text(to_pdf(referral_letter_document(replace(LETTER, to="  "))))

    assert "To whom it may concern, We treated Ada Nkechi Okafor: on November 24, 2026 we injected" in text
    assert "referring" not in text


def test_products_stand_apart_and_are_never_added_up() -> None:
    glands = [LetterInjection("parotid gland", side, Decimal(1250), MYOBLOC) for side in ("left", "right")]
    letter = replace(
        LETTER,
        injections=(glands[0], *LETTER.injections, glands[1]),
        totals=(*LETTER.totals, NoteTotal(MYOBLOC, Decimal(2500))),
    )
    text = whole_text(to_pdf(referral_letter_document(letter)))

    assert f"{BOTOX}, 263 U in total, and {MYOBLOC}, 2500 U in total, for cervical dystonia" in text
    assert f"{MYOBLOC} parotid gland 1250 1250" in text
    assert "each product's own" in text
    assert "2763" not in text


def test_two_doses_of_one_muscle_and_side_are_one_figure_but_not_those_for_different_reasons() -> None:
    letter = replace(
        LETTER,
        injections=(
            LetterInjection("masseter", "left", Decimal(20), BOTOX),
            LetterInjection("masseter", "left", Decimal("7.5"), BOTOX),
            LetterInjection("masseter", "left", Decimal(4), BOTOX, "for blepharospasm"),
        ),
    )
    text = whole_text(to_pdf(referral_letter_document(letter)))

    assert f"{BOTOX} masseter 27.5 {BOTOX}, for blepharospasm masseter 4" in text


def test_every_muscle_for_another_reason_still_takes_three_pages_at_most() -> None:
    injections = [LetterInjection("masseter", "left", Decimal(5), BOTOX, f"for reason {n}") for n in range(60)]
    pages = page_texts(to_pdf(referral_letter_document(replace(LETTER, injections=injections))))

    assert len(pages) <= 3
    assert "40 more in the record" in " ".join(pages)


def test_a_correction_stands_before_the_doses_that_it_corrects() -> None:
    corrected = NoteAddendum("Hal Osei, MD", datetime(2026, 11, 25, 8, 15), "Splenius left got 25 U.", "misread")
    text = whole_text(to_pdf(referral_letter_document(replace(LETTER, corrections=(corrected,)))))

    assert text.index("Nov 25, 2026, 8:15 AM by Hal Osei, MD: Splenius left got 25 U.") < text.index("splenius capitis")


def test_what_was_not_asked_or_recorded_is_not_called_none() -> None:
    def said(response: NoteResponse | None) -> str:
        return whole_text(to_pdf(referral_letter_document(replace(LETTER, response=response))))

    assert "benefit not recorded. Side effects: not asked." in said(NoteResponse(side_effects_asked=False))
    assert "Side effects: none reported." in said(NoteResponse(60))
    assert "Response" not in said(None)


def test_the_warning_says_what_the_reference_says(reference: Reference) -> None:
    facts = reference.class_facts
    interactions = {each.id: each for each in facts.drug_interactions}

    assert facts.boxed_warning.verified and "hours to weeks later" in facts.boxed_warning.gist
    assert facts.non_interchangeability.verified
    for name in ("aminoglycosides", "neuromuscular_transmission_blockers"):
        assert interactions[name].effect == "may strengthen the toxin effect"
    assert "additive weakness" in interactions["other_botulinum_toxin"].effect


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_hostile_text_in_every_field_takes_three_pages_at_most(kind: str, paper: str) -> None:
    pdf = to_pdf(referral_letter_document(hostile(HOSTILE[kind], paper)))

    assert len(page_texts(pdf)) <= 3
    assert words_off_the_page(pdf) == []


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=40), st.decimals(0, 9999, places=1)), max_size=40))
def test_whatever_is_typed_the_letter_opens_in_few_pages(text: str, doses: list[tuple[str, Decimal]]) -> None:
    injections = [LetterInjection(muscle, "left", units, text, text) for muscle, units in doses]
    letter = replace(hostile(text), injections=injections, totals=[NoteTotal(text, Decimal(1))])
    pdf = to_pdf(referral_letter_document(letter))

    assert 1 <= len(page_texts(pdf)) <= 3
    assert words_off_the_page(pdf) == []


def test_text_is_never_read_as_markup() -> None:
    text = whole_text(to_pdf(referral_letter_document(replace(LETTER, plan="<b>5 < 6</b> & more"))))
    assert "<b>5 < 6</b> & more" in text


def test_the_file_names_no_patient_in_its_properties_and_embeds_its_fonts() -> None:
    pdf = to_pdf(referral_letter_document(LETTER))

    assert properties(pdf)["Title"] == "Treatment letter · November 24, 2026"
    assert "Okafor" not in " ".join(properties(pdf).values())
    assert all(fonts_used(pdf).values())
