from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from clinic_app.atlas.atlas import Atlas
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.map_picture import MapDose, MapPicture, MapPoint
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.visit_content import NoteAddendum, NoteCheck, NoteInjection, NoteTotal, NoteVial, VisitNote
from clinic_app.documents.visit_note import visit_note_document
from clinic_app.resources import resource_path
from tests.documents.build import CLINIC, PATIENT, PATTERN, usual_note
from tests.documents.reading import fonts_used, page_texts, pictures, properties, whole_text

NOTICE = "the full text is in the record"
HOSTILE = {
    "no spaces": "x" * 27_000,
    "a long note": "She said that it was better. " * 950,
    "line ends": "\n" * 10_000 + "end",
    "a word on each of ten thousand lines": "word\n" * 10_000,
    "markup": "<para><b>&amp;</font>]]>" * 1_000,
    "control characters": "".join(chr(code) for code in range(32)) * 800,
    "reading order marks": "\u202e\u2066abc" * 5_000,
    "arabic": "العربية " * 4_000,
    "chinese without spaces": "肌张力障碍" * 5_000,
    "combining marks": "a" + "\u0301" * 20_000,
    "half of a pair": "\ud800" * 9_000,
    "emoji": "🙂" * 9_000,
}


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_usual_visit_takes_two_pages_at_most(tmp_path: Path, paper: str) -> None:
    assert len(page_texts(to_pdf(visit_note_document(usual_note(tmp_path, paper=paper))))) <= 2


def test_every_page_says_whose_it_is_and_which_of_how_many(tmp_path: Path) -> None:
    pages = page_texts(to_pdf(visit_note_document(usual_note(tmp_path))))

    assert len(pages) == 2
    for number, text in enumerate(pages, start=1):
        for expected in ("Ada Nkechi Okafor", "March 12, 1961", "MRN0004321", f"Page {number} of 2"):
            assert expected in text


def test_every_injection_is_printed_with_its_side_units_and_lot(tmp_path: Path) -> None:
    text = whole_text(to_pdf(visit_note_document(usual_note(tmp_path))))

    for (muscle, side, units), lot in zip(PATTERN, ["C7654C3"] * 9 + ["C7701C1"] * 3, strict=True):
        volume = f"{Decimal(units) / 50:f}"
        assert f"{muscle} {side.capitalize()} {units} {volume} 2 EMG {lot}" in text
    assert "Total Botox (onabotulinumtoxinA) 263 5.26 24" in text


def test_vials_are_printed_with_expiry_preparation_and_waste(tmp_path: Path) -> None:
    text = whole_text(to_pdf(visit_note_document(usual_note(tmp_path))))

    for expected in ("Apr 30, 2028", "200 U", "9:12 AM", "C7701C1", "37 U", "remainder", "sodium"):
        assert expected in text


def test_checks_plan_codes_signature_addendum_and_digest_are_printed(tmp_path: Path) -> None:
    text = whole_text(to_pdf(visit_note_document(usual_note(tmp_path))))

    for expected in (
        "Cervical dystonia (ICD-10-CM G24.3)",
        "75 %",
        "week 10",
        "Trouble swallowing, mild",
        "Overridden",
        "Travels from abroad.",
        "Hal Osei, RN",
        "None, left after 20 minutes.",
        "CPT 64616, HCPCS J0585",
        "12 weeks",
        "Feb 16, 2027",
        "Signed electronically on Nov 24, 2026",
        "Correction",
        "8:15 AM; see the end of the note",
        "The label was hard to read.",
        "Lot read again: as recorded.",
        "b5bb9d80" * 8,
        "9f86d081" * 8,
        "Map for recording and planning, not for guiding a needle.",
    ):
        assert expected in text


def test_the_map_prints_units_beside_points_and_on_muscles_without_points(tmp_path: Path) -> None:
    text = whole_text(to_pdf(visit_note_document(usual_note(tmp_path))))

    for expected in ("18.7", "19.1", "33.3 U", "Neck from behind", "Neck from the side"):
        assert expected in text
    assert "60 U" not in text  # its points say it
    assert "≤10 U" in text  # what the colours mean


def test_the_map_tints_by_multiplying_and_embeds_a_small_picture(tmp_path: Path) -> None:
    pdf = to_pdf(visit_note_document(usual_note(tmp_path)))

    assert b"/BM /Multiply" in pdf
    assert b"/DCTDecode" in pdf
    assert len(pdf) < 400_000


