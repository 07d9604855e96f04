"""The clinic of the services' tests, to be damaged."""

from tests.services.conftest import clinic, port_alder

__all__ = ["clinic", "port_alder"]
