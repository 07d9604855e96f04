from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.rules.preparation import Allotment, Need, ShelfLot, allot, fewest_wasted

ONA = "onabotulinumtoxinA"
FIRST = date(2026, 3, 31)


def lot(number: int, size: int | str, vials: int, month: int = 0, **changes: object) -> ShelfLot:
    given = {"product": ONA, "expires_on": FIRST + timedelta(days=30 * month), "patient": None} | changes
    return ShelfLot(lot=number, size_units=Decimal(size), vials=vials, **given)  # type: ignore[arg-type]


def chosen(units: int | str, *shelf: ShelfLot) -> Allotment:
    (allotment,) = allot([Need(1, ONA, Decimal(units))], shelf)
    return allotment


def test_the_sizes_that_waste_least_are_taken() -> None:
    assert chosen(150, lot(1, 200, 5), lot(2, 100, 5), lot(3, 50, 1, 9)).vials == ((2, 1), (3, 1))
    assert chosen(150, lot(1, 200, 5), lot(2, 100, 5)).spare == 50


def test_an_earlier_expiry_wins_over_fewer_vials() -> None:
    assert chosen(200, lot(1, 200, 5, 2), lot(2, 100, 5, 1)).vials == ((2, 2),)


def test_fewer_vials_win_at_the_same_expiry() -> None:
    assert chosen(200, lot(1, 100, 5), lot(2, 200, 5)).vials == ((2, 1),)


def test_waste_counts_before_expiry() -> None:
    assert chosen(100, lot(1, 200, 5, 0), lot(2, 100, 5, 6)).vials == ((2, 1),)


def test_a_vial_kept_for_the_patient_is_used_first_and_by_nobody_else() -> None:
    shelf = (lot(1, 100, 9, 0), lot(2, 200, 1, 5, patient=7), lot(3, 100, 1, 0, patient=8))
    first, second = allot([Need(6, ONA, Decimal(100)), Need(7, ONA, Decimal(250))], shelf)
    assert first.vials == ((1, 1),)
    assert second.vials == ((2, 1), (1, 1))
    assert second.spare == 50


def test_what_one_patient_takes_the_next_does_not_have() -> None:
    needs = [Need(patient, ONA, Decimal(100)) for patient in (1, 2, 3)]
    allotted = allot(needs, [lot(1, 100, 2), lot(2, 50, 1, 1)])
    assert [each.vials for each in allotted] == [((1, 1),), ((1, 1),), ((2, 1),)]
    assert [each.short for each in allotted] == [0, 0, 50]


def test_one_vial_is_never_shared_by_two_patients() -> None:
    allotted = allot([Need(1, ONA, Decimal(30)), Need(2, ONA, Decimal(30))], [lot(1, 100, 1)])
    assert [each.spare - each.short for each in allotted] == [70, -30]


def test_products_are_never_mixed() -> None:
    assert chosen(100, lot(1, 100, 5, product="incobotulinumtoxinA")) == Allotment((), Decimal(0), Decimal(100))


def test_nothing_needed_takes_nothing_and_an_empty_shelf_is_short() -> None:
    assert chosen(0, lot(1, 100, 5)) == Allotment((), Decimal(0), Decimal(0))
    assert chosen("12.5") == Allotment((), Decimal(0), Decimal("12.5"))


def test_parts_of_a_unit_are_counted_exactly() -> None:
    allotment = chosen("100.001", lot(1, 100, 2), lot(2, "0.5", 1, 3))
    assert (allotment.vials, allotment.spare) == (((1, 1), (2, 1)), Decimal("0.499"))


def test_a_day_of_forty_patients_and_ten_odd_sizes_is_worked_out() -> None:
    shelf = [lot(n, 50 + 7 * n, 12, n % 4) for n in range(10)]
    allotted = allot([Need(n, ONA, Decimal(120 + 9 * n)) for n in range(40)], shelf)
    assert sum(count for each in allotted for _, count in each.vials) <= 120
    assert all(each.spare >= 0 for each in allotted)


def test_a_slip_of_thousands_of_units_is_worked_out_as_well() -> None:
    allotment = chosen(19_950, lot(1, 100, 100, 1), lot(2, 50, 100, 0), lot(3, 200, 100, 2))
    assert allotment.spare == allotment.short == 0
    assert allotment.vials[0] == (2, 99)


shelves = st.lists(
    st.builds(
        lambda size, vials, month: (size, vials, month), st.integers(1, 12), st.integers(0, 3), st.integers(0, 2)
    ),
    min_size=1,
    max_size=4,
)


@given(st.decimals(0, 60, places=1), shelves)
def test_no_other_choice_is_better(units: Decimal, shelf: list[tuple[int, int, int]]) -> None:
    lots = [lot(n, size, vials, month) for n, (size, vials, month) in enumerate(shelf)]
    vials = [each.vials for each in lots]
    by_expiry = sorted(range(len(lots)), key=lambda n: lots[n].expires_on)

    def badness(counts: tuple[int, ...]) -> tuple[object, ...]:
        held = sum(each.size_units * count for each, count in zip(lots, counts, strict=True))
        days = sorted(each.expires_on for each, count in zip(lots, counts, strict=True) for _ in range(count))
        places = sorted(place for place, n in enumerate(by_expiry) for _ in range(counts[n]))
        return (max(units - held, Decimal(0)), max(held - units, Decimal(0)), days, places)

    assert fewest_wasted(units, lots, vials) == min(product(*(range(count + 1) for count in vials)), key=badness)


needs = st.lists(st.builds(Need, st.integers(1, 3), st.just(ONA), st.decimals(0, 40, places=1)), max_size=6)
kept = st.lists(
    st.builds(
        lambda number, size, vials, month, patient: lot(number, size, vials, month, patient=patient),
        st.integers(1, 1000),
        st.integers(1, 15),
        st.integers(0, 4),
        st.integers(0, 3),
        st.sampled_from((None, None, 1, 2)),
    ),
    unique_by=lambda each: each.lot,
    max_size=6,
)


@given(needs, kept)
def test_no_vial_is_promised_twice_and_units_add_up(wanted: list[Need], shelf: list[ShelfLot]) -> None:
    by_id = {each.lot: each for each in shelf}
    promised: dict[int, int] = {}
    for need, allotment in zip(wanted, allot(wanted, shelf), strict=True):
        held = sum((by_id[number].size_units * count for number, count in allotment.vials), Decimal(0))
        assert held + allotment.short == need.units + allotment.spare
        assert not (allotment.spare and allotment.short)
        for number, count in allotment.vials:
            assert by_id[number].patient in (None, need.patient)
            promised[number] = promised.get(number, 0) + count
    assert all(count <= by_id[number].vials for number, count in promised.items())