def test_a_dosed_muscle_is_coloured_on_the_page(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), pictures=usual_note(tmp_path).pictures[:1])
    colours = {
        colour
        for page in pictures(to_pdf(visit_note_document(note)))
        for _, colour in page.getcolors(1 << 22) or []
        if isinstance(colour, tuple) and max(colour) - min(colour) > 60
    }

    assert any(blue > red + 60 for red, _, blue in colours)  # the dose of 60 units


def test_an_unsigned_note_says_draft_on_every_page(tmp_path: Path) -> None:
    draft = page_texts(to_pdf(visit_note_document(usual_note(tmp_path, signed=False))))
    signed = page_texts(to_pdf(visit_note_document(usual_note(tmp_path))))

    assert all("DRAFT" in text for text in draft)
    assert not any("DRAFT" in text for text in signed)
    assert "Signed electronically" not in " ".join(draft)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_takes_a_bounded_number_of_pages(tmp_path: Path, kind: str) -> None:
    text = HOSTILE[kind]
    note = replace(usual_note(tmp_path), history=text, assessment=text, plan=text, complications=text)

    assert len(page_texts(to_pdf(visit_note_document(note)))) <= 9


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_in_every_field_takes_a_bounded_number_of_pages(kind: str) -> None:
    text, units = HOSTILE[kind], Decimal("1E+9")
    now = datetime(2026, 11, 24, 9, 0)
    note = VisitNote(
        clinic=Clinic(text, (text,) * 50, text),
        patient=PatientIdentity(text, None, text),
        visited_on=date(2026, 11, 24),
        injector=text,
        indication=text,
        icd10cm=text,
        history=text,
        assessment=text,
        scale_totals=((text, text),) * 100,
        consent=text,
        vials=(NoteVial(text, text, None, units, text, units, units, now, units, units, text),) * 60,
        injections=(NoteInjection(text, text, units, units, 10**9, (text,) * 9, text, text),) * 300,
        totals=(NoteTotal(text, units, units),) * 60,
        checks=(NoteCheck(text, text, text, text),) * 200,
        complications=text,
        codes=(text,) * 300,
        plan=text,
        next_interval=text,
        addenda=(NoteAddendum(text, now, text, text, text),) * 100,
    )

    assert len(page_texts(to_pdf(visit_note_document(note)))) <= 70


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), assessment=HOSTILE["a long note"])
    assert NOTICE in whole_text(to_pdf(visit_note_document(note)))

    more = replace(usual_note(tmp_path), injections=usual_note(tmp_path).injections * 11)
    assert "12 more in the record" in whole_text(to_pdf(visit_note_document(more)))

    remark = replace(usual_note(tmp_path).injections[0], remark="long " * 200)
    assert NOTICE in whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), injections=(remark,)))))


def test_an_ordinary_text_is_printed_whole(tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {number} of the assessment." for number in range(100))
    printed = whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), assessment=text))))

    assert text in printed
    assert NOTICE not in printed


def test_text_is_never_read_as_markup(tmp_path: Path) -> None:
    hostile = "<b>bold</b> & <para> &lt; 5 < 6"
    assert hostile in whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), plan=hostile))))


def test_a_very_long_name_is_kept_on_its_band_and_shortened_in_the_margins(tmp_path: Path) -> None:
    patient = replace(PATIENT, name="Wolfeschlegelsteinhausenbergerdorff " * 9)
    pages = page_texts(to_pdf(visit_note_document(replace(usual_note(tmp_path), patient=patient))))

    assert len(pages) <= 3
    assert all("Wolfeschlegelsteinhausenbergerdorff" in text and "MRN0004321" in text for text in pages)


def test_a_name_written_from_right_to_left_does_not_turn_the_order_of_its_line(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), patient=replace(PATIENT, name="שרה כהן"))
    for text in page_texts(to_pdf(visit_note_document(note))):
        assert "born March 12, 1961 · MRN0004321" in " ".join(text.split())


def test_a_missing_birth_date_is_named(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), patient=replace(PATIENT, birth_date=None))
    assert all("birth date not recorded" in text for text in page_texts(to_pdf(visit_note_document(note))))


def test_all_fonts_are_embedded_and_no_standard_font_is_named(tmp_path: Path) -> None:
    pdf = to_pdf(visit_note_document(usual_note(tmp_path, signed=False)))

    assert fonts_used(pdf)
    assert all(fonts_used(pdf).values())
    assert b"/Helvetica" not in pdf


