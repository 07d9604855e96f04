"""The line to the server drops at the worst moments: nothing is lost, and nothing is done twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from sqlalchemy import func, make_url, select, text

from clinic_app.errors import StoreProblem
from clinic_app.models import CommitMark, Patient, Visit
from clinic_app.models.line import UNREACHABLE
from clinic_app.reference import Reference
from clinic_app.services.listening import Listening
from clinic_app.services.steady import steadily
from clinic_app.settings import Settings
from tests.clinics import SealedClinic, sign
from tests.faults.proxy import Proxy
from tests.faults.workplace import TEN, broken, enter
from tests.postgres import PostgresServer
from tests.services.conftest import OpenClinic, seal_port_alder
from tests.waiting import until


@pytest.fixture(scope="module")
def killed_server(own_server: PostgresServer) -> Iterator[PostgresServer]:
    """One that may be killed: no other test has clinics on it."""
    server = PostgresServer(own_server.programs)
    yield server
    server.end()


@pytest.fixture(scope="module")
def sealed(killed_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    return seal_port_alder(tmp_path_factory.mktemp("lines") / "sealed", killed_server)


@pytest.fixture
def direct(sealed: SealedClinic, killed_server: PostgresServer, tmp_path: Path) -> Iterator[Settings]:
    yield sealed.copy(tmp_path / "clinic")
    killed_server.drop_copies()


@pytest.fixture
def proxy(killed_server: PostgresServer) -> Iterator[Proxy]:
    proxy = Proxy(killed_server.port)
    yield proxy
    proxy.end()


@pytest.fixture
def clinic(direct: Settings, proxy: Proxy, reference: Reference) -> Iterator[OpenClinic]:
    """A workstation whose line goes through the proxy."""
    url = make_url(direct.database_url).set(port=proxy.port)
    clinic = enter(replace(direct, database_url=url.render_as_string()), reference)
    yield clinic
    clinic.store.close()


def _count(clinic: OpenClinic, of: type) -> int:
    with clinic.store.database.reading() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0


def test_a_commit_whose_answer_was_lost_is_known_and_not_done_twice(clinic: OpenClinic, proxy: Proxy) -> None:
    for number in range(5):
        proxy.lose_answers(1)
        patient = steadily(clinic.store.database, partial(clinic.patient, family_name=f"Name{number}"))
        assert proxy.answers_to_lose == 0
        with clinic.store.database.reading() as session:
            assert session.get_one(Patient, patient).family_name == f"Name{number}"
    assert _count(clinic, Patient) == 5


def test_what_did_not_reach_the_server_is_done_when_the_line_is_back(clinic: OpenClinic, proxy: Proxy) -> None:
    proxy.lose_commits(2)
    steadily(clinic.store.database, clinic.patient)
    assert proxy.commits_to_lose == 0
    assert _count(clinic, Patient) == 1


def test_without_steadiness_the_person_is_told_and_nothing_was_saved(clinic: OpenClinic, proxy: Proxy) -> None:
    proxy.lose_commits(1)
    with pytest.raises(StoreProblem) as told:
        clinic.patient()
    assert told.value.code == UNREACHABLE
    assert _count(clinic, Patient) == 0


def test_work_of_which_a_part_was_saved_is_not_done_again(clinic: OpenClinic, proxy: Proxy) -> None:
    def two() -> None:
        clinic.patient(family_name="First")
        proxy.lose_commits(1)
        clinic.patient(family_name="Second")

    with pytest.raises(StoreProblem) as told:
        steadily(clinic.store.database, two)
    assert told.value.code == UNREACHABLE
    assert _count(clinic, Patient) == 1


def test_a_signature_whose_answer_was_lost_is_one_visit(clinic: OpenClinic, proxy: Proxy) -> None:
    lot = clinic.lot()
    for number in range(4):
        patient = clinic.patient(family_name=f"Name{number}")
        services, physician = clinic.services, clinic.physician
        draft = services.charts.start(physician, patient)
        content = clinic.content(lot)
        lose = proxy.lose_answers if number % 2 else proxy.lose_commits
        lose(1)
        steadily(clinic.store.database, partial(sign, services, physician, draft, content, "discussed"))
        assert (proxy.answers_to_lose, proxy.commits_to_lose) == (0, 0)
    assert _count(clinic, Visit) == 4
    assert broken(clinic) == ()


def test_whoever_waits_is_let_go_when_the_window_closes(clinic: OpenClinic, proxy: Proxy) -> None:
    line = clinic.store.database.line
    assert line is not None
    line.patience = None
    told: list[bool] = []
    line.told = told.append
    failures: list[StoreProblem] = []
    proxy.cut(for_good=True)

    def work() -> None:
        try:
            steadily(clinic.store.database, clinic.patient)
        except StoreProblem as problem:
            failures.append(problem)

    waiting = Thread(target=work)
    waiting.start()
    until(lambda: told == [False])
    line.end()
    waiting.join()
    assert [each.code for each in failures] == [UNREACHABLE]
    assert not line.stands
    proxy.mend()
    line.begin()
    clinic.patient()
    assert _count(clinic, Patient) == 1


def test_a_lost_answer_of_a_server_that_stays_away_is_told_as_not_known(clinic: OpenClinic, proxy: Proxy) -> None:
    line = clinic.store.database.line
    assert line is not None
    line.patience = 0
    proxy.lose_answers(1)
    line.told = lambda _: proxy.cut(for_good=True)
    with pytest.raises(StoreProblem) as told:
        clinic.patient()
    assert told.value.code == "save_unsure"


@pytest.mark.parametrize("seed", range(2))
def test_lines_cut_at_random_lose_nothing_and_do_nothing_twice(clinic: OpenClinic, proxy: Proxy, seed: int) -> None:
    chance = Random(seed)
    things = 60
    for number in range(things):
        match chance.randrange(4):
            case 0:
                proxy.lose_answers(1)
            case 1:
                proxy.lose_commits(1)
            case 2:
                proxy.cut()
        steadily(clinic.store.database, partial(clinic.patient, family_name=f"Name{number}"))
    assert _count(clinic, Patient) == things
    with clinic.store.database.reading() as session:
        names = session.scalars(select(Patient.family_name)).all()
    assert sorted(names) == sorted(f"Name{number}" for number in range(things))
    assert broken(clinic) == ()


def test_a_server_that_is_killed_and_started_again_lost_nothing_it_told_of(
    clinic: OpenClinic, killed_server: PostgresServer
) -> None:
    told = []
    for number in range(6):
        told.append(steadily(clinic.store.database, partial(clinic.patient, family_name=f"Name{number}")))
        if number in (1, 3):
            killed_server.kill()
            restart = Thread(target=killed_server.start)
            restart.start()
            told.append(steadily(clinic.store.database, partial(clinic.patient, family_name="While it was away")))
            restart.join()
    with clinic.store.database.reading() as session:
        assert sorted(session.scalars(select(Patient.id))) == sorted(told)
    assert broken(clinic) == ()


def test_others_are_heard_again_after_the_line_dropped(
    clinic: OpenClinic, direct: Settings, proxy: Proxy, reference: Reference
) -> None:
    other = enter(direct, reference)
    heard: list[frozenset[str]] = []
    listening = Listening(clinic.store.database, heard.append, lambda: None)
    listening.begin()
    try:
        _told_of(heard, other, "lot")
        proxy.cut(for_good=True)
        line = clinic.store.database.line
        assert line is not None
        until(lambda: not line.stands)
        other.patient()  # while nobody could be called
        proxy.mend()
        until(lambda: any("patient" in kinds for kinds in heard))
        heard.clear()
        _told_of(heard, other, "lot")
    finally:
        listening.end()
        other.store.close()


def test_a_line_that_came_back_while_nobody_listened_stands_when_somebody_does(clinic: OpenClinic) -> None:
    line = clinic.store.database.line
    assert line is not None
    told: list[bool] = []
    line.told = told.append
    line.dropped()
    listening = Listening(clinic.store.database, lambda _: None, lambda: None)
    listening.begin()
    try:
        until(lambda: told == [False, True])
    finally:
        listening.end()


def _told_of(heard: list[frozenset[str]], other: OpenClinic, kind: str) -> None:
    """What another workstation does is heard; it is done again until this one listens."""
    numbers = iter(range(1000))
    until(lambda: (other.lot(number=f"N{next(numbers)}"), any(kind in kinds for kinds in heard))[1])


def test_marks_are_forgotten_with_a_log_in_when_nobody_asks_about_them_any_more(
    clinic: OpenClinic, direct: Settings, reference: Reference
) -> None:
    clinic.patient()
    before = _count(clinic, CommitMark)
    enter(direct, reference, TEN + timedelta(days=29)).store.close()
    assert _count(clinic, CommitMark) > before
    enter(direct, reference, TEN + timedelta(days=31)).store.close()
    assert _count(clinic, CommitMark) < before


def test_a_writer_that_goes_silent_does_not_keep_the_others_waiting(clinic: OpenClinic) -> None:
    kept = "SELECT current_setting('idle_in_transaction_session_timeout')"
    with clinic.store.database.writing(None, clinic.clock()) as session:
        assert session.scalar(text(kept)) == "20s"
    with clinic.store.database.reading() as session:
        assert session.scalar(text(kept)) == "0"  # long reports may be silent
