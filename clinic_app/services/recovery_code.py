"""The recovery code is tried from its printed sheet before it counts: a code that nobody can type opens nothing.

Whoever made it types some of its groups from the paper. Put into the code they must open a key file, so that the
paper, the code and the file are tried together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic_app.errors import ClinicError
from clinic_app.models.keys import KeyFile, Slot, normal_code
from clinic_app.models.small_files import SmallFile


@dataclass(frozen=True, slots=True)
class NewCode:
    """A recovery code that opens nothing yet, and what will wrap the data key for it."""

    code: str
    slot: Slot


def try_code(keys: KeyFile, code: str, typed: Mapping[int, str]) -> bytes:
    """Open the keys by the code with the groups that a person typed from the sheet, by number from 1; the data key.

    Raises ClinicError with the field "group_3" for a wrong group 3, or WrongPassphrase.
    """
    groups = code.split("-")
    for number, group in typed.items():
        if normal_code(group) != groups[number - 1]:
            raise ClinicError("recovery_group_wrong", field=f"group_{number}", number=number)
        groups[number - 1] = group
    return keys.open_with_recovery("-".join(groups))


def try_code_of(key_file: Path | SmallFile, code: str, typed: Mapping[int, str]) -> None:
    """The same with the keys as they are kept. Raises StoreProblem too."""
    try_code(KeyFile.read(key_file), code, typed)
