"""What is told of a bug: where it happened and of which type, never a message or a value, which may name a patient."""

import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from clinic_app import __version__


def report(error: BaseException) -> str:
    """What may leave the clinic: types, files, lines and versions. No message and no value, both may name a patient."""
    import platform  # not before something went wrong

    lines = [f"clinic-app {__version__} · Python {platform.python_version()} · {_qt()}{platform.system()}"]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        for frame in traceback.extract_tb(current.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


def hide_values() -> None:
    """Tell what nobody caught in that way from now on, in any thread: systems keep what commands print."""
    sys.excepthook = _tell
    threading.excepthook = lambda met: _tell(met.exc_type, met.exc_value, met.exc_traceback)
    sys.unraisablehook = lambda met: _tell(met.exc_type, met.exc_value, met.exc_traceback)


def _tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    elif error is not None and sys.stderr is not None:
        print(f"A fault in the program. This report names places in it, no patient:\n{report(error)}", file=sys.stderr)


def _qt() -> str:
    core = sys.modules.get("PySide6.QtCore")  # only the window has it
    return "" if core is None else f"Qt {core.qVersion()} · "


def _short(filename: str) -> str:
    """The path inside the program or a library; the folders above may carry the name of a person."""
    parts = Path(filename).parts
    for start in ("clinic_app", "site-packages"):
        if start in parts:
            last = len(parts) - 1 - parts[::-1].index(start)
            return "/".join(parts[last:])
    return parts[-1] if parts else ""
