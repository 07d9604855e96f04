"""The questions that a file raises, each once for a text, and the answers: given now, or remembered from last time."""

from collections.abc import Iterable, Mapping

from clinic_app.services.importing.choices import REMEMBERED, Ask, ImportChoices
from clinic_app.services.importing.preview import Candidate, Question
from clinic_app.typed_text import fold


class Asking:
    """Answers what it can and collects what it cannot."""

    def __init__(self, choices: ImportChoices, remembered: Mapping[str, Mapping[str, str]]) -> None:
        self._answers = {(ask, answer_key(text)): answer for (ask, text), answer in choices.answers.items()}
        self._remembered = remembered
        self._open: dict[tuple[Ask, str], tuple[str, tuple[Candidate, ...], int]] = {}

    def answer(self, ask: Ask, text: str) -> str | None:
        """What was answered for a text, None where nobody was asked yet."""
        key = answer_key(text)
        given = self._answers.get((ask, key))
        if given is None and ask in REMEMBERED:
            given = self._remembered.get(ask.value, {}).get(key)
        return given

    def ask(self, ask: Ask, text: str, candidates: Iterable[Candidate]) -> None:
        """Note that a row waits for the answer."""
        key = (ask, answer_key(text))
        first, offered, rows = self._open.get(key) or (text, tuple(candidates), 0)
        self._open[key] = (first, offered, rows + 1)

    def questions(self) -> tuple[Question, ...]:
        """What is open, by kind of question, the ones on which most rows wait first."""
        order = list(Ask)
        asked = [Question(ask, text, offered, rows) for (ask, _), (text, offered, rows) in self._open.items()]
        return tuple(sorted(asked, key=lambda each: (order.index(each.ask), -each.rows)))


def answer_key(text: str) -> str:
    """A text as answers know it: folded, with its signs where nothing else is left ("?")."""
    return fold(text) or text.strip()
