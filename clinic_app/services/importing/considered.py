"""One part of a file while it is judged: what speaks against it gathers here."""

from clinic_app.errors import ClinicError
from clinic_app.services.importing.preview import Reason
from clinic_app.words import sentence


class Considered:
    """A row of a table or an entry of a bundle, by its ``number`` in the file."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.reasons: list[Reason] = []
        self.warnings: list[Reason] = []
        self.remarks: list[Reason] = []
        self.waits = False

    @property
    def refused(self) -> bool:
        """Whether anything speaks against it."""
        return bool(self.reasons)

    def column(self, field: str) -> str:
        """What the person sees above what a field says; "" where nothing stands above it."""
        return ""

    def refuse(self, field: str, code: str, **parameters: object) -> None:
        """Say in a sentence of the words file what speaks against it."""
        self.reasons.append(self._reason(field, code, parameters))

    def refuse_error(self, field: str, error: ClinicError) -> None:
        """The same in the words of a form's error."""
        self.reasons.append(Reason(self.column(field), str(error), error.code))

    def warn(self, field: str, code: str, **parameters: object) -> None:
        """Say what somebody must look at and confirm before it comes in."""
        self.warnings.append(self._reason(field, code, parameters))

    def remark(self, field: str, code: str, **parameters: object) -> None:
        """Say what is worth knowing and keeps nothing out."""
        self.remarks.append(self._reason(field, code, parameters))

    def _reason(self, field: str, code: str, parameters: dict[str, object]) -> Reason:
        return Reason(self.column(field), sentence(f"import.{code}", **parameters), code)
