"""Handouts: which texts there are, the clinic's own, and who stands by them."""

from dataclasses import dataclass

from PySide6.QtCore import QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.handouts import HandoutRow, HandoutSource, digest_of
from clinic_app.ui.locale import date_text, language_name
from clinic_app.ui.settings.page import Change, SettingsPage, table_height
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_EDITOR = 360
_PAUSE_MS = 400
_SHIPPED, _DISCARD = "Program's text again", "Discard changes"
_OTHERS = (
    "Somebody else changed this text while you were writing. "
    "Keep yours in the place of theirs, or discard your changes to read it."
)


class HandoutsPage(SettingsPage[tuple[HandoutRow, ...]]):
    """A table of texts, and the chosen one to read, to change, and to stand by. What was typed stays until kept."""

    title = "Handouts"
    kinds = frozenset({"handout_edition", "clinic_handout", "account"})
    managers_only = False
    paper_requested = Signal(object)
    """Carries what gathers the paper of the text as it stands in the field."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        may_edit = workplace.may(Act.EDIT_HANDOUTS)
        about = (
            "The texts that patients take home. Each paper says so while nobody of the clinic has reviewed its text."
        )
        if not may_edit:
            about += " A physician or the manager changes them."
        super().__init__(workplace, about, parent)
        self._handouts = workplace.services.handouts
        self._shown_source: HandoutSource | None = None
        self._drafts = _Drafts(workplace.services.clinic.name)
        self.list = Section("Texts", self)
        self.table: RowTable[HandoutRow] = RowTable(
            (
                Column("Handout", lambda row: row.title, width=200, stretch=True),
                Column("Language", lambda row: language_name(row.language), width=90, fit=Fit.CONTENT),
                Column("Text", lambda row: "own" if row.own else "of the program", width=100, fit=Fit.CONTENT),
                Column("Reviewed", _reviewed, width=160, fit=Fit.CONTENT),
            ),
            self,
            name="settings-handouts",
            label="Handouts",
            key=lambda row: (row.name, row.language),
            empty=EmptyState("file-text", "There are no handouts in this release.", self),
        )
        self.list.add(self.table)
        self.text = Section("Text", self)
        self.editor = QPlainTextEdit(self)
        self.editor.setAccessibleName("Text of the handout")
        self.editor.setMinimumHeight(_EDITOR)
        self.editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.editor.setTabChangesFocus(True)
        self.editor.setReadOnly(not may_edit)
        self.help = Muted(
            "Markdown: ## before a heading, - before an item, **bold**, ____ for a line to write on. "
            "Raise the version in the head with each change.",
            self,
            wrap=True,
        )
        self.problem = Note(Level.STOP, self)
        self.look_button = PlainButton("Look at it", self, icon="eye")
        self.review_button = PlainButton("Mark as reviewed", self, icon="check")
        self.review_button.setToolTip("You have read this text and stand by it; the paper then names you")
        self.shipped_button = PlainButton(_SHIPPED, self, icon="undo-2")
        self.keep_button = PrimaryButton("Keep text", self, icon="check")
        for button in (self.review_button, self.shipped_button, self.keep_button):
            button.setVisible(may_edit)
        self.help.setVisible(may_edit)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._check)
        self._lay_out()
        self._connect()

    def read(self) -> tuple[HandoutRow, ...]:
        """Every text."""
        return self._handouts.choices(self.workplace.actor)

    def show_read(self, read: tuple[HandoutRow, ...]) -> None:
        """Show them; the chosen one stays chosen, and is read again where nothing is being written."""
        self.table.set_rows(read)
        self.table.setFixedHeight(table_height(len(read)))
        row = self.table.selected()
        if row is None and read:
            self.table.select(read[0])
        elif row is not None:
            self._ask_source(row)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addWidget(self.shipped_button)
        foot.addStretch(1)
        foot.addWidget(self.look_button)
        foot.addWidget(self.review_button)
        foot.addWidget(self.keep_button)
        inside = QVBoxLayout()
        inside.setSpacing(INSIDE)
        inside.addWidget(self.help)
        inside.addWidget(self.editor)
        inside.addWidget(self.problem)
        inside.addLayout(foot)
        self.text.add(inside)
        self.add(self.list)
        self.add(self.text)

    def _connect(self) -> None:
        self.table.selected_row.connect(self._chosen)
        self.editor.textChanged.connect(self._typed)
        self.look_button.clicked.connect(self._look)
        self.keep_button.clicked.connect(self._keep)
        self.review_button.clicked.connect(self._review)
        self.shipped_button.clicked.connect(self._take_away)

    @Slot(object)
    def _chosen(self, row: HandoutRow | None) -> None:
        if row is not None:
            self._ask_source(row)

    def _ask_source(self, row: HandoutRow) -> None:
        handouts, actor = self._handouts, self.workplace.actor
        self.workplace.tasks.ask(
            "settings.handout", lambda: handouts.source(actor, row.name, row.language), self._show_source,
            self._refused, owner=self,
        )  # fmt: skip

    def _show_source(self, source: HandoutSource) -> None:
        self._shown_source = source
        draft = self._drafts.of(source)
        wanted = source.source if draft is None else draft.typed
        if self.editor.toPlainText() != wanted:
            blocked = self.editor.blockSignals(True)
            self.editor.setPlainText(wanted)
            self.editor.blockSignals(blocked)
        self._show_state()
        self._check()

    def _show_state(self) -> None:
        source, row = self._shown_source, self.table.selected()
        changed = source is not None and self._drafts.of(source) is not None
        self.text.heading.setText("Text" if row is None else f"{row.title}, {language_name(row.language)}")
        self.keep_button.setEnabled(changed)
        unread = row is None or (row.reviewed_on is None and not row.problem)
        self.review_button.setEnabled(source is not None and not changed and unread)
        self.shipped_button.setEnabled(source is not None and (changed or source.own))
        self.look_button.setEnabled(source is not None)
        self.shipped_button.setText(_DISCARD if changed else _SHIPPED)

    @Slot()
    def _typed(self) -> None:
        source = self._shown_source
        if source is None:
            return
        typed = self.editor.toPlainText()
        if typed == source.source:
            self._drafts.forget(source)
        else:
            self._drafts.keep(source, typed)
        self._show_state()
        self._pause.start()

    @Slot()
    def _check(self) -> None:
        """Tell at once what of the head cannot be read, and that somebody else changed the text meanwhile."""
        source = self._shown_source
        draft = None if source is None else self._drafts.of(source)
        others = _OTHERS if source is not None and draft is not None and draft.written_on != source.digest else ""
        try:
            self._handouts.check(self.editor.toPlainText())
        except ClinicError as error:
            self.problem.say(told(error))
        else:
            self.problem.say(others)

    @Slot()
    def _look(self) -> None:
        handouts, actor, typed = self._handouts, self.workplace.actor, self.editor.toPlainText()
        source = self._shown_source
        if source is None:
            return
        if self._drafts.of(source) is not None:
            self.paper_requested.emit(lambda: handouts.preview(actor, typed))
        else:
            self.paper_requested.emit(lambda: handouts.paper(actor, source.name, source.language))

    @Slot()
    def _keep(self) -> None:
        source, typed = self._shown_source, self.editor.toPlainText()
        if source is None:
            return
        handouts, actor = self._handouts, self.workplace.actor

        def undo(kept: HandoutSource) -> None:
            if source.own:
                handouts.keep_own(actor, kept, source.source)
            else:
                handouts.take_own_away(actor, kept)

        self.change(
            Change(
                "The clinic's own text is printed from now on.",
                lambda: handouts.keep_own(actor, source, typed),
                undo,
                lambda _: self._drafts.forget(source),
                lambda error: self.problem.say(told(error)),
            )
        )

    @Slot()
    def _take_away(self) -> None:
        source = self._shown_source
        if source is None:
            return
        draft = self._drafts.of(source)
        if draft is not None:
            self._drafts.forget(source)
            self._show_source(source)
            self.undo_offered.emit("What was typed is discarded.", lambda: self._bring_back(source, draft))
            return
        handouts, actor = self._handouts, self.workplace.actor
        self.change(
            Change(
                "The program's text is printed from now on.",
                lambda: handouts.take_own_away(actor, source),
                lambda shipped: handouts.keep_own(actor, shipped, source.source),
            )
        )

    def _bring_back(self, source: HandoutSource, draft: "_Draft") -> None:
        self._drafts.put(source, draft)
        shown = self._shown_source
        if shown is not None and (shown.name, shown.language) == (source.name, source.language):
            self._show_source(shown)

    @Slot()
    def _review(self) -> None:
        source = self._shown_source
        if source is None:
            return
        handouts, actor = self._handouts, self.workplace.actor
        self.change(
            Change(
                "The text is marked as reviewed by you.",
                lambda: handouts.mark_reviewed(actor, source),
                lambda _: handouts.take_review_back(actor, source),
            )
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was typed, and the digest of the text on which it was written."""

    typed: str
    written_on: str


