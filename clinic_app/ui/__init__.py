"""The window. Imported before anything of Qt, since PySide6 slows every import that follows it down.

PySide6 puts a function of its own in place of ``__import__``, for spellings that a module may ask for with ``from
__feature__ import …``. It reads the source text of each module that is imported, and keeps it in memory: a tenth of the
start and as many MB as there is source. Nothing here asks for such spellings, so Python's own function is put back.
"""

import builtins

_plain = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401  # imported for what it does, between the two lines

builtins.__import__ = _plain
