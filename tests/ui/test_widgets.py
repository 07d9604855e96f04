from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from clinic_app.terms import Severity
from clinic_app.ui.theme import DARK, Appearance, Look
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.banner import BannerFacts, PatientBanner
from clinic_app.ui.widgets.buttons import IconButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import ElidedLabel, Muted
from clinic_app.ui.widgets.messages import MessageBar
from clinic_app.ui.widgets.pills import Pill, SeverityPill
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.sections import Section
from tests.ui.keyboard import press, type_text

LONG = BannerFacts(
    name="Maria-Magdalena von der Hohenstein-Muñoz y Álvarez de la Frontera",
    birth_date=date(1961, 3, 12),
    age=65,
    record_number="MRN0004321",
    allergies=("cow's milk protein", "botulinum toxin type A complex", "latex gloves and adhesive"),
    cautions=("swallowing trouble since 2019", "pregnancy", "aminoglycoside treatment"),
    since_last="11 w 5 d",
    next="3 Dec",
)


def banner_texts(banner: PatientBanner) -> list[str]:
    return [label.text_shown() for label in banner.findChildren(ElidedLabel) if label.isVisible()]


def test_the_banner_names_the_patient_and_every_danger_in_words(qtbot: QtBot) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    banner.resize(1366, 44)
    banner.set_patient(
        BannerFacts("Ada Okafor", date(1961, 3, 12), 65, "MRN0004321", ("milk",), ("swallowing",), "11 w 5 d", "3 Dec")
    )
    banner.show()
    expected = [
        "Ada Okafor",
        "12 Mar 1961 (65)",
        "MRN0004321",
        "milk",
        "swallowing",
        "11 w 5 d since last",
        "next 3 Dec",
    ]
    assert banner_texts(banner) == expected
    names = {part.accessibleName() for part in banner.findChildren(QWidget)}
    assert {"Allergy: milk", "Caution: swallowing"} <= names


def test_nothing_in_a_crowded_banner_is_clipped_or_lost(qtbot: QtBot) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    banner.resize(1208, 44)  # the smallest window without its rail
    banner.set_patient(LONG)
    banner.show()
    labels = [label for label in banner.findChildren(ElidedLabel) if label.isVisible()]
    for label in labels:
        assert label.fontMetrics().horizontalAdvance(label.text_shown()) <= label.width() + 1
        right = label.mapTo(banner, label.rect().topRight()).x()
        assert right < banner.width()
        if label.text_shown() != label.text():
            assert label.toolTip() == label.text()
    assert "12 Mar 1961 (65)" in banner_texts(banner)
    assert "MRN0004321" in banner_texts(banner)


def test_without_a_patient_there_is_no_banner_and_without_allergies_no_octagon(qtbot: QtBot) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    banner.set_patient(BannerFacts("Ada Okafor", date(1961, 3, 12), 65, "MRN1"))
    banner.show()
    assert banner_texts(banner) == ["Ada Okafor", "12 Mar 1961 (65)", "MRN1", "no injection yet", "nothing booked"]
    banner.set_patient(None)
    assert banner.isHidden()


def test_a_message_goes_by_itself_and_one_that_must_be_answered_stays(qtbot: QtBot) -> None:
    window = QWidget()
    line, bar = QLineEdit(window), MessageBar(window)
    qtbot.addWidget(window)
    window.move(500, 500)  # away from the pointer, which would keep the message
    window.show()
    line.setFocus()
    with qtbot.waitSignal(bar.gone, timeout=3000):
        bar.show_message("Saved.", seconds=0.05)
        assert bar.text() == "Saved."
    assert bar.text() == ""
    bar.show_message("The store cannot be reached.", Level.STOP, seconds=0.05)
    assert not bar._timer.isActive()
    bar._close_button.click()
    assert bar.text() == ""


def test_undo_is_offered_once_and_done_once(qtbot: QtBot) -> None:
    bar, undone = MessageBar(), list[str]()
    qtbot.addWidget(bar)
    bar.show()
    bar.show_message("Appointment moved.", undo=lambda: undone.append("moved"))
    assert bar._undo_button.isVisible()
    bar._undo_button.click()
    assert not bar.undo()
    assert undone == ["moved"]
    bar.show_message("Saved.")
    assert not bar._undo_button.isVisible()


def test_the_search_asks_once_when_the_typing_pauses(qtbot: QtBot) -> None:
    search, asked = SearchField("Search patients", pause_ms=30), list[str]()
    qtbot.addWidget(search)
    search.searched.connect(asked.append)
    with qtbot.waitSignal(search.searched):
        type_text(search.editor, "oka")
    assert asked == ["oka"]
    assert search.editor.accessibleName() == "Search patients"


def test_enter_asks_at_once_and_escape_empties(qtbot: QtBot) -> None:
    search, asked, sent = SearchField("Search", pause_ms=60_000), list[str](), list[str]()
    qtbot.addWidget(search)
    search.searched.connect(asked.append)
    search.submitted.connect(sent.append)
    type_text(search.editor, "oka ")
    press(search.editor, Qt.Key.Key_Return)
    press(search.editor, Qt.Key.Key_Escape)
    assert (asked, sent) == (["oka", ""], ["oka"])


def test_filling_the_search_from_the_program_asks_nothing(qtbot: QtBot) -> None:
    search, asked = SearchField("Search", pause_ms=0), list[str]()
    qtbot.addWidget(search)
    search.searched.connect(asked.append)
    search.set_text("oka")
    assert not search._pause.isActive()
    assert asked == []


def test_a_shortcut_stands_in_the_tooltip(qtbot: QtBot) -> None:
    button = PlainButton("Print", shortcut="Ctrl+P")
    tiny = IconButton("zoom-in", "Larger", shortcut="Ctrl++")
    for widget in (button, tiny):
        qtbot.addWidget(widget)
    assert button.toolTip() == "Print (Ctrl+P)"
    assert (tiny.toolTip(), tiny.accessibleName()) == ("Larger (Ctrl++)", "Larger")


def test_pills_tell_their_state_in_words_and_show_all_of_them(qtbot: QtBot) -> None:
    for severity in Severity:
        pill = SeverityPill(severity)
        qtbot.addWidget(pill)
        assert pill.accessibleName() == pill.text()
        assert not pill.grab().isNull()
    state = Pill("Booked")
    qtbot.addWidget(state)
    narrow = state.sizeHint().width()
    state.set_state("Cannot be signed", Level.STOP)
    assert state.accessibleName() == "Cannot be signed"
    assert state.minimumSizeHint().width() > narrow


def test_colours_follow_a_switch_of_the_theme(qtbot: QtBot, look: Look) -> None:
    section = Section("Visits")
    muted, button = Muted("quiet", section), PrimaryButton("Sign visit", section, icon="check")
    section.add(muted)
    section.add(button)
    qtbot.addWidget(section)
    section.show()
    before = (muted.palette().windowText().color(), section.grab().toImage().pixelColor(4, 30))
    look.set_appearance(Appearance.DARK)
    after = (muted.palette().windowText().color(), section.grab().toImage().pixelColor(4, 30))
    assert before[0] != after[0]
    assert before[1].lightness() > 200
    assert after[1].lightness() < 60
    assert button.property("kind") == "primary"


def test_a_message_can_be_read_after_a_switch_of_the_theme(qtbot: QtBot, look: Look) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("10 vials received.")
    bar.show()
    look.set_appearance(Appearance.DARK)
    (label,) = bar.findChildren(ElidedLabel)
    assert label.palette().windowText().color() == QColor(DARK.text)
