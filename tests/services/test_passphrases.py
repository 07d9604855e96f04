"""Which passphrases are refused, and for what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.services.passphrases import SHORTEST_PASSPHRASE, check_passphrase, passphrase_problem
from clinic_app.services.stores import recover
from tests.clinics import CHEAP
from tests.services.conftest import OpenClinic

NAMES = ("ellison", "Dr. Mara Ellison", "Port Alder Movement Clinic")


def refused(passphrase: str) -> str:
    try:
        check_passphrase(passphrase, NAMES, "new")
    except ClinicError as error:
        assert error.field == "new"
        assert len(passphrase) < SHORTEST_PASSPHRASE or passphrase not in str(error)
        return error.code
    return ""


@pytest.mark.parametrize(
    "passphrase",
    [
        "four unrelated words here",
        "Sonnenblume Apfel Tinte",
        "слон зебра вечер",
        "水 山 空 雲 雨 風 花 鳥",
        "kq7v2xw9tzrm",
        "port alder ferries rust slowly",
    ],
)
def test_unrelated_words_in_any_script_are_taken_without_any_kind_of_sign(passphrase: str) -> None:
    assert refused(passphrase) == ""


@pytest.mark.parametrize(
    "passphrase",
    [
        "password1234",
        "P4ssw0rd!P4ssw0rd!",
        "1q2w3e4r5t6y",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklm",
        "letmeinletmein",
        "passphrase1234",
        "0101199001011990",
    ],
)
def test_what_is_tried_first_is_refused_however_long(passphrase: str) -> None:
    assert refused(passphrase) == "passphrase_weak"


@pytest.mark.parametrize(
    "passphrase", ["PortAlder2026", "port-ALDER movement CLINIC", "ellisonellison", "Mara Ellison 72", "Ellisón Clinic"]
)
def test_names_that_everybody_knows_do_not_count(passphrase: str) -> None:
    assert refused(passphrase) == "passphrase_of_names"


@given(st.text(max_size=SHORTEST_PASSPHRASE - 1))
def test_a_short_one_is_told_how_short(passphrase: str) -> None:
    assert refused(passphrase) == "passphrase_short"
    assert passphrase_problem(passphrase).startswith(f"{len(passphrase)} characters")


@given(st.lists(st.sampled_from([*NAMES, *"-_. !"]), max_size=8).map("".join), st.text("0123456789", max_size=4))
def test_names_in_any_order_never_open_a_clinic(names: str, year: str) -> None:
    assert refused(names.title() + year) in {"passphrase_of_names", "passphrase_short"}


@given(st.text(st.characters(), min_size=SHORTEST_PASSPHRASE, max_size=60))
def test_every_text_gets_an_answer(passphrase: str) -> None:
    assert refused(passphrase) in {"", "passphrase_weak", "passphrase_of_names"}


def test_recovery_knows_the_clinics_name(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError) as told:
        recover(clinic.settings, clinic.recovery_code, "nurse", "PortAlder2026", clinic.clock, cost=CHEAP)
    assert (told.value.code, told.value.field) == ("passphrase_of_names", "passphrase")
