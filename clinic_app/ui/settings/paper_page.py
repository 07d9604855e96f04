"""What stands at the head of the clinic's paper: name, address, telephone and logo; and the size of the paper."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.clinics import LetterheadForm
from clinic_app.services.logos import LARGEST_FILE
from clinic_app.terms import PaperSize
from clinic_app.ui.settings.page import Change, SettingsPage
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import FieldError, TextArea, TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_PAPERS = ((PaperSize.LETTER, "Letter, 8½ × 11 inches"), (PaperSize.A4, "A4, 210 × 297 mm"))
_LOGO_HEIGHT = 80
_FILTER = "Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.tif *.tiff)"


@dataclass(frozen=True, slots=True)
class Head:
    """What the page shows: the texts, and the logo as a PNG picture or nothing."""

    form: LetterheadForm
    logo: bytes


class PaperPage(SettingsPage[Head]):
    """The texts count when they are saved, the logo when it is chosen."""

    title = "Clinic and paper"
    kinds = frozenset({"clinic", "clinic_logo"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace, "This stands at the head of every letter, note, list and handout from the next print on.", parent
        )
        self._read: Head | None = None
        self.name = TextField("Name of the clinic", self, longest=300)
        self.address = TextArea("Address", self, lines=3)
        self.phone = TextField("Telephone", self, longest=100)
        self.paper_size = ChoiceField[PaperSize]("Paper", _PAPERS, self)
        self.fields = {
            "name": self.name, "address": self.address, "phone": self.phone, "paper_size": self.paper_size,
        }  # fmt: skip
        self.save_button = PrimaryButton("Save", self)
        self.save_button.clicked.connect(self._save)
        self.logo = QLabel(self)
        self.logo.setAccessibleName("Logo of the clinic")
        self.logo.setMinimumHeight(_LOGO_HEIGHT)
        self.logo_error = FieldError(self)
        self.choose_button = PlainButton("Choose a picture…", self, icon="file-text")
        self.choose_button.setToolTip("A PNG or JPEG file; an empty edge around it is cut away")
        self.choose_button.clicked.connect(self._ask)
        self.remove_button = PlainButton("Take it away", self, icon="x")
        self.remove_button.clicked.connect(self._remove)
        self._build()
        for field in (self.name, self.address, self.phone, self.paper_size):
            field.set_read_only(not self.manager)
            field.changed.connect(self._changed)
        for button in (self.save_button, self.choose_button, self.remove_button):
            button.setVisible(self.manager)
        self._changed()

    def read(self) -> Head:
        """The head of the paper as it is now."""
        services = self.workplace.services
        return Head(services.clinics.letterhead(), services.logos.shown())

    def show_read(self, read: Head) -> None:
        """Show it; what somebody is typing stays."""
        typing = self._read is not None and self._form() != self._read.form
        self._read = read
        if not typing:
            self.name.set_value(read.form.name)
            self.address.set_value(read.form.address)
            self.phone.set_value(read.form.phone)
            self.paper_size.set_value(read.form.paper_size)
        picture = QPixmap()
        picture.loadFromData(read.logo)
        if picture.isNull():
            self.logo.setText("No logo: the name stands alone.")
        else:
            ratio = self.devicePixelRatioF()
            shown = picture.scaledToHeight(
                min(round(_LOGO_HEIGHT * ratio), picture.height()), Qt.TransformationMode.SmoothTransformation
            )
            shown.setDevicePixelRatio(ratio)
            self.logo.setPixmap(shown)
        self.remove_button.setEnabled(not picture.isNull())
        self._changed()

    def unsaved(self) -> str:
        """Whether the texts were changed and not saved."""
        if self._read is not None and self._form() != self._read.form:
            return "The head of the paper (Settings, Clinic and paper) is not saved. Save it first."
        return ""

    def take_picture(self, path: Path) -> None:
        """Print this picture from now on, or say under it why not."""
        logos, actor = self.workplace.services.logos, self.workplace.actor

        def do() -> bytes:
            try:
                if path.stat().st_size > LARGEST_FILE:
                    raise ClinicError("logo_too_large", field="logo")
                picture = path.read_bytes()
            except OSError as error:
                raise ClinicError("logo_not_found", field="logo") from error
            if not picture:
                raise ClinicError("logo_unreadable", field="logo")
            return logos.take(actor, picture)

        self.logo_error.hide()
        said = "The logo stands on the clinic's paper."
        self.change(Change(said, do, lambda before: logos.take(actor, before), failed=self._logo_refused))

    def _build(self) -> None:
        texts = Section("Head of the paper", self)
        texts.add(self.name)
        texts.add(self.address)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        row.addWidget(self.phone, 1)
        row.addWidget(self.paper_size, 1)
        texts.add(row)
        save = QHBoxLayout()
        save.addWidget(self.save_button)
        save.addStretch(1)
        texts.add(save)
        sign = Section("Logo", self)
        sign.add(Muted("At most 34 mm wide and 14 mm high, beside the name. In grey it should still read well.", self))
        column = QVBoxLayout()
        column.setSpacing(INSIDE)
        column.addWidget(self.logo, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.logo_error)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        sign.add(column)
        self.add(texts)
        self.add(sign)

    def _form(self) -> LetterheadForm:
        size = self.paper_size.value() or PaperSize.LETTER
        return LetterheadForm(self.name.value(), self.address.value(), self.phone.value(), size)

    @Slot()
    def _changed(self) -> None:
        self.save_button.setEnabled(self._read is not None and self._form() != self._read.form)

    @Slot()
    def _save(self) -> None:
        clinics, actor, form = self.workplace.services.clinics, self.workplace.actor, self._form()

        def saved(_before: object) -> None:
            self._read = None if self._read is None else Head(form, self._read.logo)
            self.refresh()

        self.change(
            Change(
                "Head of the paper saved.",
                lambda: clinics.set_letterhead(actor, form),
                lambda before: clinics.set_letterhead(actor, before),
                done=saved,
                failed=self._texts_refused,
            )
        )

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose the logo", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._picked)
        dialog.open()

    @Slot(str)
    def _picked(self, path: str) -> None:
        self.take_picture(Path(path))

    @Slot()
    def _remove(self) -> None:
        logos, actor = self.workplace.services.logos, self.workplace.actor
        self.logo_error.hide()
        self.change(
            Change("The logo was taken away.", lambda: logos.take(actor, b""), lambda before: logos.take(actor, before))
        )

    def _logo_refused(self, error: ClinicError) -> None:
        self.logo_error.setText(told(error))
        self.logo_error.show()

    def _texts_refused(self, error: ClinicError) -> None:
        field = self.fields.get(error.field)
        if field is None:
            self._refused(error)
        else:
            field.set_error(told(error))
