from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from clinic_app.terms import LabelRegion, PaperSize, Role
from clinic_app.ui.first_run import FirstRun, FirstRunPage
from clinic_app.ui.places import countries, languages, time_zones, usual_label_region, usual_paper, usual_time_zone
from clinic_app.ui.unlock import UnlockPage
from tests.ui.keyboard import press, type_text

PASSPHRASE = "correct horse battery"
CODE = "7K2M-9QWX-3FJD-88TR-A1BC-DE2F-GH3J-KM4N"


def unlock_page(qtbot: QtBot, settings: QSettings) -> UnlockPage:
    page = UnlockPage("Hillside Movement Clinic", settings=settings)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def test_the_name_is_remembered_and_the_passphrase_is_not(qtbot: QtBot, settings: QSettings) -> None:
    page = unlock_page(qtbot, settings)
    page.user_name.editor.insert("chen")
    type_text(page.passphrase.editor, PASSPHRASE)
    with qtbot.waitSignal(page.unlock_requested) as asked:
        page.unlock_button.click()
    assert asked.args == ["chen", PASSPHRASE]
    again = unlock_page(qtbot, settings)
    assert again.user_name.value() == "chen"
    assert again.passphrase.value() == ""
    assert again.passphrase.editor.hasFocus()
    assert PASSPHRASE not in [str(settings.value(key)) for key in settings.allKeys()]


def test_enter_unlocks_and_a_missing_passphrase_is_told_at_the_field(qtbot: QtBot, settings: QSettings) -> None:
    page, asked = unlock_page(qtbot, settings), list[tuple[str, str]]()
    page.unlock_requested.connect(lambda name, passphrase: asked.append((name, passphrase)))
    page.user_name.editor.insert("chen")
    press(page.user_name.editor, Qt.Key.Key_Return)
    assert asked == []
    assert page.passphrase.error() == "Passphrase is missing."
    assert page.passphrase.editor.hasFocus()
    type_text(page.passphrase.editor, PASSPHRASE)
    press(page.passphrase.editor, Qt.Key.Key_Return)
    assert asked == [("chen", PASSPHRASE)]


def test_nothing_is_asked_twice_while_the_store_opens(qtbot: QtBot, settings: QSettings) -> None:
    page, asked = unlock_page(qtbot, settings), list[str]()
    page.unlock_requested.connect(lambda name, passphrase: asked.append(name))
    page.user_name.editor.insert("chen")
    page.passphrase.editor.insert(PASSPHRASE)
    page.set_busy(True)
    page.unlock_button.click()
    assert asked == []
    page.show_error("This name and passphrase open nothing here.")
    assert page.passphrase.error() == "This name and passphrase open nothing here."
    page.unlock_button.click()
    assert asked == ["chen"]


def test_the_recovery_code_gives_a_new_passphrase_typed_twice(qtbot: QtBot, settings: QSettings) -> None:
    page, asked = unlock_page(qtbot, settings), list[tuple[str, str, str]]()
    page.recovery_requested.connect(lambda *given: asked.append(given))
    page.user_name.editor.insert("chen")
    page.recovery_link.click()
    assert page.recovery.user_name.value() == "chen"
    page.recovery.code.editor.insert(CODE)
    page.recovery.new_passphrase.editor.insert(PASSPHRASE)
    page.recovery.repeated_passphrase.editor.insert(PASSPHRASE + "x")
    page.recovery.recover_button.click()
    assert asked == []
    assert page.recovery.repeated_passphrase.error() == "The two passphrases differ."
    page.recovery.repeated_passphrase.set_value(PASSPHRASE)
    page.recovery.recover_button.click()
    assert asked == [("chen", CODE, PASSPHRASE)]
    page.show_error("This code opens nothing here.", "code")
    assert page.recovery.code.error() == "This code opens nothing here."


def test_the_wait_is_counted_down_where_the_passphrase_is_typed(qtbot: QtBot, settings: QSettings) -> None:
    page, asked = unlock_page(qtbot, settings), list[str]()
    page.unlock_requested.connect(lambda name, passphrase: asked.append(passphrase))
    page.user_name.editor.insert("chen")
    page.passphrase.editor.insert("wrong")
    page.set_busy(True)
    page.show_wait("This is not right.", 62)
    page.seconds.stop()  # the seconds are told here
    assert page.passphrase.error() == "This is not right. Next try in 1:02."
    for said in ("1:01", "1:00", "0:59"):
        page.seconds.timeout.emit()
        assert page.passphrase.error() == f"This is not right. Next try in {said}."
    type_text(page.passphrase.editor, PASSPHRASE)
    press(page.passphrase.editor, Qt.Key.Key_Return)
    page.unlock_button.click()
    assert asked == []
    for _ in range(59):
        page.seconds.timeout.emit()
    assert page.passphrase.error() == ""
    press(page.passphrase.editor, Qt.Key.Key_Return)
    assert asked == [PASSPHRASE]


def test_after_locking_no_passphrase_stands_there(qtbot: QtBot, settings: QSettings) -> None:
    page = unlock_page(qtbot, settings)
    page.passphrase.editor.insert(PASSPHRASE)
    page.recovery_link.click()
    page.recovery.new_passphrase.editor.insert(PASSPHRASE)
    page.clear()
    assert page.passphrase.value() == page.recovery.new_passphrase.value() == ""
    assert page.unlock_button.isVisible()
    assert not page.recovery.recover_button.isVisible()


def first_run_page(qtbot: QtBot) -> FirstRunPage:
    page = FirstRunPage()
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    return page


