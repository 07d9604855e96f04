"""What the audit of the packages says, and when it fails."""

import pytest

from tools.audit_dependencies import judged, main

PACKAGES = [
    {"name": "one", "version": "1.0", "vulns": []},
    {
        "name": "two",
        "version": "2.0",
        "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.1"]}],
    },
    {"name": "three", "skip_reason": "not found"},
]


def test_a_vulnerability_fails_unless_there_is_a_reason_not_to_care() -> None:
    lines, code = judged({"dependencies": PACKAGES}, {})
    assert code == 1
    assert lines == ["two 2.0: PYSEC-1, mended in 2.1", "dependencies: 2 audited, 1 unknown to the database"]
    lines, code = judged({"dependencies": PACKAGES}, {"CVE-1": "we never call it"})
    assert code == 0
    assert lines[0] == "two 2.0: PYSEC-1, accepted: we never call it"


def test_a_database_that_knows_nothing_is_said_and_passes() -> None:
    lines, code = judged({"dependencies": PACKAGES[2:]}, {})
    assert code == 0
    assert lines == ["dependencies: not audited, the database knows none of the packages from here"]


def test_without_a_network_it_says_why_nothing_was_audited_and_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nothing answers
    assert main() == 0
    assert capsys.readouterr().out.startswith("dependencies: not audited, there is no answer: ")
