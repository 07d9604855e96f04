"""The code on the appointment card, read from pictures of the page as a telephone reads it from paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Event
from PIL import Image, ImageFilter

from clinic_app.documents.appointment_card import AppointmentCard, appointment_card_document
from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import Edition, to_pdf
from tests.documents.build import CLINIC
from tests.documents.reading import pictures

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
# Sundays on which clocks change in New York and in Berlin.
CHANGES = [datetime(2027, 3, 14, 7), datetime(2027, 11, 7, 6), datetime(2027, 3, 28, 1), datetime(2027, 10, 31, 1)]
MOMENTS = st.builds(
    lambda change, minutes: (change + timedelta(minutes=minutes)).replace(tzinfo=UTC),
    st.sampled_from(CHANGES),
    st.integers(-3 * 24 * 60, 3 * 24 * 60),
)
NAMES = (
    "Movement, Speech; and Swallowing \\ Clinic",
    "Klinik für Bewegung, Köln",
    "Clínica de Ñuñoa\nSegundo piso",
    "Κλινική Κίνησης",
    "肌张力障碍诊所",
    "ジストニア クリニック",
    "مركز الحركة",
    "🙂 Clinic",
)


def card(starts_at: datetime, minutes: int = 30, name: str = CLINIC.name) -> AppointmentCard:
    clinic = Clinic(name, CLINIC.address_lines, CLINIC.phone)
    return AppointmentCard(clinic, "Ada Nkechi Okafor", starts_at, minutes, "Dr. Elena Marchetti")


def on_paper(of: AppointmentCard, dots_per_inch: int = 150) -> Image.Image:
    """A picture of the whole card."""
    (page,) = pictures(to_pdf(appointment_card_document(of)), dots_per_inch / 72)
    return page


def read(picture: Image.Image) -> Event:
    """The one event that a telephone finds on it."""
    (code,) = zxingcpp.read_barcodes(picture)
    event = Event.from_ical(code.text)
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize("zone", [NEW_YORK, BERLIN])
@example(moment=datetime(2027, 11, 7, 5, 45, tzinfo=UTC), minutes=120)
@example(moment=datetime(2027, 10, 31, 1, tzinfo=UTC), minutes=30)
@given(moment=MOMENTS, minutes=st.integers(5, 480))
@settings(max_examples=6)
def test_the_event_begins_and_ends_when_the_appointment_does_whatever_the_clocks(
    zone: ZoneInfo, moment: datetime, minutes: int
) -> None:
    event = read(on_paper(card(moment.astimezone(zone), minutes)))

    assert event.start == moment
    assert event.end == moment + timedelta(minutes=minutes)


def test_the_same_hour_before_and_after_the_change_of_clocks_is_another_moment() -> None:
    before, after = (read(on_paper(card(datetime(2027, 3, day, 9, 30, tzinfo=NEW_YORK)))) for day in (13, 15))

    assert before.start == datetime(2027, 3, 13, 14, 30, tzinfo=UTC)
    assert after.start == datetime(2027, 3, 15, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_clinic_is_named_in_any_script_and_no_sign_of_its_name_ends_the_line(name: str, language: str) -> None:
    of = card(datetime(2027, 2, 16, 9, 30, tzinfo=BERLIN), name=name)
    event = read(on_paper(replace(of, edition=Edition("A4", language, "de_DE"))))

    assert str(event["SUMMARY"]).endswith(" ".join(name.split("\n")))
    assert event["LOCATION"] == "1200 Harbor Avenue, Portland, OR 97201"
    assert not event.errors


@pytest.mark.parametrize("name", [CLINIC.name, "W" * 300, "肌" * 300])
@pytest.mark.parametrize("dots_per_inch", [100, 150])
def test_a_weak_printer_and_a_blurred_look_are_enough(name: str, dots_per_inch: int) -> None:
    at = datetime(2027, 2, 16, 9, 30, tzinfo=NEW_YORK)
    sharp = on_paper(card(at, name=name), dots_per_inch).convert("L")
    weak = sharp.point(lambda shade: 90 + shade // 2)  # toner at its end, on paper that is not white
    blurred = weak.filter(ImageFilter.GaussianBlur(dots_per_inch / 150))

    assert [read(picture).start for picture in (sharp, weak, blurred)] == [at] * 3
