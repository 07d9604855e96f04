"""Where the record is, in the settings: a folder with the way beyond it, or a server as it is at this moment."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.listening import Listening
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.ui.changes import Changes
from clinic_app.ui.settings.record_page import RecordPage
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, StandingClock, seal
from tests.postgres import OWNER, PostgresServer
from tests.ui.clinic import NINE
from tests.ui.desk import Desk
from tests.ui.settings.conftest import SettingsDesk
from tests.waiting import until

ShowPage = Callable[[Settings, str], RecordPage]


@pytest.fixture(scope="module")
def on_server(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    return seal(tmp_path_factory.mktemp("told") / "sealed", PORT_ALDER, NINE, {}, own_server)


@pytest.fixture
def show_page(tasks: Tasks, reference: Reference, put_on_screen: Callable[[SettingsDesk], None]) -> Iterator[ShowPage]:
    """Opens a clinic as a person and brings the page to the front."""
    stores = []

    def shown(settings: Settings, user_name: str) -> RecordPage:
        clock, changes = StandingClock(NINE), Changes()
        store = unlock(settings, user_name, PASSPHRASE, clock, changes.announce)
        stores.append(store)
        services = Services(store.database, clock, reference, settings=settings)
        workplace = Workplace(services, store.actor, tasks, changes, services.atlas)
        desk: SettingsDesk = Desk(SettingsView(workplace), workplace)
        put_on_screen(desk)
        page = desk.view.record
        assert page is not None
        desk.view.show_page(page)
        desk.settle()
        return page

    yield shown
    for store in stores:
        store.close()


def words(page: RecordPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_everybody_reads_and_copies_the_folder_and_how_a_clinic_outgrows_it(
    show_page: ShowPage, sealed_clinic: SealedClinic, tmp_path: Path
) -> None:
    page = show_page(sealed_clinic.copy(tmp_path / "clinic"), "reyes")
    assert page.where.value() == str(tmp_path / "clinic")
    page.copy_button.click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "clinic")
    assert "encrypted with the clinic's key" in words(page)
    assert "clinic-app move --to postgresql://" in words(page)
    assert "manager changes" not in words(page)


def test_a_server_is_told_as_it_is_each_time_it_is_looked_at(
    show_page: ShowPage, on_server: SealedClinic, reference: Reference
) -> None:
    settings = on_server.settings
    page = show_page(settings, "ellison")
    assert page.where.value() == settings.database_url
    facts = dict(page.facts.facts())
    assert facts["Server"].startswith("PostgreSQL 1")
    assert "does not leave this computer" in facts["What is sent"]
    assert facts["Open"] == "on this computer only"
    assert facts["An answer takes"].endswith(" ms")
    for said in ("encrypts nothing", "encrypted with the clinic's key", "clinic_work change or remove a signed visit"):
        assert said in words(page)
    assert page.owner.text() == ""

    others = [unlock(settings, "ellison", PASSPHRASE, StandingClock(NINE)) for _ in range(2)]
    listening = [Listening(store.database, lambda _: None, lambda: None) for store in others]
    for each in listening:
        each.begin()
    place = page._place
    until(lambda: getattr(place.look(), "workstations", 0) == 2)
    page.hide()
    page.show()
    assert page.workplace.tasks.wait_idle()
    assert dict(page.facts.facts())["Open"] == "on 2 computers"
    for each, store in zip(listening, others, strict=True):
        each.end()
        store.close()


def test_who_works_with_the_owners_account_is_told_what_it_could_do(
    show_page: ShowPage, on_server: SealedClinic
) -> None:
    server = on_server.server
    assert server is not None
    owner = replace(on_server.settings, database_url=server.url(on_server.database, OWNER))
    page = show_page(owner, "ellison")
    assert page.owner.text().startswith("This computer works with clinic_owner")
    assert "change or remove a signed visit" not in words(page)
