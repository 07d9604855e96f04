from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.services.access import Act, may
from clinic_app.services.stock_data import LotDetails
from clinic_app.terms import LotHold, StockKind
from tests.services.conftest import OpenClinic
from tests.services.statements import plan, statements

K = StockKind
ONA = "onabotulinumtoxinA"
NEXT_YEAR = date(2027, 5, 31)


def received(clinic: OpenClinic, **changes: object) -> int:
    given = {"product": ONA, "number": "C1", "size_units": Decimal(100), "expires_on": NEXT_YEAR, "vials": 5} | changes
    return clinic.services.stock.receive(clinic.nurse, **given)  # type: ignore[arg-type]


def refusal(clinic: OpenClinic, **changes: object) -> ClinicError:
    with pytest.raises(ClinicError) as refused:
        received(clinic, **changes)
    assert str(refused.value)
    assert clinic.services.stock.lots(clinic.nurse, all=True) == ()
    return refused.value


def told(details: LotDetails) -> list[tuple[StockKind, int, int]]:
    return [(line.kind, line.vials, line.left_after) for line in details.ledger]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"number": " \n"}, "lot_number_missing", "lot_number"),
        ({"number": "C" * 101}, "text_too_long", "lot_number"),
        ({"vials": 0}, "vials_less_than_one", "vials"),
        ({"vials": 501}, "vials_too_many", "vials"),
        ({"expires_on": date(2026, 3, 1)}, "received_expired", "expires_on"),
        ({"expires_on": date(2126, 3, 1)}, "expiry_too_far", "expires_on"),
        ({"product": "water"}, "product_unknown", "product"),
        ({"product": "prabotulinumtoxinA"}, "product_cosmetic_only", "product"),
        ({"size_units": Decimal(0)}, "size_missing", "size_units"),
        ({"size_units": Decimal("NaN")}, "units_not_a_number", "size_units"),
        ({"size_units": Decimal("0.0001")}, "units_not_a_number", "size_units"),
        ({"size_units": Decimal(10**6)}, "units_too_many", "size_units"),
        ({"size_units": Decimal(300)}, "size_unlisted", "size_units"),
        ({"patient_id": 99}, "patient_not_found", ""),
        ({"gtin": "4006381333932"}, "scan_check_digit", "gtin"),
    ],
)
def test_what_cannot_arrive_is_refused_with_its_field(
    clinic: OpenClinic, changes: dict[str, object], code: str, field: str
) -> None:
    error = refusal(clinic, **changes)
    assert (error.code, error.field) == (code, field)


def test_vials_that_expire_today_can_be_received_today(clinic: OpenClinic) -> None:
    assert received(clinic, expires_on=clinic.today)


def test_a_size_that_is_newer_than_the_reference_is_received_once_confirmed(clinic: OpenClinic) -> None:
    received(clinic, size_units=Decimal(300), unlisted_size=True)
    (row,) = clinic.services.stock.lots(clinic.nurse)
    assert (row.size_units, row.vials_left, row.units_left) == (Decimal(300), 5, Decimal(1500))


def test_a_second_delivery_of_a_lot_joins_the_first_however_its_number_is_typed(clinic: OpenClinic) -> None:
    lot_id = received(clinic)
    assert received(clinic, number=" c1 ", vials=3) == lot_id
    (row,) = clinic.services.stock.lots(clinic.nurse)
    assert (row.number, row.vials_received, row.vials_left) == ("C1", 8, 8)


@pytest.mark.parametrize("for_whom", [False, True])
def test_one_lot_has_one_expiry(clinic: OpenClinic, for_whom: bool) -> None:
    received(clinic)
    patient_id = clinic.patient() if for_whom else None
    with pytest.raises(ClinicError) as refused:
        received(clinic, expires_on=date(2027, 6, 30), patient_id=patient_id)
    assert refused.value.code == "lot_other_expiry"


def test_lots_come_earliest_expiry_first_and_empty_ones_on_wish(clinic: OpenClinic) -> None:
    late = received(clinic, number="late", expires_on=date(2028, 1, 31))
    early = received(clinic, number="early", expires_on=date(2026, 4, 30))
    gone = received(clinic, number="gone", vials=1)
    dysport = received(clinic, product="abobotulinumtoxinA", number="D1", size_units=Decimal(500))
    clinic.services.stock.record(clinic.nurse, gone, K.DISCARDED, 1, "dropped")
    stock = clinic.services.stock
    assert [row.lot_id for row in stock.lots(clinic.nurse)] == [early, dysport, late]
    assert [row.lot_id for row in stock.lots(clinic.nurse, product=ONA, all=True)] == [early, gone, late]


