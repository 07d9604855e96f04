import pytest

from clinic_app.reference import Reference, load_reference


@pytest.fixture(scope="session")
def reference() -> Reference:
    loaded = load_reference()
    assert loaded.sources  # reads every file now, so that no single test pays for it
    return loaded
