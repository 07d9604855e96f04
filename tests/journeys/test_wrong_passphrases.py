"""Wrong passphrases at the real unlock page, and the program started again."""

from collections.abc import Callable
from dataclasses import replace

from clinic_app.settings import Settings
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import USER


def test_the_pause_is_told_and_waits_for_a_program_that_starts_anew(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    asked = replace(settings, user_name="", passphrase=None)

    def told(program: Program, passphrase: str) -> str:
        page = program.opening.widget(0)
        assert isinstance(page, UnlockPage)
        page.unlock_requested.emit(USER, passphrase)
        assert program.tasks.wait_idle(60)
        page.seconds.stop()
        return page.passphrase.error()

    program = open_program(asked)
    wrong = "The user name or passphrase is not right. Type it again, or use the recovery code."
    assert [told(program, "wrong") for _ in range(5)] == [wrong] * 4 + [f"{wrong} Next try in 0:01."]
    again = open_program(asked)
    assert told(again, PASSPHRASE) == "The passphrase was wrong too often. Next try in 0:01."
    assert again.clinic_window is None