def test_vials_kept_for_a_patient_are_a_row_of_their_own_with_the_name(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    general, kept = received(clinic), received(clinic, patient_id=patient_id, vials=1)
    rows = {row.lot_id: row for row in clinic.services.stock.lots(clinic.nurse)}
    assert (rows[general].patient_name, rows[kept].patient_name) == ("", "Ada Okafor")
    assert rows[kept].vials_left == 1


def test_what_leaves_by_hand_stands_in_the_ledger_with_reason_and_witness(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic)
    stock.record(clinic.nurse, lot_id, K.RETURNED, 2, "ordered twice")
    stock.record(clinic.nurse, lot_id, K.DISCARDED, 1, "frozen", clinic.physician.account_id)
    stock.record(clinic.nurse, lot_id, K.CORRECTED, 1, "counted again")
    stock.record(clinic.nurse, lot_id, K.CORRECTED, -1, "counted once more")
    details = stock.lot(clinic.nurse, lot_id)
    assert told(details) == [
        (K.RECEIVED, 5, 5),
        (K.RETURNED, -2, 3),
        (K.DISCARDED, -1, 2),
        (K.CORRECTED, 1, 3),
        (K.CORRECTED, -1, 2),
    ]
    assert (details.ledger[2].reason, details.ledger[2].by, details.ledger[2].witness) == (
        "frozen",
        "Nurse",
        "Dr. Mara Ellison",
    )


@pytest.mark.parametrize(
    ("kind", "vials", "reason", "code"),
    [
        (K.DISCARDED, 6, "broken", "lot_too_few"),
        (K.CORRECTED, -6, "counted", "lot_too_few"),
        (K.RETURNED, 0, "none", "vials_not_counted"),
        (K.RETURNED, -1, "none", "vials_not_counted"),
        (K.CORRECTED, 0, "none", "vials_not_counted"),
        (K.CORRECTED, 501, "none", "vials_too_many"),
        (K.DISCARDED, 1, "  ", "stock_reason_missing"),
        (K.DISCARDED, 1, "x" * 301, "text_too_long"),
        (K.EXPIRED, 1, "old", "lot_not_expired"),
    ],
)
def test_a_count_that_cannot_be_is_refused(
    clinic: OpenClinic, kind: StockKind, vials: int, reason: str, code: str
) -> None:
    lot_id = received(clinic)
    with pytest.raises(ClinicError) as refused:
        clinic.services.stock.record(clinic.nurse, lot_id, kind, vials, reason)
    assert refused.value.code == code
    assert str(refused.value)
    assert len(clinic.services.stock.lot(clinic.nurse, lot_id).ledger) == 1


def test_vials_expire_after_the_last_moment_of_their_day(clinic: OpenClinic) -> None:
    lot_id = received(clinic, expires_on=clinic.today)
    with pytest.raises(ClinicError):
        clinic.services.stock.record(clinic.nurse, lot_id, K.EXPIRED, 5, "old")
    clinic.clock.forward(hours=14)  # past midnight in New York
    clinic.services.stock.record(clinic.nurse, lot_id, K.EXPIRED, 5, "old")
    assert clinic.services.stock.lots(clinic.nurse) == ()


def test_a_witness_is_somebody_else_who_works_here(clinic: OpenClinic) -> None:
    lot_id = received(clinic)
    for witness, code in ((clinic.nurse.account_id, "witness_is_oneself"), (99, "witness_unknown")):
        with pytest.raises(ClinicError) as refused:
            clinic.services.stock.record(clinic.nurse, lot_id, K.DISCARDED, 1, "broken", witness)
        assert refused.value.code == code


def test_nothing_but_what_is_counted_by_hand_is_recorded_by_hand(clinic: OpenClinic) -> None:
    with pytest.raises(ValueError, match="opened"):
        clinic.services.stock.record(clinic.nurse, received(clinic), K.OPENED, 1, "x")


def test_undo_counters_the_latest_line_and_never_takes_it_away(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic)
    discarded = stock.record(clinic.nurse, lot_id, K.DISCARDED, 2, "broken")
    undone = stock.undo(clinic.nurse, discarded)
    assert told(stock.lot(clinic.nurse, lot_id)) == [(K.RECEIVED, 5, 5), (K.DISCARDED, -2, 3), (K.CORRECTED, 2, 5)]
    with pytest.raises(ClinicError) as refused:
        stock.undo(clinic.nurse, discarded)
    assert refused.value.code == "movement_not_latest"
    stock.undo(clinic.nurse, undone)
    assert stock.vials_left(clinic.nurse, lot_id) == 3


def test_a_receipt_can_be_undone_but_no_signed_visit_and_no_hold(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic, number="C1234")
    stock.undo(clinic.nurse, stock.lot(clinic.nurse, lot_id).ledger[0].movement_id)
    assert stock.vials_left(clinic.nurse, lot_id) == 0
    received(clinic, number="C1234")
    clinic.signed(clinic.patient(), clinic.content(lot_id))
    stock.hold(clinic.nurse, lot_id, LotHold.QUARANTINED, "too warm")
    for line in stock.lot(clinic.nurse, lot_id).ledger[3:]:
        with pytest.raises(ClinicError) as refused:
            stock.undo(clinic.nurse, line.movement_id)
        assert refused.value.code == "movement_stays"
    with pytest.raises(NotFound):
        stock.undo(clinic.nurse, 999)


def test_an_expiry_that_was_read_wrongly_is_put_right_and_the_ledger_says_so(clinic: OpenClinic) -> None:
    stock = clinic.services.stock
    clinic.signed(clinic.patient(), clinic.content())  # the lot came into stock with the visit's expiry
    (row,) = stock.lots(clinic.nurse, all=True)
    kept = received(clinic, number="C1234", patient_id=clinic.patient(family_name="Byrne"))
    stock.correct_expiry(clinic.nurse, row.lot_id, date(2027, 6, 30), "read again")
    assert {each.expires_on for each in stock.lots(clinic.nurse, all=True)} == {date(2027, 6, 30)}
    line = stock.lot(clinic.nurse, kept).ledger[-1]
    assert (line.kind, line.vials, line.left_after) == (K.CORRECTED, 0, 5)
    assert line.reason == "expiry 31 May 2027 was wrong, it is 30 Jun 2027: read again"
    received(clinic, number="C1234", expires_on=date(2027, 6, 30))
    with pytest.raises(ClinicError) as refused:
        stock.undo(clinic.nurse, line.movement_id)
    assert refused.value.code == "movement_stays"
    with pytest.raises(ClinicError) as refused:
        stock.correct_expiry(clinic.nurse, kept, date(2127, 6, 30), "read again")
    assert refused.value.code == "expiry_too_far"


def test_a_lot_on_hold_is_not_offered_until_it_is_released(clinic: OpenClinic) -> None:
    stock, lot_id, patient_id = clinic.services.stock, received(clinic), clinic.patient()
    stock.hold(clinic.nurse, lot_id, LotHold.QUARANTINED, "refrigerator alarm")
    (row,) = stock.lots(clinic.nurse)
    assert (row.hold, row.hold_reason, row.vials_left) == (LotHold.QUARANTINED, "refrigerator alarm", 5)
    assert stock.choices(clinic.physician, ONA, patient_id, clinic.today) == ()
    stock.release(clinic.nurse, lot_id, "within limits")
    (choice,) = stock.choices(clinic.physician, ONA, patient_id, clinic.today)
    assert choice.lot_id == lot_id
    kinds = [(line.kind, line.reason) for line in stock.lot(clinic.nurse, lot_id).ledger]
    assert kinds[1:] == [(K.QUARANTINED, "refrigerator alarm"), (K.RELEASED, "within limits")]


def test_a_quarantine_can_become_a_recall_but_is_not_set_twice(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic)
    stock.hold(clinic.nurse, lot_id, LotHold.QUARANTINED, "asked the maker")
    stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, "notice of 2 March")
    for hold in LotHold:
        with pytest.raises(ClinicError) as refused:
            stock.hold(clinic.nurse, lot_id, hold, "again")
        assert refused.value.code == "lot_on_hold_already"
    stock.release(clinic.nurse, lot_id, "notice withdrawn")
    with pytest.raises(ClinicError) as refused:
        stock.release(clinic.nurse, lot_id, "again")
    assert refused.value.code == "lot_not_on_hold"
    with pytest.raises(ClinicError) as refused:
        stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, " ")
    assert refused.value.code == "stock_reason_missing"


