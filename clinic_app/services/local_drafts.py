"""Charts that could not be kept on the server, encrypted in a folder of this workstation until they can.

What is typed while the line is down is here, so that not even a program that is killed meanwhile loses it. A file
holds the chart and the kept state of the draft on which it rests; it opens with the clinic's data key.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic_app.errors import NotFound, RecordChanged
from clinic_app.models.data_key import DataKey
from clinic_app.models.private_files import private_folder, write_private
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charts import Charts, content_from_json, content_to_json

_PURPOSE = b"clinic-app draft on a workstation 1"
_NONCE = 12


@dataclass(frozen=True, slots=True)
class LocalDraft:
    """A chart as it was typed last, and what was kept of it before: the version and its content."""

    patient_id: int
    version: int
    base: ChartContent
    content: ChartContent


class LocalDrafts:
    """The charts of one workstation that wait for the server."""

    def __init__(self, folder: Path, data_key: DataKey) -> None:
        self._folder = folder
        self._data_key = data_key

    def keep(self, actor: Actor, draft_id: int, draft: LocalDraft) -> None:
        """Keep what was typed, in place of what was kept of this draft here before. Raises StoreProblem."""
        contents = {"base": content_to_json(draft.base), "content": content_to_json(draft.content)}
        said = {"patient": draft.patient_id, "version": draft.version, **contents}
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher().encrypt(nonce, json.dumps(said).encode("utf-8"), self._bound(actor, draft_id))
        private_folder(self._folder)
        write_private(self._file(actor, draft_id), nonce + sealed)

    def read(self, actor: Actor, draft_id: int) -> LocalDraft | None:
        """What this person typed into the draft and the server has not; None where there is nothing that opens."""
        try:
            sealed = self._file(actor, draft_id).read_bytes()
            opened = self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound(actor, draft_id))
            said = json.loads(opened)
            base, content = content_from_json(said["base"]), content_from_json(said["content"])
            return LocalDraft(int(said["patient"]), int(said["version"]), base, content)
        except (OSError, InvalidTag, ValueError, TypeError, KeyError):
            return None

    def waiting(self, actor: Actor) -> tuple[int, ...]:
        """The drafts of which this person has something here."""
        found = self._folder.glob(f"{actor.account_id}-*.draft")
        return tuple(sorted(int(file.stem.split("-")[1]) for file in found))

    def save_waiting(self, actor: Actor, charts: Charts) -> tuple[int, int]:
        """Keep on the server what can be kept without a choice; returns how many were, and how many wait for one.

        A chart that was signed or discarded elsewhere meanwhile comes back as a chart of its own.
        """
        saved, others = 0, 0
        for draft_id in self.waiting(actor):
            draft = self.read(actor, draft_id)
            if draft is None:
                continue
            try:
                charts.keep(actor, draft_id, draft.version, draft.content)
            except RecordChanged:
                others += 1  # opening the draft shows both
            except NotFound:
                charts.restore(actor, draft.patient_id, draft.content)
                self.forget(actor, draft_id)
                saved += 1
            else:
                self.forget(actor, draft_id)
                saved += 1
        return saved, others

    def forget(self, actor: Actor, draft_id: int) -> None:
        """The server has it, or nobody wants it any more."""
        with suppress(OSError):
            self._file(actor, draft_id).unlink(missing_ok=True)

    def _file(self, actor: Actor, draft_id: int) -> Path:
        return self._folder / f"{actor.account_id}-{draft_id}.draft"

    def _bound(self, actor: Actor, draft_id: int) -> bytes:
        """Authenticated with the content, so that a file cannot be put under another name."""
        return b"%s %d %d" % (_PURPOSE, actor.account_id, draft_id)

    def _cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(self._data_key.reveal()))
