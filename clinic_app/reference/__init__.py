"""Facts that change with a release of the program, not with a patient. Importing this package costs nothing."""

from clinic_app.reference.catalogue import Reference, load_reference

__all__ = ["Reference", "load_reference"]
