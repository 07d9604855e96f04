"""A place that became free is offered to those who fit; a click books, nothing else does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from clinic_app.services.waiting import FreePlace, WishForm
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.offers_panel import OffersPanel
from clinic_app.ui.tasks import Tasks
from tests.ui.clinic import Clinic
from tests.ui.desk import Desk

THURSDAY = datetime(2026, 8, 6, 10)


@dataclass
class OffersDesk(Desk[OffersPanel]):
    """The panel and what it told."""

    heard: list[tuple[str, object]] = field(default_factory=list)

    def names(self) -> list[str]:
        return [card.row.name for card in self.view.cards]


Sit = Callable[[Clinic], OffersDesk]


@pytest.fixture
def sit(put_on_screen: Callable[[OffersDesk], None], tasks: Tasks) -> Sit:
    def down(clinic: Clinic) -> OffersDesk:
        workplace = clinic.workplace(tasks)
        desk = OffersDesk(OffersPanel(workplace), workplace)
        view = desk.view
        view.message_offered.connect(lambda text, undo: desk.messages.append((text, undo)))
        view.booked.connect(lambda number: desk.heard.append(("booked", number)))
        view.somebody_fits.connect(lambda count: desk.heard.append(("fits", count)))
        view.nothing_fits.connect(lambda: desk.heard.append(("nothing", None)))
        view.place_freed.connect(lambda place: desk.heard.append(("freed", place)))
        put_on_screen(desk)
        return desk

    return down


def wish(clinic: Clinic, family: str, **wished: Any) -> int:
    patient_id = clinic.patient("Ada", family, phone="555-0101")
    clinic.services.waiting.add(clinic.actor, WishForm(patient_id, clinic.kind("Injection"), **wished))
    return patient_id


def place(clinic: Clinic, at: datetime = THURSDAY) -> FreePlace:
    return FreePlace(clinic.injector("Dr Ruth Abara"), at, 45)


def test_those_who_fit_are_ranked_with_telephone_and_reason(clinic: Clinic, sit: Sit) -> None:
    booked = wish(clinic, "Booked")
    clinic.book(booked, datetime(2026, 8, 20, 10), kind="Injection")
    wish(clinic, "Unbooked", note="retired")
    wish(clinic, "Mondays", weekdays=(0,))
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    assert desk.names() == ["Ada Unbooked", "Ada Booked"]
    assert desk.heard == [("fits", 2)]
    assert desk.view.where.text() == "Thu 6 Aug 2026, 10:00 · 45 min · Dr Ruth Abara"
    first, second = desk.view.cards
    assert first.phone.text() == "555-0101"
    assert first.why.text() == "Nothing booked · waits since 4 Aug 2026"
    assert second.why.text() == "Booked Thu 20 Aug 2026, 10:00 · waits since 4 Aug 2026"
    assert first.move_button is None
    first.copy_button.click()
    assert QGuiApplication.clipboard().text() == "555-0101"
    assert clinic.services.schedule.board(clinic.actor, THURSDAY.date(), 1).appointments == ()


def test_nobody_who_fits_is_told_so_that_nothing_opens(clinic: Clinic, sit: Sit) -> None:
    wish(clinic, "Mondays", weekdays=(0,))
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    assert desk.heard == [("nothing", None)]


def test_a_click_books_and_takes_the_patient_off_the_list(clinic: Clinic, sit: Sit) -> None:
    patient_id = wish(clinic, "Okafor")
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    desk.view.cards[0].book_button.click()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, patient_id)
    assert desk.heard[-1] == ("booked", row.id)
    assert row.starts_at == THURSDAY
    assert clinic.services.waiting.rows(clinic.actor) == ()
    assert desk.messages[-1][0] == "Ada Okafor booked to Thu 6 Aug 2026, 10:00, and off the waiting list."


def test_a_later_appointment_is_moved_and_its_place_is_free_then(clinic: Clinic, sit: Sit) -> None:
    patient_id = wish(clinic, "Okafor")
    later = clinic.book(patient_id, datetime(2026, 8, 20, 10), kind="Injection")
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    button = desk.view.cards[0].move_button
    assert button is not None
    button.click()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, patient_id)
    assert (row.id, row.starts_at) == (later, THURSDAY)
    left = FreePlace(clinic.injector("Dr Ruth Abara"), datetime(2026, 8, 20, 10), 30)
    assert desk.heard[-2:] == [("booked", later), ("freed", left)]


def test_a_place_taken_meanwhile_is_refused_and_whoever_may_books_over_it_with_a_reason(
    clinic: Clinic, sit: Sit
) -> None:
    patient_id = wish(clinic, "Okafor")
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    clinic.book(clinic.patient("Ben", "Weiss"), THURSDAY)
    button = desk.view.cards[0].book_button
    button.click()
    desk.settle()
    assert desk.view.refusal.text().startswith("Dr Ruth Abara already sees Ben Weiss at 10:00.")
    assert clinic.services.schedule.of_patient(clinic.actor, patient_id) == ()
    button.click()
    assert desk.view.refusal.reason_field.error()
    desk.view.refusal.reason_field.editor.setText("both are short")
    button.click()
    desk.settle()
    (row,) = clinic.services.schedule.of_patient(clinic.actor, patient_id)
    assert row.overbook_reason == "both are short"


def test_offers_that_are_of_before_are_asked_again(clinic: Clinic, sit: Sit) -> None:
    patient_id = wish(clinic, "Okafor")
    later = clinic.book(patient_id, datetime(2026, 8, 20, 10), kind="Injection")
    desk = sit(clinic)
    desk.view.offer(place(clinic))
    desk.settle()
    clinic.set_state(later, AppointmentState.CONFIRMED)
    button = desk.view.cards[0].move_button
    assert button is not None
    button.click()
    desk.settle()
    assert desk.messages[-1][0].startswith("Somebody else changed this appointment.")
    assert desk.heard == [("fits", 1), ("fits", 1)]
    again = desk.view.cards[0].move_button
    assert again is not None
    again.click()
    desk.settle()
    assert clinic.row(later).starts_at == THURSDAY
