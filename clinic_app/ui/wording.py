"""Sentences that every view tells in the same way, with dates as the person's locale writes them."""

import re
from datetime import date, datetime

from clinic_app.errors import ClinicError
from clinic_app.ui.locale import age, date_text, weekday_date_text
from clinic_app.words import sentence

_LONGEST_WORD = 18


def told(error: ClinicError) -> str:
    """The error's sentence; days in it stand as the person's locale writes them."""
    parameters = {
        name: weekday_date_text(value) if isinstance(value, date) and not isinstance(value, datetime) else value
        for name, value in error.parameters.items()
    }
    return sentence(f"errors.{error.code}", **parameters)


def person_text(birth_date: date, record_number: str, today: date) -> str:
    """Who this is beside the name: "12 Mar 1961 (65) · MRN0004321"."""
    return f"{date_text(birth_date)} ({age(birth_date, today)}) · {record_number}"


def breakable(text: str) -> str:
    """Text in which even a name of 300 letters without a space, or a long address, can be wrapped."""
    return " ".join(_breakable_word(word) for word in text.split(" "))


def _breakable_word(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    word = re.sub(r"(?<=[@./_-])(?=\w)", "\u200b", word)
    return "\u200b".join(word[start : start + _LONGEST_WORD] for start in range(0, len(word), _LONGEST_WORD))
