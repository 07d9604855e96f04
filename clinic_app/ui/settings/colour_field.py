"""A choice of one of the palette's colours, each by its name with a swatch of it."""

from PySide6.QtWidgets import QWidget

from clinic_app.ui.icons import icon
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import TYPE_COLOURS, type_colour
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.value_fields import ChoiceField

NO_COLOUR = ""


class ColourField(ChoiceField[str]):
    """The value is the key under which a colour is stored, "" for none."""

    def __init__(self, label: str, parent: QWidget | None = None, *, hint: str = "") -> None:
        choices = [(NO_COLOUR, "No colour"), *((key, colour.name) for key, colour in TYPE_COLOURS.items())]
        super().__init__(label, choices, parent, hint=hint)
        on_palette_change(self, self._tint)

    def _tint(self) -> None:
        for number, key in enumerate(self._values):
            if key != NO_COLOUR:
                self.editor.setItemIcon(number, icon("swatch", type_colour(key, current_theme())))