class _Drafts:
    """What was typed and not kept yet, by clinic and handout; it outlives the program. No patient stands in it."""

    def __init__(self, clinic: str) -> None:
        self._settings = QSettings()
        self._clinic = digest_of(clinic)[:16]

    def of(self, source: HandoutSource) -> _Draft | None:
        """What was typed for a handout, None where nothing was."""
        kept = self._settings.value(self._place(source))
        if not isinstance(kept, list) or len(kept) != 2:
            return None
        return _Draft(str(kept[0]), str(kept[1]))

    def keep(self, source: HandoutSource, typed: str) -> None:
        """Remember it, and on which text it was begun."""
        before = self.of(source)
        self.put(source, _Draft(typed, source.digest if before is None else before.written_on))

    def put(self, source: HandoutSource, draft: _Draft) -> None:
        """Remember it as it was."""
        self._settings.setValue(self._place(source), [draft.typed, draft.written_on])

    def forget(self, source: HandoutSource) -> None:
        """It is kept in the clinic, or given up."""
        self._settings.remove(self._place(source))

    def _place(self, source: HandoutSource) -> str:
        return f"handouts/drafts/{self._clinic}/{source.language}/{source.name}"


def _reviewed(row: HandoutRow) -> str:
    return "not yet" if row.reviewed_on is None else f"{row.reviewed_by}, {date_text(row.reviewed_on)}"