def test_a_recall_holds_every_row_of_the_makers_lot_also_those_that_come_later(clinic: OpenClinic) -> None:
    stock = clinic.services.stock
    general, kept = received(clinic), received(clinic, patient_id=clinic.patient(), vials=1)
    other = received(clinic, number="C2")
    stock.hold(clinic.nurse, kept, LotHold.RECALLED, "notice")
    late = received(clinic, size_units=Decimal(200), vials=1)
    holds = {row.lot_id: row.hold for row in stock.lots(clinic.nurse)}
    assert holds == {general: LotHold.RECALLED, kept: LotHold.RECALLED, late: LotHold.RECALLED, other: None}
    stock.release(clinic.nurse, general, "withdrawn")
    assert {row.hold for row in stock.lots(clinic.nurse)} == {None}


def test_a_quarantine_is_of_one_delivery_only(clinic: OpenClinic) -> None:
    stock = clinic.services.stock
    general, kept = received(clinic), received(clinic, patient_id=clinic.patient(), vials=1)
    stock.hold(clinic.nurse, general, LotHold.QUARANTINED, "left out overnight")
    assert {row.lot_id: row.hold for row in stock.lots(clinic.nurse)} == {general: LotHold.QUARANTINED, kept: None}


def test_vials_kept_for_the_patient_are_offered_first_and_those_of_others_never(clinic: OpenClinic) -> None:
    ada, callum = clinic.patient(), clinic.patient(family_name="Byrne")
    early = received(clinic, number="early", expires_on=date(2026, 4, 30))
    late = received(clinic, number="late")
    kept = received(clinic, number="kept", expires_on=date(2028, 1, 31), patient_id=ada, vials=1)
    choices = clinic.services.stock.choices(clinic.physician, ONA, ada, clinic.today)
    assert [(c.lot_id, c.vials_left, c.units_left, c.assigned_to_this) for c in choices] == [
        (kept, 1, Decimal(100), True),
        (early, 5, Decimal(500), False),
        (late, 5, Decimal(500), False),
    ]
    others = clinic.services.stock.choices(clinic.physician, ONA, callum, clinic.today)
    assert [choice.lot_id for choice in others] == [early, late]
    later = clinic.services.stock.choices(clinic.physician, ONA, callum, date(2026, 5, 1))
    assert [choice.lot_id for choice in later] == [late]


