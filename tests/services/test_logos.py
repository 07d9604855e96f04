"""The clinic's logo: any picture becomes a small one, and what is none is refused in a sentence."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.services.logos import LARGEST_FILE, logo_from
from tests.documents.reading import pictures
from tests.services.conftest import OpenClinic

TEAL = (15, 118, 110)


def picture(width: int, height: int, form: str = "PNG", mode: str = "RGB") -> bytes:
    """A teal field with a white edge of a tenth."""
    image = Image.new(mode, (width, height), (255, 255, 255, 0)[: len(mode)])
    edge = (width // 10, height // 10, width - width // 10 - 1, height - height // 10 - 1)
    ImageDraw.Draw(image).rectangle(edge, fill=(*TEAL, 255)[: len(mode)])
    written = BytesIO()
    image.save(written, form)
    return written.getvalue()


@pytest.mark.parametrize(
    "source",
    [
        picture(300, 100),
        picture(300, 100, mode="RGBA"),
        picture(3000, 1000, "JPEG"),
        picture(10_000, 300),
        picture(40, 40, "GIF"),
        picture(600, 600, "BMP"),
    ],
)
def test_a_picture_is_kept_small_and_without_its_empty_edge(source: bytes) -> None:
    kept = Image.open(BytesIO(logo_from(source)))
    assert kept.format == "PNG" and kept.mode == "RGB"
    assert kept.width <= 480 and kept.height <= 200
    middle = kept.getpixel((kept.width // 2, kept.height // 2))
    corner = kept.getpixel((1, kept.height // 2))
    for pixel in (middle, corner):
        assert isinstance(pixel, tuple)
        assert max(abs(a - b) for a, b in zip(pixel, TEAL, strict=True)) < 12


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "logo_unreadable"),
        (b"not a picture", "logo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo_unreadable"),
        (picture(300, 100)[:200], "logo_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "logo_unreadable"),
        (b"x" * (LARGEST_FILE + 1), "logo_too_large"),
    ],
)
def test_what_is_no_logo_is_refused(source: bytes, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        logo_from(source)
    assert (refused.value.code, refused.value.field) == (code, "logo")


def test_a_small_file_of_too_many_dots_is_refused() -> None:
    with pytest.raises(ClinicError) as refused:
        logo_from(picture(10_000, 10_000, "GIF", mode="1"))
    assert (refused.value.code, refused.value.field) == ("logo_too_large", "logo")


def test_a_white_picture_is_no_logo() -> None:
    white = BytesIO()
    Image.new("RGB", (50, 50), "white").save(white, "PNG")
    with pytest.raises(ClinicError) as refused:
        logo_from(white.getvalue())
    assert refused.value.code == "logo_empty"


def test_the_logo_stands_on_the_paper_until_it_is_taken_away(clinic: OpenClinic) -> None:
    visit = clinic.signed(clinic.patient())
    logos, papers = clinic.services.logos, clinic.services.papers

    def teal() -> int:
        head = pictures(papers.visit_note(clinic.physician, visit).render(), 2)[0].crop((0, 0, 400, 200))
        return int((np.abs(np.asarray(head, int) - TEAL).max(axis=2) < 6).sum())

    without = teal()
    assert logos.take(clinic.physician, picture(200, 100)) == b""
    assert teal() > without + 2000
    before = logos.take(clinic.physician, picture(200, 10))
    assert logos.shown() != before
    assert logos.take(clinic.physician, before) != b""
    assert logos.shown() == before
    logos.take(clinic.physician, b"")
    assert logos.shown() == b"" and teal() == without
    assert logos.take(clinic.physician, b"") == b""


def test_the_appointment_card_bears_the_logo_too(clinic: OpenClinic) -> None:
    from clinic_app.documents.appointment_card import AppointmentCard, appointment_card_document
    from clinic_app.documents.letterhead import Clinic
    from clinic_app.documents.page import to_pdf

    def card(logo: bytes) -> bytes:
        clinic_there = Clinic("Riverside", ("12 Harbor Street",), "555", logo)
        return to_pdf(appointment_card_document(AppointmentCard(clinic_there, "Ada", clinic.clock(), 30)))

    right = (280, 0, 420, 60)
    assert pictures(card(b""))[0].crop(right) != pictures(card(logo_from(picture(200, 100))))[0].crop(right)


def test_only_the_manager_changes_the_head_of_the_paper(clinic: OpenClinic) -> None:
    with pytest.raises(NotAllowed):
        clinic.services.logos.take(clinic.nurse, picture(30, 30))
    form = clinic.services.clinics.letterhead()
    with pytest.raises(NotAllowed):
        clinic.services.clinics.set_letterhead(clinic.nurse, form)
    for wrong, field in ((replace(form, name=" "), "name"), (replace(form, phone="5" * 101), "phone")):
        with pytest.raises(ClinicError) as refused:
            clinic.services.clinics.set_letterhead(clinic.physician, wrong)
        assert refused.value.field == field
    before = clinic.services.clinics.set_letterhead(clinic.physician, replace(form, name="New Name"))
    assert before == form
    assert clinic.services.clinics.letterhead().name == "New Name"


def test_a_picture_with_torn_notes_inside_is_a_picture_all_the_same() -> None:
    exif = Image.Exif()
    exif[274] = 6
    exif[270] = "a long description of what is seen here"
    written = BytesIO()
    Image.new("RGB", (300, 100), TEAL).save(written, "JPEG", exif=exif)
    whole = written.getvalue()
    place = whole.index(b"Exif") + 6
    torn = whole[: place + 4] + b"\xff" * 8 + whole[place + 12 :]  # the library warns of it, and a warning is an error
    assert Image.open(BytesIO(logo_from(torn))).format == "PNG"
