"""The demo clinic is built by the services and is true on any day."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template
from clinic_app.demo.histories import known_on, moved
from clinic_app.demo.people import people
from clinic_app.languages import paper_language
from clinic_app.models import AuditEntry, Injection, StockMovement, Vial, Visit
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_checks import checked
from clinic_app.services.signing import signed_digest
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, EntryKind, LotHold, StockKind
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Appearance, Look
from tests.demo.conftest import WEDNESDAY
from tests.documents.reading import whole_text


def test_two_programs_that_start_in_a_new_week_each_get_a_whole_clinic(
    cache: Path, atlas: Atlas, reference: Reference
) -> None:
    later = WEDNESDAY + timedelta(weeks=5)
    with ThreadPoolExecutor(2) as pool:
        started = [pool.submit(template.fresh_demo, lambda: later, atlas, reference) for _ in range(2)]
        folders = [each.result() for each in started]
    last = []
    for folder in folders:
        store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: later)
        with store.database.reading() as session:
            last.append(session.scalar(select(func.max(Visit.visited_on))))
        store.database.close()
        folder.remove()
    assert last == [later.date()] * 2
    assert not list(cache.glob("demo-*/moving-*")), "nothing half made is left"


def test_there_are_patients_with_years_of_visits_and_what_they_did(demo: OpenStore, reference: Reference) -> None:
    services = Services(demo.database, lambda: WEDNESDAY, reference)
    patients = services.patients.search(demo.actor, "", limit=200)
    assert 50 <= len(patients) <= 70
    longest = max((services.visits.of_patient(demo.actor, p.id) for p in patients), key=len)
    assert len(longest) >= 10
    assert longest[-1].visited_on < WEDNESDAY.date() - timedelta(days=700)
    assert any(visit.side_effects for visit in longest) or any(visit.response for visit in longest)


def test_some_patients_read_spanish_and_their_papers_are_in_it(demo: OpenStore, reference: Reference) -> None:
    services = Services(demo.database, lambda: WEDNESDAY, reference)
    languages = [
        paper_language(services.patients.details(demo.actor, row.id).form.language, services.clinic.language)
        for row in services.patients.search(demo.actor, "", limit=200)
    ]
    assert 3 <= languages.count("es") <= 8
    (juarez,) = services.patients.search(demo.actor, "Clara Juarez")
    visit = services.visits.of_patient(demo.actor, juarez.id)[0]
    assert "Después de sus inyecciones" in whole_text(services.papers.aftercare(demo.actor, visit.id).render())


def test_nothing_lies_in_the_future_that_cannot(demo: OpenStore, reference: Reference) -> None:
    services = Services(demo.database, lambda: WEDNESDAY, reference)
    with demo.database.reading() as session:
        assert max(session.scalars(select(Visit.visited_on))) <= WEDNESDAY.date()
    today = services.schedule.board(demo.actor, WEDNESDAY.date(), 1).appointments
    later = services.schedule.board(demo.actor, WEDNESDAY.date() + timedelta(days=1), 14).appointments
    assert len(today) >= 5
    assert {row.state for row in later} == {AppointmentState.BOOKED}
    assert all(row.state is not AppointmentState.BOOKED for row in today if row.starts_at.hour < 10)
    assert all(row.state is AppointmentState.BOOKED for row in today if row.starts_at.hour > 11)


def test_every_visit_is_sealed_and_every_vial_balances(demo: OpenStore) -> None:
    with demo.database.reading() as session:
        visits = list(session.scalars(select(Visit)))
        for visit in visits[::25]:
            assert visit.digest == signed_digest(session, visit)
        for visit in visits:
            for vial in visit.vials:
                given = sum(i.units for i in visit.injections if i.vial_id == vial.id)
                assert vial.wasted_units is not None and vial.expires_on is not None
                assert given + vial.wasted_units == vial.size_units
                assert vial.expires_on >= visit.visited_on


def test_every_lot_adds_up_and_its_vials_went_into_visits(demo: OpenStore) -> None:
    with demo.database.reading() as session:
        movements = list(session.scalars(select(StockMovement)))
        opened = {each.vial_id for each in movements if each.kind is StockKind.OPENED}
        assert opened == set(session.scalars(select(Vial.id)))
    left: dict[int, int] = defaultdict(int)
    units: dict[int | None, Decimal] = defaultdict(Decimal)
    for each in movements:
        left[each.lot_id] += each.vials
        units[each.vial_id] += each.units or Decimal(0)
    assert min(left.values()) >= 0
    assert set(units.values()) == {Decimal(0)}


def test_the_shelf_holds_what_a_stock_view_is_for(demo: OpenStore, reference: Reference) -> None:
    stock = Services(demo.database, lambda: WEDNESDAY, reference).stock
    today = WEDNESDAY.date()
    lots = stock.lots(demo.actor)
    assert len({(lot.product, lot.size_units) for lot in lots}) >= 6
    assert any(today <= lot.expires_on <= today + timedelta(days=14) for lot in lots)
    assert any(lot.expires_on < today for lot in lots)
    assert any(lot.hold is LotHold.QUARANTINED and lot.hold_reason for lot in lots)
    assert any(lot.patient_name for lot in lots)
    recalled = [lot for lot in stock.lots(demo.actor, all=True) if lot.hold is LotHold.RECALLED]
    assert stock.lot(demo.actor, recalled[0].lot_id).recipients


def test_the_vials_of_the_next_days_can_be_prepared(demo: OpenStore, reference: Reference) -> None:
    stock = Services(demo.database, lambda: WEDNESDAY, reference).stock
    days = [stock.prepare(demo.actor, WEDNESDAY.date() + timedelta(days=n)) for n in (1, 2)]
    planned = [patient for day in days for patient in day.patients]
    assert len(planned) >= 8
    assert all(patient.units and patient.choices and not patient.short for patient in planned)
    assert any(choice.assigned for patient in planned for choice in patient.choices)
    assert any(patient.authorization_lapses_on for patient in planned)


def test_points_lie_on_muscles_of_the_plate(demo: OpenStore, atlas: Atlas) -> None:
    with demo.database.reading() as session:
        injections = [i for i in session.scalars(select(Injection)) if i.points]
        assert injections
        for injection in injections[::40]:
            for point in injection.points:
                plate = atlas.plate(point.plate)
                part = next(p for layer in plate.layers for p in layer.parts if p.id == point.part)
                assert (part.muscle, part.side) == (injection.muscle, injection.side.value)


def test_the_same_seed_gives_the_same_people(reference: Reference) -> None:
    monday = date(2027, 6, 14)
    assert people(monday) == people(monday)
    assert len({person.form.record_number for person in people(monday)}) == len(people(monday))


def test_the_histories_are_rich_and_end_in_the_past(demo: OpenStore, reference: Reference) -> None:
    services = Services(demo.database, lambda: WEDNESDAY, reference)
    forms = [services.patients.details(demo.actor, row.id).form for row in services.patients.search(demo.actor, "", 99)]
    entries = [entry for form in forms for entry in form.entries]
    assert {entry.kind for entry in entries} == set(EntryKind)
    assert any(not entry.holds_on(WEDNESDAY.date()) for entry in entries if entry.kind is EntryKind.MEDICINE)
    assert all(form.history.onset is not None and form.history.better_with and form.components for form in forms)
    assert any(form.diagnoses for form in forms)
    assert any(form.toxin_elsewhere for form in forms)
    lapsed = {a.last_day is not None and a.last_day < WEDNESDAY.date() for form in forms for a in form.authorizations}
    assert lapsed == {True, False}
    for form in forms:
        for component in form.components:
            assert component.component in reference.indications[form.history.indication].components


def test_a_demo_patient_knew_at_the_first_visit_only_what_had_happened() -> None:
    for person in people(date(2027, 6, 14)):
        day = date(2025, 1, 2)
        known = known_on(person.form, day)
        dates = [d for e in known.entries for d in (e.since, e.until) if d is not None]
        assert all(when.earliest <= day for when in dates)
        assert known.history.onset is None or known.history.onset.earliest <= day


def test_every_history_can_be_saved_as_it_stands_after_the_demo_has_moved(
    demo: OpenStore, reference: Reference
) -> None:
    patients = Services(demo.database, lambda: WEDNESDAY, reference).patients
    rows = patients.search(demo.actor, "", 99)
    assert len(rows) >= 60
    for row in rows:
        details = patients.details(demo.actor, row.id)
        patients.save(demo.actor, row.id, details.version, details.form)


@pytest.mark.parametrize("monday", [date(2024, 2, 26), date(2026, 1, 5), date(2027, 12, 27), date(2032, 3, 1)])
def test_everybody_invented_is_somebody_who_can_be_registered(monday: date) -> None:
    for person in people(monday):
        checked(person.form, monday, clinical=True)
        first_day = monday - timedelta(days=700)
        checked(known_on(person.form, first_day), first_day, clinical=True)


@given(
    st.dates(date(1990, 1, 1), date(2025, 12, 28)),
    st.integers(0, 2),
    st.lists(st.integers(-60, 60), min_size=1, max_size=6),
)
def test_a_remembered_date_moves_as_exactly_as_it_is_known_however_many_moves_there_are(
    day: date, exactness: int, weeks: list[int]
) -> None:
    when = (PartialDate(day.year), PartialDate(day.year, day.month), PartialDate.of(day))[exactness]
    monday, stepwise = template.TEMPLATE_MONDAY, when
    for step in weeks:
        following = monday + timedelta(weeks=step)
        stepwise, monday = moved(stepwise, monday, following), following

    assert stepwise == moved(when, template.TEMPLATE_MONDAY, monday)
    assert (bool(stepwise.month), bool(stepwise.day)) == (bool(when.month), bool(when.day))
    assert moved(stepwise, monday, template.TEMPLATE_MONDAY) == when


def test_the_demo_is_whole_although_its_dates_were_moved(cache: Path, atlas: Atlas, reference: Reference) -> None:
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    early = datetime(2020, 1, 1, tzinfo=UTC)
    with store.database.reading() as session:
        assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.at < early)) == 0
    assert verify_clinic(folder.settings, store.database, store.data_key, folder.folder / "backups") == ()
    store.database.close()
    folder.remove()


def test_the_demo_backs_nothing_up(cache: Path, qapp: QApplication, tmp_path: Path) -> None:
    program = Program(
        Settings(data=tmp_path, demo=True), lambda: WEDNESDAY, Look(qapp, Appearance.LIGHT), Failures(tmp_path / "logs")
    )
    program.start()
    assert program.tasks.wait_idle(120)
    clinic = program.clinic_window
    assert clinic is not None
    folder = Path(str(clinic.workplace.services.identity._key_file)).parent
    assert clinic.backups is None and clinic.rehearsals is None
    clinic.lock_requested.emit()
    assert program.tasks.wait_idle(60)
    assert not list(folder.rglob("*.backup"))
    program.finish()
    assert not folder.exists()
