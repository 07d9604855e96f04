"""Every error that the code raises has its sentence, and every sentence is raised somewhere."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from clinic_app.resources import resource_path
from clinic_app.services.access import Act
from clinic_app.words import sentence

ERRORS = {"ClinicError", "NotAllowed", "NotFound", "RecordChanged", "StoreProblem", "WrongPassphrase"}
ROOT = Path(__file__).parent.parent / "clinic_app"


def raised() -> set[str]:
    """The ids given to errors, read from the source."""
    found = {f"not_allowed_{act.value}" for act in Act} | {"name_missing", "full_name_missing", "user_name_missing"}
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if name in ERRORS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def table() -> dict[str, str]:
    read = tomllib.loads(resource_path("words", "en.toml").read_text(encoding="utf-8"))
    return dict(read["errors"])


def test_every_error_raised_has_a_sentence() -> None:
    assert raised() - set(table()) == set()


def test_a_sentence_ends_like_one_and_blames_nobody() -> None:
    for code, words in table().items():
        assert re.search(r"[.}]$", words), code
        assert "!" not in words, code
        assert "please" not in words.lower(), code


def test_an_unknown_id_is_a_bug() -> None:
    with pytest.raises(KeyError):
        sentence("errors.no_such_thing")
    with pytest.raises(KeyError):
        sentence("errors")
