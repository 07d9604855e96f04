"""Where the map's dose colours begin and end: the clinic's own choice, else as wide as the product's cap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.atlas.doses import dose_colour
from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.models import Clinic
from clinic_app.reference.catalogue import Reference
from clinic_app.services.dose_colours import CHOICE, check_limits, limits_of, read_limits, usual_limits
from tests.services.conftest import OpenClinic

PRODUCT = "onabotulinumtoxinA"


def test_every_product_has_rising_limits_of_its_own(reference: Reference) -> None:
    for product in reference.products:
        limits = usual_limits(reference, product)
        assert all(lower < upper for lower, upper in pairwise(limits))
        assert check_limits(limits) == limits
    assert usual_limits(reference, "rimabotulinumtoxinB") != usual_limits(reference, PRODUCT)
    assert usual_limits(reference, "unknown") == usual_limits(reference, PRODUCT)


def test_the_clinic_chooses_its_own_and_goes_back_to_the_usual(clinic: OpenClinic, reference: Reference) -> None:
    own = (5.0, 12.5, 20.0, 40.0, 60.0)
    clinics = clinic.services.clinics
    clinics.set_dose_limits(clinic.physician, PRODUCT, own)
    clinics.set_dose_limits(clinic.physician, "abobotulinumtoxinA", (1, 2, 3, 4, 5))
    assert limits_of(reference, PRODUCT, clinics.facts().dose_limits) == own
    patient = clinic.patient()
    assert clinic.services.charts.context(clinic.physician, patient).dose_limits[PRODUCT] == own
    clinics.set_dose_limits(clinic.physician, PRODUCT, None)
    assert limits_of(reference, PRODUCT, clinics.facts().dose_limits) == usual_limits(reference, PRODUCT)
    assert "abobotulinumtoxinA" in clinics.facts().dose_limits


@pytest.mark.parametrize(
    "limits",
    [(1, 2, 3, 4), (1, 2, 3, 4, 5, 6), (1, 2, 2, 4, 5), (5, 4, 3, 2, 1), (0, 1, 2, 3, 4), (1, 2, 3, 4, 1e9),
     (float("nan"), 1, 2, 3, 4), (1, 2, 3, 4, float("inf"))],
)  # fmt: skip
def test_limits_that_do_not_rise_are_refused_in_a_sentence(clinic: OpenClinic, limits: tuple[float, ...]) -> None:
    with pytest.raises(ClinicError, match="each larger than the one before"):
        clinic.services.clinics.set_dose_limits(clinic.physician, PRODUCT, limits)
    assert clinic.services.clinics.facts().dose_limits == {}


def test_only_a_physician_or_the_manager_chooses(clinic: OpenClinic) -> None:
    for actor in (clinic.nurse, clinic.desk):
        with pytest.raises(NotAllowed):
            clinic.services.clinics.set_dose_limits(actor, PRODUCT, (1, 2, 3, 4, 5))


@pytest.mark.parametrize("kept", [7, [], "x", {"a": 3}, {"a": [1, 2]}, {"a": ["x"] * 5}, {"a": None}])
def test_a_choice_that_cannot_be_read_counts_as_none(clinic: OpenClinic, kept: object) -> None:
    with clinic.store.database.writing(None, clinic.clock()) as session:
        session.scalars(select(Clinic)).one().choices = {CHOICE: kept, "other": 1}
    assert clinic.services.clinics.facts().dose_limits == {}
    clinic.services.clinics.set_dose_limits(clinic.physician, PRODUCT, (1, 2, 3, 4, 5))
    with clinic.store.database.reading() as session:
        assert session.scalars(select(Clinic)).one().choices["other"] == 1


@given(st.lists(st.floats(0.1, 99_999), min_size=5, max_size=5, unique=True))
def test_any_rising_limits_give_six_colours_in_order(numbers: list[float]) -> None:
    limits = check_limits(sorted(numbers))
    assert read_limits({CHOICE: {"p": list(limits)}}) == {"p": limits}
    colours = [dose_colour(limit, limits) for limit in limits] + [dose_colour(limits[-1] * 2, limits)]
    assert len(set(colours)) == 6
