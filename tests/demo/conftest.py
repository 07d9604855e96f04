"""A copy of the demo clinic for every test, opened on a Wednesday."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template
from clinic_app.reference.catalogue import Reference, load_reference
from clinic_app.resources import resource_path
from clinic_app.services.stores import OpenStore, unlock

WEDNESDAY = datetime(2027, 6, 16, 14, 40, tzinfo=UTC)  # 10:40 in New York


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return Atlas(resource_path("atlas", "baked"))


@pytest.fixture(scope="module")
def cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The template is built once for all runs of the tests and copied, since each copy is moved in time."""
    kept = Path(pytestconfig.cache.mkdir("demo"))
    patch = pytest.MonkeyPatch()
    patch.setattr(template, "cache_folder", lambda: kept)
    template.kept_template(Atlas(resource_path("atlas", "baked")), load_reference())
    own = tmp_path_factory.mktemp("cache")
    shutil.copytree(kept, own, dirs_exist_ok=True)
    patch.setattr(template, "cache_folder", lambda: own)
    yield own
    patch.undo()


@pytest.fixture
def demo(cache: Path, atlas: Atlas, reference: Reference) -> Iterator[OpenStore]:
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    yield store
    store.database.close()
    folder.remove()
    assert not folder.folder.exists()
