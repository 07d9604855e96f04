"""What a signature writes into the ledger, and which vials it refuses."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Override, StockMovement, Vial, Visit
from clinic_app.services import charting
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.services.clock import local_now
from clinic_app.services.lots import folded
from clinic_app.services.signing import Signed
from clinic_app.services.vial_booking import book_vials
from clinic_app.terms import LotHold, Side, StockKind
from tests.services.conftest import OpenClinic
from tests.services.statements import gone_through, statements

K = StockKind
ONA = "onabotulinumtoxinA"


def content_with(clinic: OpenClinic, lot_id: int | None = None, **vial: object) -> ChartContent:
    """The usual chart with its one vial changed."""
    content = clinic.content(lot_id)
    return replace(content, vials=(replace(content.vials[0], **vial),))  # type: ignore[arg-type]


def wasting(clinic: OpenClinic, lot_id: int | None = None) -> ChartContent:
    """60 of 100 units given, 40 thrown away."""
    content = content_with(clinic, lot_id, wasted="40", waste_reason="rest of the vial")
    return replace(content, lines=content.lines[:1])


def refusal(clinic: OpenClinic, patient_id: int, content: ChartContent) -> ClinicError:
    before = clinic.services.visits.of_patient(clinic.physician, patient_id)
    with pytest.raises(ClinicError) as refused:
        clinic.signed(patient_id, content)
    assert str(refused.value)
    assert clinic.services.visits.of_patient(clinic.physician, patient_id) == before
    return refused.value


def lines(clinic: OpenClinic, lot_id: int) -> list[tuple[StockKind, int, Decimal | None, str]]:
    ledger = clinic.services.stock.lot(clinic.nurse, lot_id).ledger
    return [(line.kind, line.vials, line.units, line.reason) for line in ledger]


def test_a_signed_vial_is_opened_drawn_and_its_rest_wasted(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    visit_id = clinic.signed(patient_id, wasting(clinic, lot_id))
    assert lines(clinic, lot_id)[1:] == [
        (K.OPENED, -1, Decimal(100), ""),
        (K.DRAWN, 0, Decimal(-60), ""),
        (K.WASTED, 0, Decimal(-40), "rest of the vial"),
    ]
    line = clinic.services.stock.lot(clinic.nurse, lot_id).ledger[-1]
    assert (line.visit_id, line.patient_name, line.by) == (visit_id, "Ada Okafor", "Dr. Mara Ellison")


def test_nothing_is_written_of_what_was_not_wasted(clinic: OpenClinic) -> None:
    lot_id = clinic.lot()
    clinic.signed(clinic.patient(), clinic.content(lot_id))
    assert [line[0] for line in lines(clinic, lot_id)] == [K.RECEIVED, K.OPENED, K.DRAWN]


def test_a_vial_typed_by_hand_whose_lot_is_new_is_received_at_the_visit(clinic: OpenClinic) -> None:
    clinic.signed(clinic.patient(), wasting(clinic))
    (row,) = clinic.services.stock.lots(clinic.nurse, all=True)
    assert (row.number, row.expires_on, row.size_units, row.vials_left) == (
        "C1234",
        date(2027, 5, 31),
        Decimal(100),
        0,
    )
    assert lines(clinic, row.lot_id)[0] == (K.RECEIVED, 1, None, "recorded at the visit")


def test_a_vial_typed_by_hand_uses_its_lot_on_the_shelf(clinic: OpenClinic) -> None:
    lot_id = clinic.lot(vials=1)
    clinic.signed(clinic.patient(), content_with(clinic, lot_number=" c1234 "))
    assert [row.lot_id for row in clinic.services.stock.lots(clinic.nurse, all=True)] == [lot_id]
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 0
    clinic.signed(clinic.patient(family_name="Byrne"), clinic.content())
    assert [line[0] for line in lines(clinic, lot_id)] == [
        *(K.RECEIVED, K.OPENED, K.DRAWN),
        *(K.RECEIVED, K.OPENED, K.DRAWN),
    ]


def test_a_vial_typed_by_hand_takes_the_patients_own_before_everybodys(clinic: OpenClinic) -> None:
    patient_id, general = clinic.patient(), clinic.lot()
    kept = clinic.services.stock.receive(
        clinic.nurse,
        product=ONA,
        number="C1234",
        size_units=Decimal(100),
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=patient_id,
    )
    clinic.signed(patient_id, clinic.content())
    assert clinic.services.stock.vials_left(clinic.nurse, kept) == 0
    assert clinic.services.stock.vials_left(clinic.nurse, general) == 10


def test_the_same_number_with_another_expiry_is_refused(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    for chosen in (None, lot_id):
        content = content_with(clinic, chosen, expires_on=date(2027, 6, 30))
        assert refusal(clinic, patient_id, content).code == "lot_other_expiry"


def test_a_chosen_lot_must_be_the_vials_own(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    for changes in ({"lot_number": "C9"}, {"size_units": Decimal(200), "wasted": "100", "waste_reason": "rest"}):
        assert refusal(clinic, patient_id, content_with(clinic, lot_id, **changes)).code == "vial_not_of_lot"
    other = clinic.lot(product="incobotulinumtoxinA")
    assert refusal(clinic, patient_id, clinic.content(other)).code == "vial_not_of_lot"
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 10


def test_several_vials_of_one_lot_are_counted_together(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(vials=1), clinic.patient()
    content = clinic.content(lot_id)
    second = replace(content.vials[0], key="v2", wasted="60", waste_reason="rest")
    first = replace(content.vials[0], wasted="40", waste_reason="rest")
    content = replace(
        content,
        vials=(first, second),
        lines=(content.lines[0], ChartLine("b", "levator_scapulae", Side.RIGHT, "40", guidance=("EMG",), vial="v2")),
    )
    assert refusal(clinic, patient_id, content).code == "lot_empty"
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 1
    typed = replace(content, vials=(first, replace(second, lot_id=None)))
    clinic.signed(patient_id, typed)
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 0
    assert sum(line[0] is K.RECEIVED for line in lines(clinic, lot_id)) == 2


@pytest.mark.parametrize("hold", list(LotHold))
@pytest.mark.parametrize("by_hand", [False, True])
def test_a_vial_of_a_lot_on_hold_is_refused(clinic: OpenClinic, hold: LotHold, by_hand: bool) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    clinic.services.stock.hold(clinic.nurse, lot_id, hold, "notice 7")
    clinic.clock.forward(hours=1)
    content = content_with(clinic, None if by_hand else lot_id, reconstituted_at=datetime(2026, 3, 2, 10, 30))
    error = refusal(clinic, patient_id, content)
    assert error.code == f"lot_{hold.value}"
    assert "notice 7" in str(error)
    clinic.services.stock.release(clinic.nurse, lot_id, "withdrawn")
    clinic.signed(patient_id, content)


def test_a_vial_mixed_before_its_lot_was_held_is_recorded_as_it_was_given(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    clinic.services.stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, "notice of ten o'clock")
    clinic.clock.forward(hours=1)
    clinic.signed(patient_id, clinic.content(lot_id))  # mixed at half past nine
    yesterday = content_with(clinic, lot_id, reconstituted_at=datetime(2026, 3, 1, 23))
    clinic.signed(clinic.patient(family_name="Byrne"), replace(yesterday, visited_on=date(2026, 3, 1)))
    assert len(clinic.services.stock.lot(clinic.nurse, lot_id).recipients) == 2


def test_a_recalled_number_is_refused_in_every_size_and_for_everybody(clinic: OpenClinic) -> None:
    recalled = clinic.lot(size=200)
    clinic.services.stock.hold(clinic.nurse, recalled, LotHold.RECALLED, "notice 7")
    content = content_with(clinic, reconstituted_at=datetime(2026, 3, 2, 10))
    assert refusal(clinic, clinic.patient(), content).code == "lot_recalled"


def test_a_vial_kept_for_another_patient_is_refused_unless_a_reason_was_given(clinic: OpenClinic) -> None:
    ada, callum = clinic.patient(), clinic.patient(family_name="Byrne", given_name="Callum")
    kept = clinic.services.stock.receive(
        clinic.nurse,
        product=ONA,
        number="C1234",
        size_units=Decimal(100),
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=ada,
    )
    for content in (clinic.content(kept), clinic.content()):
        assert refusal(clinic, callum, content).code == "stop_without_reason"
    clinic.signed(ada, clinic.content(kept))
    clinic.signed(callum, clinic.content())  # none of Ada's is left: his came from elsewhere
    assert [line[0] for line in lines(clinic, kept)] == [K.RECEIVED, K.OPENED, K.DRAWN]


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_written_reason_takes_a_vial_that_is_kept_for_another_patient(clinic: OpenClinic, by_hand: bool) -> None:
    kept = clinic.services.stock.receive(
        clinic.nurse,
        product=ONA,
        number="C1234",
        size_units=Decimal(100),
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=clinic.patient(),
    )
    other = clinic.patient(family_name="Byrne")
    at = clinic.clock()
    with clinic.store.database.writing(clinic.physician.account_id, at) as session:
        visit = Visit(
            patient_id=other,
            injector_id=clinic.physician.account_id,
            visited_on=clinic.today,
            indication="cervical_dystonia",
            signed_at=at,
            signed_by_id=clinic.physician.account_id,
            digest="",
            overrides=[Override(check="vial.assigned", level="stop", said="Kept for another.", reason="Ada agreed.")],
            vials=[
                Vial(
                    position=0,
                    lot_id=None if by_hand else kept,
                    product=ONA,
                    lot_number="C1234",
                    expires_on=date(2027, 5, 31),
                    size_units=Decimal(100),
                    diluent_ml=Decimal(2),
                    wasted_units=Decimal(100),
                    waste_reason="dropped",
                )
            ],
        )
        session.add(visit)
        session.flush()
        signed = Signed(visit.id, other, clinic.today, visit.vials, {})
        book_vials(session, signed, clinic.physician, at)
    assert lines(clinic, kept)[1:] == [(K.OPENED, -1, Decimal(100), ""), (K.WASTED, 0, Decimal(-100), "dropped")]


def test_a_vial_card_that_was_never_filled_in_opens_nothing(clinic: OpenClinic) -> None:
    lot_id, patient_id = clinic.lot(), clinic.patient()
    content = clinic.content(lot_id)
    empty = ChartVial("v2", ONA, lot_number="C9", expires_on=date(2027, 1, 1))
    clinic.signed(patient_id, replace(content, vials=(*content.vials, empty)))
    assert [row.lot_id for row in clinic.services.stock.lots(clinic.nurse, all=True)] == [lot_id]


def test_two_windows_that_open_the_last_vial_get_one_visit_and_one_sentence(clinic: OpenClinic) -> None:
    lot_id = clinic.lot(vials=1)
    signing = [_ready(clinic, clinic.patient(family_name=f"Patient {n}"), clinic.content(lot_id)) for n in range(2)]
    together = threading.Barrier(2)
    ended: list[str] = []

    def run(sign: Callable[[], int]) -> None:
        together.wait()
        try:
            sign()
            ended.append("signed")
        except ClinicError as error:
            ended.append(error.code)

    threads = [threading.Thread(target=run, args=(sign,)) for sign in signing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["lot_empty", "signed"]
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 0
    assert len(clinic.services.charts.drafts(clinic.physician)) == 1


def _ready(clinic: OpenClinic, patient_id: int, content: ChartContent) -> Callable[[], int]:
    """A draft with every finding answered; the call signs it."""
    charts = clinic.services.charts
    draft = charts.start(clinic.physician, patient_id)
    now = local_now(clinic.clock, "America/New_York")
    context = charts.context(clinic.physician, patient_id)
    charted = charting.read(content, context, clinic.services.reference, now, at_signing=True)
    answered = replace(content, answers=tuple(charting.answering(f, "discussed") for f in charted.findings))
    return lambda: charts.sign(clinic.physician, draft.id, draft.version, answered, clinic.confirmed())


def test_a_recall_finds_every_patient_who_got_the_lot_whichever_way_it_was_charted(clinic: OpenClinic) -> None:
    lot_id = clinic.lot()
    patients = [clinic.patient(family_name=name) for name in ("Abdi", "Byrne", "Costa", "Doyle")]
    clinic.signed(patients[0], wasting(clinic, lot_id))
    clinic.signed(patients[1], content_with(clinic, lot_number="c1234"))
    clinic.signed(patients[2], content_with(clinic, lot_number="C9"))
    clinic.signed(patients[3], content_with(clinic, product="incobotulinumtoxinA"))
    clinic.clock.forward(weeks=12)
    mixed = datetime(2026, 5, 25, 9)
    again = content_with(clinic, lot_id, reconstituted_at=mixed)
    clinic.signed(patients[0], replace(again, visited_on=date(2026, 5, 25)))
    recipients = clinic.services.stock.lot(clinic.nurse, lot_id).recipients
    assert [(each.name, each.visited_on, each.units, each.wasted) for each in recipients] == [
        ("Ada Abdi", date(2026, 5, 25), Decimal(100), Decimal(0)),
        ("Ada Abdi", date(2026, 3, 2), Decimal(60), Decimal(40)),
        ("Ada Byrne", date(2026, 3, 2), Decimal(100), Decimal(0)),
    ]
    assert recipients[0].injector == "Dr. Mara Ellison"


def test_older_visits_without_any_movement_are_found_by_product_and_number(clinic: OpenClinic) -> None:
    """Older releases wrote nothing into the ledger for vials that were typed by hand."""
    clinic.signed(clinic.patient(), clinic.content())
    with clinic.store.database.reading() as session:
        assert session.scalars(select(Vial.lot_id)).all() == [None]
    (row,) = clinic.services.stock.lots(clinic.nurse, all=True)
    other = clinic.lot(number="C1234", size=200)
    assert [each.name for each in clinic.services.stock.lot(clinic.nurse, row.lot_id).recipients] == ["Ada Okafor"]
    assert [each.name for each in clinic.services.stock.lot(clinic.nurse, other).recipients] == ["Ada Okafor"]


@pytest.mark.parametrize("number", ["1234", "aBc12", "Batch-No-2026/17", "Ü7c"])
def test_a_recall_finds_a_number_of_few_letters_of_many_and_of_other_alphabets(clinic: OpenClinic, number: str) -> None:
    lot_id = clinic.lot(number=number)
    spelt = [number.lower(), number.upper(), number.swapcase(), number.title()]
    ascii_only = [text for text in spelt if folded(text) == folded(number)]  # what every database takes for the same
    names = [f"Patient {place}" for place in range(len(ascii_only))]
    for name, text in zip(names, ascii_only, strict=True):
        clinic.signed(clinic.patient(family_name=name), content_with(clinic, lot_number=f" {text} "))
    clinic.signed(clinic.patient(family_name="Byrne"), content_with(clinic, lot_number=f"{number}1"))
    found = clinic.services.stock.lot(clinic.nurse, lot_id).recipients
    assert [each.name for each in found] == [f"Ada {name}" for name in names]


@pytest.mark.about_files
def test_who_got_a_lot_is_found_without_going_through_every_vial(clinic: OpenClinic) -> None:
    lot_id = clinic.lot()
    clinic.signed(clinic.patient(), clinic.content(lot_id))
    assert gone_through(clinic, lambda: clinic.services.stock.lot(clinic.nurse, lot_id)) == set()


def test_two_vials_of_a_lot_in_one_visit_are_one_line_of_the_recall(clinic: OpenClinic) -> None:
    lot_id = clinic.lot()
    content = clinic.content(lot_id)
    first = replace(content.vials[0], wasted="40", waste_reason="rest")
    second = replace(content.vials[0], key="v2", wasted="60", waste_reason="rest")
    drawn = (content.lines[0], replace(content.lines[1], vial="v2"))
    clinic.signed(clinic.patient(), replace(content, vials=(first, second), lines=drawn))
    (each,) = clinic.services.stock.lot(clinic.nurse, lot_id).recipients
    assert (each.units, each.wasted) == (Decimal(100), Decimal(100))


def test_booking_many_vials_asks_no_more_of_the_database_than_booking_one(clinic: OpenClinic) -> None:
    lot_id = clinic.lot(vials=50)

    def signing(number: int) -> Callable[[], int]:
        content = clinic.content(lot_id)
        muscles = ("splenius_capitis", "levator_scapulae", "semispinalis_capitis", "masseter")[:number]
        vials = tuple(replace(content.vials[0], key=f"v{n}") for n in range(number))
        drawn = tuple(
            ChartLine(f"l{n}", muscle, Side.RIGHT, "100", guidance=("EMG",), vial=f"v{n}")
            for n, muscle in enumerate(muscles)
        )
        patient_id = clinic.patient(family_name=f"Patient {number}")
        return _ready(clinic, patient_id, replace(content, vials=vials, lines=drawn))

    for asked in ("FROM lot", "FROM stock_movement", "FROM vial", "GROUP BY injection.vial_id"):
        few, many = (statements(clinic, signing(number), about=asked) for number in (2, 4))
        assert few == many, asked


def test_what_was_wasted_before_a_witness_says_so(clinic: OpenClinic) -> None:
    lot_id = clinic.lot()
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add(
            StockMovement(
                lot_id=lot_id,
                kind=K.WASTED,
                vials=0,
                units=Decimal(-1),
                at=clinic.clock() + timedelta(minutes=1),
                account_id=clinic.physician.account_id,
                witness_id=clinic.nurse.account_id,
                reason="spilled",
            )
        )
    line = clinic.services.stock.lot(clinic.nurse, lot_id).ledger[-1]
    assert (line.witness, line.units) == ("Nurse", Decimal(-1))
