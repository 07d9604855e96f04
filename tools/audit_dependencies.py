"""Whether a package that the program is made of has a known vulnerability: ``python -m tools.audit_dependencies``.

pip-audit asks a public database. Where that cannot be reached, the check says so and passes: a network that is down
tells nothing about our code. A vulnerability fails it, unless ``tools/accepted_vulnerabilities.toml`` gives the reason
why it is none for us.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SECONDS = 60
_HERE = Path(__file__).parent


def main() -> int:
    """Run the audit over constraints.txt; returns the exit code."""
    accepted = tomllib.loads((_HERE / "accepted_vulnerabilities.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pip_audit", "--requirement", str(_HERE.parent / "constraints.txt"), "--no-deps",
            "--disable-pip", "--progress-spinner", "off", "--format", "json", "--output", str(report),
        ]  # fmt: skip
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            print(f"dependencies: not audited, the database did not answer within {_SECONDS} seconds")
            return 0
        try:
            content = json.loads(report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            why = ran.stderr.strip().rpartition("\n")[2] or f"pip-audit ended with {ran.returncode}"
            print(f"dependencies: not audited, there is no answer: {why}")
            return 0
    lines, code = judged(content, accepted)
    print("\n".join(lines))
    return code


def judged(report: Mapping[str, Any], accepted: Mapping[str, str]) -> tuple[list[str], int]:
    """What to say of pip-audit's report, and the exit code; ``accepted`` has a reason by id of a vulnerability."""
    packages = report.get("dependencies", [])
    known = [each for each in packages if "skip_reason" not in each]
    if not known:
        return ["dependencies: not audited, the database knows none of the packages from here"], 0
    lines, code = [], 0
    for package in known:
        for found in package.get("vulns", []):
            reason = next((accepted[name] for name in (found["id"], *found.get("aliases", ())) if name in accepted), "")
            told = f"{package['name']} {package['version']}: {found['id']}"
            if reason:
                lines.append(f"{told}, accepted: {reason}")
            else:
                better = ", ".join(found.get("fix_versions", ())) or "no version"
                lines.append(f"{told}, mended in {better}")
                code = 1
    skipped = len(packages) - len(known)
    lines.append(f"dependencies: {len(known)} audited, {skipped} unknown to the database")
    return lines, code


if __name__ == "__main__":
    sys.exit(main())
