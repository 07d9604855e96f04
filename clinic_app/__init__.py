"""A desktop program for clinics that treat dystonia with repeated botulinum-toxin injections."""

__version__ = "0.1.0"