def test_the_country_fills_in_what_follows_from_it(qtbot: QtBot) -> None:
    page = first_run_page(qtbot)
    page.country.set_value("DE")
    page.country.changed.emit()
    answers = page.answers()
    assert (answers.time_zone, answers.paper_size, answers.label_region) == (
        "Europe/Berlin",
        PaperSize.A4,
        LabelRegion.UK_EU,
    )


def test_complete_answers_are_submitted_and_the_first_account_is_a_manager(qtbot: QtBot) -> None:
    page, given = first_run_page(qtbot), list[FirstRun]()
    page.submitted.connect(given.append)
    page.clinic_name.editor.insert("Hillside Movement Clinic")
    page.country.set_value("GB")
    page.country.changed.emit()
    page.full_name.editor.insert("Mei Chen")
    page.user_name.editor.insert("chen")
    page.roles[Role.PHYSICIAN].editor.click()
    page.roles[Role.MANAGER].editor.click()  # fixed on
    page.passphrase.editor.insert(PASSPHRASE)
    page.repeated_passphrase.editor.insert(PASSPHRASE)
    page.submit_button.click()
    assert given == [
        FirstRun(
            name="Hillside Movement Clinic",
            country="GB",
            time_zone=usual_time_zone("GB"),
            language="en",
            paper_size=PaperSize.A4,
            label_region=LabelRegion.UK_EU,
            full_name="Mei Chen",
            user_name="chen",
            roles=frozenset({Role.PHYSICIAN, Role.MANAGER}),
            passphrase=PASSPHRASE,
        )
    ]


def test_a_short_passphrase_is_told_with_what_helps(qtbot: QtBot) -> None:
    page, given = first_run_page(qtbot), list[FirstRun]()
    page.submitted.connect(given.append)
    page.passphrase.editor.insert("short")
    page.submit_button.click()
    assert given == []
    assert page.passphrase.error() == "5 characters; at least 12 are needed. Add a word."
    assert page.clinic_name.error() == "Clinic name is missing."


def test_a_passphrase_that_is_tried_first_is_told_when_the_field_is_left(qtbot: QtBot) -> None:
    page = first_run_page(qtbot)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.clinic_name.editor.insert("Hillside Movement Clinic")
    for typed, said in (("password1234", "tried first"), ("hillside-2026", "names"), (PASSPHRASE, "")):
        page.passphrase.setFocus()
        page.passphrase.set_value("")
        type_text(page.passphrase.editor, typed)
        press(page.passphrase.editor, Qt.Key.Key_Tab)
        assert said in page.passphrase.error()
        assert bool(page.passphrase.error()) == bool(said)


def test_an_error_of_the_service_stands_under_its_field(qtbot: QtBot) -> None:
    page = first_run_page(qtbot)
    page.set_busy(True)
    page.show_error("passphrase", "This passphrase is easy to guess. Choose another.")
    assert page.passphrase.error() == "This passphrase is easy to guess. Choose another."
    assert page.submit_button.isEnabled()
    page.show_error("", "The data folder cannot be written.")
    assert page._general.text() == "The data folder cannot be written."


def test_the_recovery_code_is_shown_whole_and_the_passphrase_is_forgotten(qtbot: QtBot) -> None:
    page = first_run_page(qtbot)
    page.passphrase.editor.insert(PASSPHRASE)
    page.show_recovery_code(CODE)
    recovery = page.recovery
    shown = "".join(sign for sign in recovery.code_label.text() if sign.isalnum())
    assert shown == CODE.replace("-", "")
    label = recovery.code_label
    qtbot.waitUntil(lambda: label.height() >= label.sizeHint().height())
    assert page.passphrase.value() == ""


def test_two_groups_are_asked_for_while_the_code_is_hidden(qtbot: QtBot) -> None:
    page, tried = first_run_page(qtbot), list[dict[int, str]]()
    recovery = page.recovery
    recovery.tried.connect(tried.append)
    page.show_recovery_code(CODE)
    assert not recovery.finish_button.isVisible()
    recovery.stored_button.click()
    groups = CODE.split("-")
    assert not any(group in recovery.code_label.text() + recovery.code_label.accessibleName() for group in groups)
    first, second = (int(field.label.text().removeprefix("Group ")) for field in recovery.fields)
    assert 1 <= first < second <= len(groups)
    recovery.fields[0].editor.insert(groups[first - 1].lower())
    recovery.fields[1].editor.insert(groups[second - 1][:3])
    assert not recovery.finish_button.isEnabled()
    recovery.fields[1].editor.insert(groups[second - 1][3:])
    recovery.finish_button.click()
    assert tried == [{first: groups[first - 1].lower(), second: groups[second - 1]}]
    recovery.show_error(f"group_{second}", "This is another group.")
    assert [field.error() for field in recovery.fields] == ["", "This is another group."]
    recovery.again_button.click()
    assert groups[first - 1] in recovery.code_label.text()


def test_places_are_complete_and_named() -> None:
    names = dict(countries())
    assert names["DE"] == "Germany"
    assert len(names) > 240
    assert "EU" not in names
    assert ("en", "English") in languages()
    assert [name for name, _ in time_zones("NZ")][:2] == ["Pacific/Auckland", "Pacific/Chatham"]
    assert len(time_zones("NZ")) == len(dict(time_zones("NZ")))
    assert usual_paper("CA") is PaperSize.LETTER
    assert usual_label_region("PR") is LabelRegion.US
