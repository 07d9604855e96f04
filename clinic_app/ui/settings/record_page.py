"""Where the record is, and who protects it there: told to everybody, changed by nobody here."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.record_place import RecordPlace
from clinic_app.services.server_clinics import ServerFacts
from clinic_app.ui.patients.parts import FactList, plain_label
from clinic_app.ui.settings.page import SettingsPage
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.workplace import Workplace

_ABOUT = "Where everything that is written here is kept."
_IN_FOLDER = (
    "The record is a file in this folder, encrypted with the clinic's key. A passphrase or the recovery code opens it."
)
_OUTGROWN = (
    "A folder serves one computer. A clinic that outgrows it moves to a PostgreSQL server, where many computers work "
    "at the same time. Whoever runs the server copies the clinic there with this command; the folder stays as it was. "
    "The steps are in the README.\n\nclinic-app move --to postgresql://clinic_owner@host/clinic"
)
_AT_REST = (
    "On the server's disk this program encrypts nothing. Whoever runs the server encrypts its disk, and can read the "
    "record there."
)
_HERE = "Charts that this computer keeps until the server has them are encrypted with the clinic's key."
_WORK = (
    "The server does not let the account {account} change or remove a signed visit or a line of the audit trail, nor "
    "change the tables."
)
_NOT_SENT_AWAY = "not encrypted: it does not leave this computer"
_OWNER = (
    "This computer works with {account}, the account that owns the tables and could change what was signed. Connect "
    "it with the account for work (clinic_work) instead."
)


class RecordPage(SettingsPage[Path | ServerFacts]):
    """Looks each time it is shown: how a server is changes by itself."""

    title = "Record"
    managers_only = False

    def __init__(self, workplace: Workplace, place: RecordPlace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self._place = place
        self.where = TextField("Address" if place.on_server else "Folder", self, longest=4000)
        self.where.set_read_only(True)
        self.copy_button = PlainButton("Copy", self, icon="copy")
        self.copy_button.setToolTip(f"Copy the {self.where.name.lower()}")
        self.copy_button.clicked.connect(self._copy)
        self.facts = FactList(self)
        self.owner = Note(Level.WARN, self)
        self.work = plain_label("", self)
        self._build_server() if place.on_server else self._build_folder()

    def read(self) -> Path | ServerFacts:
        """The folder, or the server as it is now."""
        return self._place.look()

    def show_read(self, read: Path | ServerFacts) -> None:
        """Show it."""
        if isinstance(read, Path):
            self.where.set_value(str(read))
            return
        self.where.set_value(read.address)
        self.facts.set_facts(
            (
                ("Server", f"PostgreSQL {read.version.split()[0]}"),
                ("What is sent", f"encrypted ({read.encryption})" if read.encryption else _NOT_SENT_AWAY),
                ("Open", f"on {read.workstations} computers" if read.workstations > 1 else "on this computer only"),
                ("An answer takes", "less than 1 ms" if read.answer_ms < 1 else f"{round(read.answer_ms)} ms"),
            )
        )
        self.owner.say(_OWNER.format(account=read.account) if read.owner else "")
        self.work.setText("" if read.owner else _WORK.format(account=read.account))
        self.work.setVisible(not read.owner)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again, also when nobody changed anything."""
        self._stale = True
        super().showEvent(event)

    def _build_folder(self) -> None:
        here = Section("On this computer", self)
        here.add(self._where_row())
        here.add(Muted(_IN_FOLDER, self, wrap=True))
        self.add(here)
        outgrown = Section("More than one computer", self)
        words = Muted(_OUTGROWN, self, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outgrown.add(words)
        self.add(outgrown)

    def _build_server(self) -> None:
        server = Section("On a server", self)
        server.add(self._where_row())
        server.add(self.facts)
        self.add(server)
        protected = Section("Who protects what", self)
        protected.add(self.owner)
        for words in (plain_label(_AT_REST, self), plain_label(_HERE, self), self.work):
            protected.add(words)
        self.add(protected)

    def _where_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.where, 1)
        row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.where.value())
