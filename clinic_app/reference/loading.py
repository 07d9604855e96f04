"""Reading one reference file into frozen entries, with errors that name the file and the entry."""

import re
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from clinic_app.reference.entries import ReferenceFile

FileType = TypeVar("FileType", bound=ReferenceFile)


class BrokenReferenceError(ValueError):
    """A shipped reference file is wrong: a bug or a damaged installation, nothing the person can act on."""


def load_file(path: Path, file_type: type[FileType]) -> FileType:
    """Read and validate ``path``. Raises BrokenReferenceError that names the file and the entry."""
    try:
        raw: object = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return msgspec.convert(raw, file_type)
    except yaml.YAMLError as error:
        raise BrokenReferenceError(f"{path.name}: {error}") from error
    except msgspec.ValidationError as error:
        raise BrokenReferenceError(f"{path.name}: {_entry_names(raw, str(error))}{error}") from error


def _entry_names(raw: object, message: str) -> str:
    """The ids on the way to the fault, for a message that ends in "at `$.muscles[3].doses[0]`"."""
    names = []
    here = raw
    found = re.search(r"`\$([^`]*)`$", message)
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", found[1] if found is not None else ""):
        if isinstance(here, dict):
            here = here.get(key)
        elif isinstance(here, list):
            here = here[int(index)]
        name = (here.get("id") or here.get("code")) if isinstance(here, dict) else None
        if isinstance(name, str):
            names.append(f"{name}: ")
    return "".join(names)
