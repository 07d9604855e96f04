"""Work that outlives a dropped line: done again once the server is back, unless something of it was saved already."""

from collections.abc import Callable
from typing import TypeVar

from clinic_app.errors import StoreProblem
from clinic_app.models.database import Database, commits_of_this_thread
from clinic_app.models.line import UNREACHABLE

Result = TypeVar("Result")


def steadily(database: Database, work: Callable[[], Result]) -> Result:
    """Do ``work``, and again from its beginning where the line dropped before it committed anything.

    Waits as long as the line's patience allows. Raises what the work raises, and StoreProblem where the server stays
    away or where a part of the work was saved before the line dropped.
    """
    line = database.line
    if line is None:
        return work()
    while True:
        before = commits_of_this_thread()
        try:
            return work()
        except StoreProblem as problem:
            nothing_saved = commits_of_this_thread() == before
            if problem.code != UNREACHABLE or not nothing_saved or not line.wait():
                raise
