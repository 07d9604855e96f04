"""Which family names begin alike."""

from hypothesis import given
from hypothesis import strategies as some

from clinic_app.services.appointment_rows import beginning_of
from clinic_app.typed_text import fold


@given(some.text(max_size=12) | some.text("aZß_9-'ÉıŁ", max_size=6))
def test_a_name_begins_as_it_does_when_it_is_folded(family_name: str) -> None:
    assert beginning_of(family_name) == fold(family_name)[:4]
