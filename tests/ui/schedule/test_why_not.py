"""Why not earlier: the days that the proposal passed over, and any other day on demand."""

from datetime import date, datetime, time, timedelta

from clinic_app.services.repeat_reasons import NotOffered, Why
from clinic_app.terms import AppointmentState
from clinic_app.ui.schedule.repeat_panel import RepeatPanel
from clinic_app.ui.schedule.why_panel import day_reasons, told_reason
from tests.ui.clinic import Clinic
from tests.ui.schedule.conftest import ScheduleDesk, Sit, sign_visit

S = AppointmentState
WANTED = date(2026, 10, 27)
"""Twelve weeks after Tuesday 4 August."""


def proposed(clinic: Clinic, sit: Sit, weeks: int = 12) -> tuple[ScheduleDesk, RepeatPanel]:
    number = clinic.book(clinic.patient("Ada", "Okafor"), datetime(2026, 8, 4, 10, 0), kind="Injection")
    clinic.set_state(number, S.ARRIVED, S.IN_ROOM)
    visit = sign_visit(clinic, number, weeks)
    desk = sit(clinic)
    desk.view.propose_repeat(visit)
    desk.settle()
    return desk, desk.view.repeat_panel


def unfold(desk: ScheduleDesk, panel: RepeatPanel) -> str:
    panel.why.link.click()
    desk.settle()
    return panel.why.earlier_text()


def ask(desk: ScheduleDesk, panel: RepeatPanel, typed: str) -> str:
    panel.why.date_field.editor.setText(typed)
    panel.why.date_field.editor.textEdited.emit(typed)
    panel.why.date_field.editor.returnPressed.emit()
    desk.settle()
    return panel.why.day_text()


def fill(clinic: Clinic, day: date, injector: str) -> None:
    for number, (begins, minutes) in enumerate(((time(8, 30), 240), (time(13, 30), 210))):
        patient = clinic.patient("Busy", f"{injector} {day} {number}")
        clinic.book(patient, datetime.combine(day, begins), minutes=minutes, injector=injector)


def test_the_reasons_are_folded_away_until_somebody_asks(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit)
    assert panel.why.isVisible()
    assert not panel.why.unfolded
    assert unfold(desk, panel) == (
        "No day was passed over: Tue 27 Oct 2026, the wanted day, is among those offered. Ask for a day before it here."
    )
    panel.why.link.click()
    assert not panel.why.unfolded


def test_days_passed_over_for_the_same_reasons_stand_together(clinic: Clinic, sit: Sit) -> None:
    clinic.services.working_times.close(clinic.actor, WANTED, date(2026, 10, 28), "Burst pipe")
    fill(clinic, date(2026, 10, 29), "Dr Ruth Abara")
    fill(clinic, date(2026, 10, 29), "Dr Mei Chen")
    desk, panel = proposed(clinic, sit)
    assert panel.choices()[0].text().startswith("Fri 30 Oct 2026")
    assert unfold(desk, panel).split("\n") == [
        "Tue 27 Oct 2026 – Wed 28 Oct 2026",
        "The clinic is closed: Burst pipe.",
        "Thu 29 Oct 2026",
        "Dr Mei Chen, Dr Ruth Abara: Fully booked: 450 of 450 minutes.",
    ]


def test_a_day_before_the_minimum_interval_is_told_in_the_persons_dates(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit)
    unfold(desk, panel)
    assert ask(desk, panel, "20/10/2026").split("\n") == [
        "Tue 20 Oct 2026",
        "The minimum interval of 12 weeks after Tue 4 Aug 2026 ends Tue 27 Oct 2026.",
    ]


def test_a_free_day_is_told_with_each_injector(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit)
    unfold(desk, panel)
    assert ask(desk, panel, "27/10/2026").split("\n") == [
        "Tue 27 Oct 2026",
        "Dr Mei Chen: Free at 10:00, but ranked behind: other injector.",
        "Dr Ruth Abara: Offered at 10:00.",
    ]


def test_what_is_no_date_is_said_under_the_field_and_asks_for_nothing(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit)
    unfold(desk, panel)
    ask(desk, panel, "20/10/2026")
    assert ask(desk, panel, "someday") == ""


def test_another_interval_folds_the_reasons_of_the_last_proposal(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit, weeks=16)
    unfold(desk, panel)
    assert "before" not in ask(desk, panel, "24/11/2026")
    assert "Free at 10:00, but the interval of 16 weeks ends Tue 24 Nov 2026." in ask(desk, panel, "17/11/2026")
    panel.weeks_field.editor.setText("13")
    panel.weeks_field.editor.returnPressed.emit()
    desk.settle()
    assert not panel.why.unfolded
    assert (panel.why.earlier_text(), panel.why.day_text()) == ("", "")
    panel.why.link.click()
    desk.settle()
    assert ask(desk, panel, "17/11/2026").startswith("Tue 17 Nov 2026")


def test_where_nothing_is_free_four_weeks_are_told_and_where_to_ask_on(clinic: Clinic, sit: Sit) -> None:
    clinic.services.working_times.close(clinic.actor, WANTED, WANTED + timedelta(days=400), "Rebuilding")
    desk, panel = proposed(clinic, sit)
    assert panel.choices() == []
    assert unfold(desk, panel).split("\n") == [
        "Tue 27 Oct 2026 – Mon 23 Nov 2026",
        "The clinic is closed: Rebuilding.",
        "Days after Mon 23 Nov 2026 are not listed. Ask for one here.",
    ]


def test_once_booked_nobody_asks_any_more(clinic: Clinic, sit: Sit) -> None:
    desk, panel = proposed(clinic, sit)
    unfold(desk, panel)
    panel.book_button.click()
    desk.settle()
    assert not panel.why.isVisible()


def test_a_weekend_between_does_not_part_days_of_one_reason() -> None:
    friday, monday = date(2026, 10, 30), date(2026, 11, 2)
    rows = [NotOffered(day, 1, "Dr Ruth Abara", Why.AWAY, {"reason": "Congress"}) for day in (friday, monday)]
    (entry,) = day_reasons(rows)
    assert entry.days_text() == "Fri 30 Oct 2026 – Mon 2 Nov 2026"
    assert entry.lines == ("Dr Ruth Abara: Away: Congress.",)
    assert told_reason(rows[0]) == "Away: Congress."
