"""Where the files that ship with the program are: beside the source, inside the wheel, or inside the frozen build."""

import sys
from functools import cache
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """The path of a shipped file or folder, for example ``resource_path("reference", "muscles.yaml")``.

    Raises FileNotFoundError when no shipped resources are found, which means a broken installation.
    """
    return _root().joinpath(*parts)


@cache  # asked for each icon
def _root() -> Path:
    here = Path(__file__).resolve().parent
    candidates = [here / "_resources", here.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller in the frozen program only
    if frozen is not None:
        candidates.insert(0, Path(frozen) / "resources")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("The program's resource files are missing. Install it again.")