def test_every_package_of_the_reference_can_be_received(clinic: OpenClinic) -> None:
    sizes = clinic.services.stock.sizes(clinic.nurse)
    assert {size.product for size in sizes} == set(clinic.services.reference.products)
    assert [(s.size_units, s.name, s.reconstituted) for s in sizes if s.product == ONA] == [
        (Decimal(100), "onabotulinumtoxinA (Botox)", True),
        (Decimal(200), "onabotulinumtoxinA (Botox)", True),
    ]
    assert not any(size.reconstituted for size in sizes if size.product == "rimabotulinumtoxinB")
    for number, size in enumerate(sizes):
        received(clinic, product=size.product, number=f"L{number}", size_units=size.size_units)


def test_ledger_and_recipients_leave_as_text_for_a_spreadsheet(clinic: OpenClinic) -> None:
    lot_id = received(clinic, number="C1234")
    patient_id = clinic.patient(given_name="=Ada", phone="+1 503 555 0142")
    clinic.signed(patient_id, clinic.content(lot_id))
    clinic.services.stock.record(clinic.nurse, lot_id, K.DISCARDED, 1, "@home, broken")
    ledger = clinic.services.stock.ledger_csv(clinic.nurse, lot_id).split("\r\n")
    assert ledger[1].startswith("onabotulinumtoxinA,C1234,2026-03-02T10:00:00-05:00,received,5,5,,")
    assert ledger[3].endswith(",drawn,0,4,-100,,Dr. Mara Ellison,,'=Ada Okafor,1")
    assert ledger[4].endswith(',discarded,-1,3,,"\'@home, broken",Nurse,,,')
    (_, line, _) = clinic.services.stock.recipients_csv(clinic.nurse, lot_id).split("\r\n")
    assert line == (
        "onabotulinumtoxinA,C1234,2027-05-31,'=Ada Okafor,1961-03-12,MRN0000001,'+1 503 555 0142,,2026-03-02,"
        "Dr. Mara Ellison,100,0"
    )


