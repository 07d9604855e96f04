"""The two kinds of error: what a person can act on is a ClinicError; everything else is a bug.

An error carries an id and parameters. Its sentence lives in ``resources/words/<language>.toml``.
"""

from clinic_app.words import sentence


class ClinicError(Exception):
    """Something the person in front of the screen can act on, told in one sentence with what to do.

    ``code`` is the id of the sentence in the words file; ``parameters`` fill its gaps. ``field`` names the field
    of a form that the error belongs to, when there is one.
    """

    def __init__(self, code: str, *, field: str = "", **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.parameters = parameters

    def __str__(self) -> str:
        return sentence(f"errors.{self.code}", **self.parameters)


class NotAllowed(ClinicError):
    """The account's roles do not cover what was asked."""


class RecordChanged(ClinicError):
    """Somebody else saved the record after it was shown; the form must show both versions."""


class NotFound(ClinicError):
    """The record asked for does not exist, or not any more."""


class WrongPassphrase(ClinicError):
    """The passphrase or recovery code opens nothing here."""


class WorkStopped(ClinicError):
    """Somebody stopped long work, or does not wait for it any more. Nothing was changed."""


class StoreProblem(ClinicError):
    """The data folder or database cannot be used: not ours, newer, full, read-only or unreachable."""