def test_only_east_asian_fonts_are_not_embedded(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), patient=replace(PATIENT, name="王小明 田中さくら 김민준"))
    missing = {name for name, embedded in fonts_used(to_pdf(visit_note_document(note))).items() if not embedded}

    assert missing
    assert missing <= {"HeiseiKakuGo-W5", "HYGothic-Medium", "STSong-Light", "MSung-Light"}


def test_title_author_and_language_stand_in_the_file(tmp_path: Path) -> None:
    pdf = to_pdf(visit_note_document(usual_note(tmp_path)))
    data = properties(pdf)

    assert "Visit note" in data["Title"]
    assert "Ada Nkechi Okafor" not in " ".join(data.values())
    assert data["CreationDate"] == "D:20261124"
    assert data["Author"] == CLINIC.name
    assert b"/Lang (en)" in pdf


def test_dates_are_written_as_the_locale_does(tmp_path: Path) -> None:
    note = replace(usual_note(tmp_path), edition=Edition("A4", "en", "en_GB"))
    assert "24 November 2026" in whole_text(to_pdf(visit_note_document(note)))


def test_several_products_are_totalled_each_by_itself(tmp_path: Path) -> None:
    note = replace(
        usual_note(tmp_path),
        totals=(NoteTotal("Botox", Decimal(100)), NoteTotal("Dysport", Decimal(500), Decimal("2.5"))),
    )
    text = whole_text(to_pdf(visit_note_document(note)))

    assert "Botox: 100 U" in text
    assert "Dysport: 500 U, 2.5 mL" in text


def test_no_number_ends_in_a_zero_after_its_decimal_sign(tmp_path: Path) -> None:
    injection = NoteInjection("splenius capitis", "right", Decimal("5.000"), Decimal("0.100"))
    text = whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), injections=(injection,), totals=()))))

    assert "splenius capitis Right 5 0.1" in text


def test_an_empty_visit_prints_one_page() -> None:
    note = VisitNote(CLINIC, PATIENT, date(2026, 11, 24), "", "")
    pages = page_texts(to_pdf(visit_note_document(note)))

    assert len(pages) == 1
    assert "No injection was given." in pages[0]


def test_an_unknown_paper_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="paper"):
        to_pdf(visit_note_document(replace(usual_note(tmp_path), edition=Edition("Foolscap"))))


def test_notes_made_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    notes = [replace(usual_note(tmp_path), plan=f"{word} Ärger Œuvre Жук {word}") for word in ("eins", "zwei", "drei")]
    with ThreadPoolExecutor(3) as lanes:
        made = list(lanes.map(lambda note: to_pdf(visit_note_document(note)), notes * 3))

    for note, pdf in zip(notes * 3, made, strict=True):
        assert note.plan in whole_text(pdf)
        assert all(fonts_used(pdf).values())


def test_the_plates_that_ship_are_drawn_small_and_on_two_pages(tmp_path: Path) -> None:
    atlas = Atlas(resource_path("atlas", "baked"))
    plates = [atlas.plate(summary.id) for summary in atlas.summaries()[:2]]
    pictures = tuple(
        MapPicture(
            plate,
            (MapDose(part.muscle, part.side, Decimal(30)),),
            (MapPoint(*part.at(0.5, 0.5), "30", part.muscle, part.side),),
        )
        for plate in plates
        for part in plate.layers[0].parts[:1]
    )
    pdf = to_pdf(visit_note_document(replace(usual_note(tmp_path), pictures=pictures)))

    assert len(page_texts(pdf)) == 2
    assert len(pdf) < 600_000


def test_a_muscle_of_another_layer_is_dashed_and_the_title_says_so(tmp_path: Path) -> None:
    plate = Atlas(resource_path("atlas", "baked")).plate("head_neck_posterior")
    drawn, other = plate.layer("superficial"), plate.layer("deep")
    shown = {part.muscle for part in drawn.parts}
    hidden = next(part for part in other.parts if part.muscle and part.muscle not in shown)
    dose = MapDose(hidden.muscle, hidden.side, Decimal(30))

    def text(layer: str) -> str:
        picture = MapPicture(plate, (dose,), layer=layer)
        return whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), pictures=(picture,)))))

    assert "dashed: in another layer" in text("superficial")
    assert "dashed" not in text("deep")


def test_no_heading_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    heading = ("Injections", "Checks", "Given and wasted")
    for lines in range(30):
        note = replace(usual_note(tmp_path), assessment="A line.\n" * lines, pictures=())
        for page in page_texts(to_pdf(visit_note_document(note))):
            content = page[: page.index("SHA-256 of the signed content")].strip()
            assert not content.endswith(heading), lines