def test_nurse_physician_and_manager_keep_the_stock_and_the_front_desk_does_not(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic)
    assert may(clinic.nurse, Act.STOCK) and may(clinic.physician, Act.STOCK)
    desk = clinic.desk
    for attempt in (
        lambda: stock.lots(desk),
        lambda: stock.lot(desk, lot_id),
        lambda: stock.sizes(desk),
        lambda: stock.scan(desk, ""),
        lambda: stock.learn(desk, "", ONA, Decimal(100)),
        lambda: stock.record(desk, lot_id, K.DISCARDED, 1, "x"),
        lambda: stock.hold(desk, lot_id, LotHold.RECALLED, "x"),
        lambda: stock.release(desk, lot_id, "x"),
        lambda: stock.undo(desk, 1),
        lambda: stock.last_received(desk, lot_id),
        lambda: stock.correct_expiry(desk, lot_id, clinic.today, "x"),
        lambda: stock.prepare(desk, clinic.today),
        lambda: stock.choices(desk, ONA, 1, clinic.today),
        lambda: stock.ledger_csv(desk, lot_id),
        lambda: stock.recipients_csv(desk, lot_id),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_lot_that_is_not_there_is_said_to_be_so(clinic: OpenClinic) -> None:
    for attempt in (
        lambda: clinic.services.stock.lot(clinic.nurse, 99),
        lambda: clinic.services.stock.vials_left(clinic.nurse, 99),
        lambda: clinic.services.stock.last_received(clinic.nurse, 99),
        lambda: clinic.services.stock.hold(clinic.nurse, 99, LotHold.RECALLED, "x"),
        lambda: clinic.services.stock.record(clinic.nurse, 99, K.DISCARDED, 1, "x"),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_however_many_lots_there_are_they_are_read_in_as_many_statements(clinic: OpenClinic) -> None:
    stock, patient_id = clinic.services.stock, clinic.patient()
    lot_id = received(clinic, number="C1234", vials=20)

    def counts() -> tuple[int, ...]:
        return (
            statements(clinic, lambda: stock.lots(clinic.nurse, all=True)),
            statements(clinic, lambda: stock.lot(clinic.nurse, lot_id)),
            statements(clinic, lambda: stock.choices(clinic.physician, ONA, patient_id, clinic.today)),
        )

    before = counts()
    assert before == (1, 3, 1)
    for number in range(6):
        other = clinic.patient(family_name=f"Patient {number}")
        received(clinic, number=f"L{number}", patient_id=other if number % 2 else None)
        clinic.signed(other, replace(clinic.content(lot_id), visited_on=clinic.today - timedelta(days=number)))
    assert counts() == before
    assert len(stock.lot(clinic.nurse, lot_id).recipients) == 6


@pytest.mark.about_files
def test_what_is_left_of_every_lot_is_summed_without_reading_a_line_of_the_ledger(clinic: OpenClinic) -> None:
    received(clinic)
    ledger = [step for step in plan(clinic, lambda: clinic.services.stock.lots(clinic.nurse)) if "_movement" in step]
    assert ledger
    assert all("USING COVERING INDEX ix_stock_movement_moved" in step for step in ledger), ledger


def test_lots_are_found_by_their_number_however_it_is_typed(clinic: OpenClinic) -> None:
    stock = clinic.services.stock
    lot_id = received(clinic, number="c1234", vials=1)
    received(clinic, number="C12345")
    stock.record(clinic.nurse, lot_id, K.DISCARDED, 1, "broken")
    assert [row.lot_id for row in stock.lots(clinic.nurse, number=" C1234 ", all=True)] == [lot_id]
    assert stock.lots(clinic.nurse, number="C1234") == ()
    assert stock.lots(clinic.nurse, number="C1234", product="incobotulinumtoxinA", all=True) == ()


def test_what_a_person_received_last_is_not_what_a_colleague_received(clinic: OpenClinic) -> None:
    stock, lot_id = clinic.services.stock, received(clinic, vials=5)
    mine = stock.last_received(clinic.nurse, lot_id)
    stock.receive(clinic.physician, product=ONA, number="C1", size_units=Decimal(100), expires_on=NEXT_YEAR, vials=2)
    stock.record(clinic.nurse, lot_id, K.DISCARDED, 1, "broken")
    assert stock.last_received(clinic.nurse, lot_id) == mine
    assert stock.last_received(clinic.physician, lot_id) != mine
    received(clinic, vials=1)
    assert stock.last_received(clinic.nurse, lot_id) > mine
