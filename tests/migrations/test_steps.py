"""Each step from an older release carries what the store holds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Date, Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from clinic_app.models import (
    Appointment,
    AppointmentType,
    AuditEntry,
    DystoniaHistory,
    InjectionPoint,
    Lot,
    PatientEntry,
    SideEffect,
    StockMovement,
    TreatmentCycle,
    Visit,
    sealing,
    search_word,
    trail,
)
from clinic_app.models.database import Database
from clinic_app.models.upgrade import HEAD, downgrade, upgrade
from clinic_app.services.signing import signed_digest
from clinic_app.terms import LotHold
from tests.migrations.older_store import OlderStore


def test_each_step_goes_up_down_and_up_again_and_numbers_go_on(engine: Engine) -> None:
    older = OlderStore(engine, "0001")
    with engine.begin() as connection:
        older.signed_visit(connection)
    for number in range(2, int(HEAD) + 1):
        upgrade(engine, to=f"{number:04}")
        downgrade(engine, f"{number - 1:04}")
        upgrade(engine, to=f"{number:04}")
    newest = OlderStore(engine, HEAD)
    day, moment = date(2026, 3, 2), datetime(2026, 3, 2, 15)
    with engine.begin() as connection:
        assert newest.add(connection, "account", user_name="other", created_at=moment) == 2
        assert newest.add(connection, "patient", record_number="2", birth_date=day, created_at=moment) == 2
        signed = {"visited_on": day, "signed_at": moment, "signed_by_id": 2, "digest": ""}
        assert newest.add(connection, "visit", patient_id=2, injector_id=2, **signed) == 2
        assert newest.add(connection, "vial", visit_id=2, expires_on=day, witness_id=2) == 2
    for number in reversed(range(1, int(HEAD))):
        downgrade(engine, f"{number:04}")
    downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_0002_points_keep_their_place_and_share_the_units_of_their_injection(engine: Engine) -> None:
    older = OlderStore(engine, "0001")
    with engine.begin() as connection:
        injection = older.signed_visit(connection, points=3)
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        points = session.scalars(select(InjectionPoint).order_by(InjectionPoint.position)).all()
        assert [(p.injection_id, p.x_mm, p.y_mm, p.units) for p in points] == [
            (injection, 3.5, 4.5, None),
            (injection, 3.5, 5.5, None),
            (injection, 3.5, 6.5, None),
        ]
    downgrade(engine, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM injection_point")).scalar() == 3


def test_0003_entries_history_and_ledger_keep_what_they_say(engine: Engine) -> None:
    older = OlderStore(engine, "0002")
    with engine.begin() as connection:
        older.signed_visit(connection)
        entry = {"patient_id": 1, "text": "baclofen", "code": "baclofen", "result": "10 mg"}
        older.add(connection, "patient_entry", kind="medicine", dated=date(2024, 2, 29), **entry)
        older.add(connection, "patient_entry", kind="medicine", position=2, **entry)
        older.add(
            connection, "dystonia_history", patient_id=1, onset=date(2014, 5, 1), pain=4,
            better_with="touching the chin", worse_with="", daily_tasks="driving, reading", complications="",
        )  # fmt: skip
        lot = older.add(
            connection, "lot", product="onabotulinumtoxinA", number="C1", size_units=100_000,
            expires_on=date(2027, 5, 31), quarantined=True,
        )  # fmt: skip
        connection.execute(
            text("UPDATE vial SET lot_id = :lot, wasted_units = 40000, waste_reason = 'rest'"), {"lot": lot}
        )
        movement = {"lot_id": lot, "account_id": 1, "at": datetime(2026, 3, 2, 15)}
        older.add(connection, "stock_movement", kind="received", vials=5, **movement)
        older.add(connection, "stock_movement", kind="used", vials=-1, visit_id=1, **movement)
        older.add(connection, "stock_movement", kind="discarded", vials=-1, **movement)
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        entries = session.scalars(select(PatientEntry).order_by(PatientEntry.position)).all()
        assert [(e.detail, e.since, e.until) for e in entries] == [("10 mg", "2024-02-29", ""), ("10 mg", "", "")]
        history = session.get_one(DystoniaHistory, 1)
        assert (history.onset, history.better_with, history.worse_with) == ("2014-05-01", ["touching the chin"], [])
        assert session.get_one(Lot, lot).hold is LotHold.QUARANTINED
        ledger = session.scalars(select(StockMovement).order_by(StockMovement.id)).all()
        assert [(m.kind.value, m.vials, m.vial_id, m.units, m.reason) for m in ledger] == [
            ("received", 5, None, None, "x"),
            ("opened", -1, 1, Decimal(100), "x"),
            ("discarded", -1, None, None, "x"),
            ("drawn", 0, 1, Decimal(-60), ""),
            ("wasted", 0, 1, Decimal(-40), "rest"),
        ]
    downgrade(engine, "0002")
    with engine.connect() as connection:
        told = text("SELECT onset, better_with, daily_tasks FROM dystonia_history").columns(onset=Date)
        assert connection.execute(told).one() == (date(2014, 5, 1), "touching the chin", "driving, reading")
        dated = text("SELECT dated, result FROM patient_entry ORDER BY position").columns(dated=Date)
        assert [tuple(row) for row in connection.execute(dated)] == [(date(2024, 2, 29), "10 mg"), (None, "10 mg")]
        kinds = connection.execute(text("SELECT kind FROM stock_movement ORDER BY id")).scalars().all()
        assert kinds == ["received", "used", "discarded"]
        assert connection.execute(text("SELECT quarantined FROM lot")).scalar() == 1
    upgrade(engine)


def test_0003_a_visit_sealed_before_keeps_its_seal_and_names_nobody_beside_its_checks(engine: Engine) -> None:
    older = OlderStore(engine, "0002")
    with engine.begin() as connection:
        older.signed_visit(connection)
        older.add(connection, "override", visit_id=1)
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        visit = session.get_one(Visit, 1)
        assert [each.answered_by for each in visit.overrides] == [None]
        # Worked out by the release before it kept who answered.
        assert signed_digest(session, visit) == "a69bd3795ba91c7cd6a4b0a6a5d1c9b427368b2d9b960a6526bae6596b1c3dd6"
    downgrade(engine, "0002")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT reason FROM override")).scalar() == "x"
    upgrade(engine)


def test_0004_who_booked_over_a_clash_and_why_stands_on_the_appointment(engine: Engine) -> None:
    store = OlderStore(engine, "0003")
    with engine.begin() as connection:
        store.signed_visit(connection)
        kind = store.add(connection, "appointment_type", minutes=30)
        base = {"patient_id": 1, "injector_id": 1, "type_id": kind, "minutes": 30, "state": "booked"}
        plain, over, moved_off = (
            store.add(connection, "appointment", starts_at=datetime(2026, 3, 9, 9 + hour), **base) for hour in range(3)
        )
        told = {"at": datetime(2026, 3, 2, 15), "account_id": 1, "before": {}}
        for key, what, after in (
            (plain, "booked", {"minutes": 30}),
            (over, "booked", {"reason": "travels"}),
            (over, "cancelled", {"reason": "ill"}),
            (moved_off, "booked", {"reason": "travels"}),
            (moved_off, "moved", {"minutes": 45}),
        ):
            store.add(connection, "appointment_event", appointment_id=key, what=what, after=after, **told)
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        rows = session.scalars(select(Appointment).order_by(Appointment.id)).all()
        assert [(row.overbooked_by_id, row.overbook_reason) for row in rows] == [(None, ""), (1, "travels"), (None, "")]
        assert [row.devices for row in rows] == [[], [], []]
        types = session.scalars(select(AppointmentType)).all()
        assert [(each.colour, each.needs_room, each.needs) for each in types] == [("", False, [])] * len(types)


def test_0004_the_cycle_of_everybody_whom_the_clinic_follows_is_worked_out_from_the_visits(engine: Engine) -> None:
    store = OlderStore(engine, "0003")
    with engine.begin() as connection:
        moment = datetime(2026, 3, 2, 15)
        account = store.add(connection, "account", user_name="ellison", created_at=moment)
        for number, (status, usual, visits) in enumerate(
            (
                ("active", None, ((date(2026, 1, 5), 16, True), (date(2025, 9, 1), 10, True))),
                ("active", 14, ((date(2026, 1, 5), None, True), (date(2026, 2, 2), 12, False))),
                ("moved_away", 14, ((date(2026, 1, 5), 12, True),)),
                ("active", None, ()),
                ("active", None, ((date(2026, 1, 5), None, True), (date(2026, 1, 5), None, True))),
            )
        ):
            patient = store.add(
                connection, "patient", birth_date=date(1961, 3, 12), created_at=moment, status=status,
                usual_interval_weeks=usual, record_number=f"MRN{number}",
            )  # fmt: skip
            for day, weeks, injected in visits:
                visit = store.add(
                    connection, "visit", patient_id=patient, injector_id=account, visited_on=day,
                    interval_weeks=weeks, signed_at=moment, signed_by_id=account, digest="",
                )  # fmt: skip
                if injected:
                    vial = store.add(connection, "vial", visit_id=visit, expires_on=date(2027, 5, 31))
                    store.add(connection, "injection", visit_id=visit, vial_id=vial, side="right")
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        rows = session.scalars(select(TreatmentCycle).order_by(TreatmentCycle.patient_id)).all()
        assert [(row.patient_id, row.visit_id, row.injected_on, row.weeks, row.due_on) for row in rows] == [
            (1, 1, date(2026, 1, 5), 16, date(2026, 4, 27)),
            (2, 3, date(2026, 1, 5), 14, date(2026, 4, 13)),
            (5, 7, date(2026, 1, 5), 12, date(2026, 3, 30)),
        ]
    downgrade(engine, "0003")
    upgrade(engine)


def test_0005_reports_and_reviews_of_side_effects_are_carried(engine: Engine) -> None:
    store = OlderStore(engine, "0004")
    moment = datetime(2026, 3, 12, 9)
    with engine.begin() as connection:
        store.signed_visit(connection)
        base = {
            "patient_id": 1, "visit_id": 1, "started_on": date(2026, 3, 10), "recorded_at": moment,
            "recorded_by_id": 1, "resolved_note": "", "other": "",
        }  # fmt: skip
        for kind, more in (
            ("dysphagia", {"severity": "moderate", "reported": True}),
            ("breathing_difficulty", {"severity": "life_threatening", "red_flag": True, "resolved_note": "seen"}),
            ("toxin_spread", {"severity": "fatal", "reported": True}),
            ("dry_mouth", {"severity": "mild"}),
        ):
            effect = store.add(connection, "side_effect", kind=kind, **{**base, **more})
            store.add(connection, "suspected_muscle", side_effect_id=effect, muscle="masseter", side="right")
        told = {"kind": "side_effect", "record_id": 2, "at": moment, "account_id": 1, "before": {}}
        store.add(connection, "audit_entry", what="created", after={"resolved_note": ""}, **told)
        store.add(connection, "audit_entry", what="changed", after={"resolved_note": "seen"}, **told)
        store.add(connection, "audit_entry", what="changed", after={"action": "rest"}, **{**told, "at": datetime.max})
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        effects = session.scalars(select(SideEffect).order_by(SideEffect.id)).all()
        assert [(e.report.value, e.reported_on, e.serious, e.serious_criteria) for e in effects] == [
            ("reported", None, None, []),
            ("to_be_reported", None, True, ["life threatening"]),
            ("reported", None, True, ["death"]),
            ("not_needed", None, None, []),
        ]
        assert [(e.learned, e.red_answer) for e in effects] == [(None, None)] * 4
        assert [(e.resolved_by_id, e.resolved_at) for e in effects] == [
            (None, None), (1, moment.replace(tzinfo=UTC)), (None, None), (None, None),
        ]  # fmt: skip
        assert [[m.muscle for m in e.muscles] for e in effects] == [["masseter"]] * 4
    downgrade(engine, "0004")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT reported FROM side_effect ORDER BY id")).scalars().all() == [1, 0, 1, 0]
    upgrade(engine)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO diary_week (patient_id, visit_id, week, remark, recorded_at, recorded_by_id) "
        "VALUES (1, 1, 13, '', '2026-03-12', 1)",
        "INSERT INTO diary_week (patient_id, visit_id, week, benefit_percent, remark, recorded_at, recorded_by_id) "
        "VALUES (1, 1, 1, 101, '', '2026-03-12', 1)",
        "INSERT INTO diary_week (patient_id, visit_id, week, pain, remark, recorded_at, recorded_by_id) "
        "VALUES (1, 1, 1, 11, '', '2026-03-12', 1)",
    ],
)
def test_0005_a_diary_holds_only_weeks_and_figures_that_can_be(engine: Engine, statement: str) -> None:
    store = OlderStore(engine, "0004")
    with engine.begin() as connection:
        store.signed_visit(connection)
    upgrade(engine)
    with pytest.raises(IntegrityError, match="ck_diary_week"), engine.begin() as connection:
        connection.execute(text(statement))


def test_0006_nothing_is_kept_for_the_reports_of_a_record_that_is_carried_over(engine: Engine) -> None:
    store = OlderStore(engine, "0005")
    with engine.begin() as connection:
        store.signed_visit(connection)
    upgrade(engine)
    with engine.begin() as connection:
        for name in ("report_month", "report_touch", "report_state"):
            assert connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() == 0
        connection.execute(text("INSERT INTO report_touch (visit_id) VALUES (1)"))
        connection.execute(text("DELETE FROM report_touch"))
        connection.execute(text("INSERT INTO report_touch (visit_id) VALUES (1)"))
        assert connection.execute(text("SELECT max(id) FROM report_touch")).scalar() == 2  # never given twice
    downgrade(engine, "0005")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM visit")).scalar() == 1
    upgrade(engine)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit SET plan = 'another'",
        "UPDATE visit SET digest = ''",
        "DELETE FROM visit",
        "UPDATE injection SET units = units + 1000",
        "DELETE FROM injection",
        "INSERT INTO injection (visit_id, vial_id, position, muscle, side, units, guidance, note) "
        "VALUES (1, 1, 9, 'masseter', 'left', 1000, '[]', '')",
        "UPDATE injection_point SET u = 0.9",
        "DELETE FROM injection_point",
        "INSERT INTO injection_point (injection_id, position, plate, part, u, t, x_mm, y_mm) "
        "VALUES (1, 9, 'p', 'q', 0, 0, 0, 0)",
        "UPDATE vial SET wasted_units = 0",
        "DELETE FROM vial",
        "INSERT INTO vial (visit_id, position, product, lot_number, expires_on, size_units, diluent, diluent_ml, "
        "wasted_units, waste_reason) VALUES (1, 9, 'x', 'x', '2027-01-01', 1000, '', 1000, 0, '')",
        "UPDATE addendum SET text = 'another'",
        "DELETE FROM addendum",
        "UPDATE stock_movement SET vials = 9",
        "DELETE FROM stock_movement",
        "INSERT INTO scale_total (visit_id, scale, subscale, value) VALUES (1, 'x', '', 1)",
        "INSERT INTO override (visit_id, \"check\", level, subject, said, reason) VALUES (1, 'x', 'warn', '', '', '')",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_signed(engine: Engine, statement: str) -> None:
    store = OlderStore(engine, "0003")
    with engine.begin() as connection:
        store.signed_visit(connection)
        signed = {"account_id": 1, "at": datetime(2026, 3, 2, 15)}
        lot = store.add(connection, "lot", size_units=100_000, expires_on=date(2027, 5, 31))
        store.add(connection, "stock_movement", lot_id=lot, kind="received", vials=5, **signed)
        store.add(connection, "addendum", visit_id=1, account_id=1, signed_at=signed["at"])
        connection.execute(text("UPDATE visit SET digest = 'sealed'"))
    with pytest.raises(DatabaseError, match="never changes"), engine.begin() as connection:
        connection.execute(text(statement))


def test_every_seal_is_in_place_after_the_last_step(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert sealing.installed(connection) == sealing.names() | search_word.names()


def test_0009_what_stood_in_the_trail_is_chained_in_its_order(engine: Engine) -> None:
    store = OlderStore(engine, "0008")
    with engine.begin() as connection:
        store.signed_visit(connection)
        for number in range(1200):
            store.add(
                connection, "audit_entry", at=datetime(2026, 3, 2, 15, 0, number % 60), account_id=1, what="changed",
                kind="patient", record_id=number % 7, patient_id=number % 7 or None, before={}, after={"note": number},
            )  # fmt: skip
        sealing.remove(connection)
        connection.execute(text("DELETE FROM audit_entry WHERE id = 600"))  # what had gone before leaves its gap
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        at = trail.Head(0, trail.START)
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert len(entries) == 1199
        for entry in entries:
            (link,) = trail.chained([{name: getattr(entry, name) for name in trail.SAID}], at)
            assert (link["chain"], link["patient_chain"]) == (entry.chain, entry.patient_chain)
    with pytest.raises(DatabaseError, match=sealing.LEDGER), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id = 1"))
    downgrade(engine, "0008")
    upgrade(engine)


def test_0013_old_seals_hold_and_what_nobody_knows_of_a_vial_may_stay_open(engine: Engine) -> None:
    store = OlderStore(engine, "0012")
    with engine.begin() as connection:
        store.signed_visit(connection)
    with Database(engine, workstation="desk-1").reading() as session:
        before = session.scalar(text("SELECT count(*) FROM vial"))
    upgrade(engine)
    with Database(engine, workstation="desk-1").reading() as session:
        visit = session.get_one(Visit, 1)
        assert (visit.import_id, len(visit.vials), visit.vials[0].size_units) == (None, before, Decimal(100))
        # Worked out by the release that could not bring anything in.
        assert signed_digest(session, visit) == "f2fd9c2d438ef922efb444a6be319c2eab5c23cab461c4dab63b5d926f5eadbd"
    newest = OlderStore(engine, HEAD)
    brought_in = _brought_in_visit(newest)
    downgrade(engine, "0012")
    with engine.connect() as connection:
        told = text("SELECT expires_on, size_units, diluent_ml, wasted_units FROM vial WHERE visit_id = :visit")
        row = connection.execute(told.columns(expires_on=Date), {"visit": brought_in}).one()
        assert tuple(row) == (date(2024, 5, 6), 0, 0, 0)
    upgrade(engine)


@pytest.mark.parametrize(
    ("statement", "of_signed", "of_brought_in"),
    [
        ("UPDATE visit SET plan = 'changed' WHERE id = :visit", False, False),
        ("UPDATE visit SET import_id = 1 WHERE id = :visit", False, False),
        ("UPDATE injection SET units = 1 WHERE visit_id = :visit", False, False),
        ("UPDATE vial SET lot_number = 'x' WHERE visit_id = :visit", False, False),
        ("INSERT INTO scale_total (visit_id, scale, subscale, value) VALUES (:visit, 'x', '', 1)", False, False),
        (
            "DELETE FROM injection_point WHERE injection_id IN (SELECT id FROM injection WHERE visit_id = :visit)",
            False,
            True,
        ),
        ("DELETE FROM scale_total WHERE visit_id = :visit", False, True),
        ("DELETE FROM override WHERE visit_id = :visit", False, True),
    ],
)
def test_0013_a_visit_that_was_brought_in_is_kept_from_every_change_but_can_go_whole(
    engine: Engine, statement: str, of_signed: bool, of_brought_in: bool
) -> None:
    store = OlderStore(engine, HEAD)
    with engine.begin() as connection:
        store.signed_visit(connection)
        store.add(connection, "scale_total", visit_id=1)
        store.add(connection, "override", visit_id=1)
        connection.execute(text("UPDATE visit SET digest = 'sealed', import_id = NULL"))
    brought_in = _brought_in_visit(store)
    for visit, allowed in ((1, of_signed), (brought_in, of_brought_in)):
        if allowed:
            with engine.begin() as connection:
                assert connection.execute(text(statement), {"visit": visit}).rowcount
        else:
            with pytest.raises(DatabaseError, match=sealing.SIGNED), engine.begin() as connection:
                connection.execute(text(statement), {"visit": visit})
    with engine.begin() as connection:
        of_visit = "injection_id IN (SELECT id FROM injection WHERE visit_id = :visit)"
        connection.execute(text(f"DELETE FROM injection_point WHERE {of_visit}"), {"visit": brought_in})
        for table in ("scale_total", "override", "injection", "vial"):
            connection.execute(text(f"DELETE FROM {table} WHERE visit_id = :visit"), {"visit": brought_in})
        assert connection.execute(text("DELETE FROM visit WHERE id = :visit"), {"visit": brought_in}).rowcount == 1


def _brought_in_visit(store: OlderStore) -> int:
    """A visit that an import made, of a vial of which nothing is known; returns its id."""
    day, moment = date(2024, 5, 6), datetime(2026, 3, 2, 15)
    with store.engine.begin() as connection:
        made = store.add(connection, "data_import", account_id=1, made_at=moment)
        visit = store.add(
            connection, "visit", patient_id=1, injector_id=1, visited_on=day, signed_at=moment, signed_by_id=1,
            digest="", import_id=made,
        )  # fmt: skip
        vial = store.add(connection, "vial", visit_id=visit)
        injection = store.add(connection, "injection", visit_id=visit, vial_id=vial, side="right", units=60_000)
        store.add(connection, "injection_point", injection_id=injection)
        store.add(connection, "scale_total", visit_id=visit)
        store.add(connection, "override", visit_id=visit)
        connection.execute(text("UPDATE visit SET digest = 'sealed' WHERE id = :visit"), {"visit": visit})
    return visit
