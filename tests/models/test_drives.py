"""A database file is refused on a drive of another computer."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from clinic_app.errors import StoreProblem
from clinic_app.models.drives import on_the_network
from clinic_app.services.stores import set_up, unlock
from clinic_app.settings import Settings
from tests.clinics import CHEAP, PASSPHRASE, PORT_ALDER, StandingClock
from tests.services.conftest import TEN

Mount = Callable[..., None]


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> Mount:
    """The operating system tells of these drives: folder, file system, options."""

    def mount(*drives: tuple[str, str, str]) -> None:
        found = [SimpleNamespace(mountpoint=at, fstype=kind, opts=options) for at, kind, options in drives]
        monkeypatch.setattr(psutil, "disk_partitions", lambda all: found)

    return mount


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"])
def test_a_share_is_known_by_its_file_system(mounted: Mount, tmp_path: Path, kind: str) -> None:
    mounted(("/", "ext4", "rw"), (str(tmp_path / "share"), kind, "rw"))
    assert on_the_network(tmp_path / "share" / "not" / "there yet")
    assert on_the_network(tmp_path / "share")
    assert not on_the_network(tmp_path / "shared")
    assert not on_the_network(tmp_path)


def test_a_drive_of_this_computer_inside_a_share_and_over_one_is_none(mounted: Mount, tmp_path: Path) -> None:
    share = str(tmp_path)
    mounted(("/", "ext4", "rw"), (share, "nfs4", "rw"), (f"{share}/own", "xfs", "rw"), (share, "btrfs", "rw"))
    assert not on_the_network(tmp_path / "own" / "clinic")
    assert not on_the_network(tmp_path / "clinic")


def test_a_drive_that_windows_calls_remote_is_one(mounted: Mount, tmp_path: Path) -> None:
    mounted(("/", "NTFS", "rw,remote"))
    assert on_the_network(tmp_path)


def test_a_link_to_a_share_is_a_share(mounted: Mount, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "share")
    mounted(("/", "ext4", "rw"), (str(tmp_path / "share"), "cifs", "rw"))
    assert on_the_network(tmp_path / "link" / "clinic")


def test_the_drives_of_this_machine_are_read(tmp_path: Path) -> None:
    assert not on_the_network(tmp_path)


def test_a_clinic_on_a_share_is_neither_set_up_nor_opened(mounted: Mount, tmp_path: Path) -> None:
    settings, clock = Settings(data=tmp_path / "share" / "clinic"), StandingClock(TEN)
    mounted(("/", "ext4", "rw"), (str(tmp_path / "share"), "cifs", "rw"))
    with pytest.raises(StoreProblem, match="PostgreSQL") as refused:
        set_up(settings, PORT_ALDER, clock, cost=CHEAP)
    assert refused.value.code == "store_on_share"
    assert not settings.data.exists()
    mounted(("/", "ext4", "rw"))
    set_up(settings, PORT_ALDER, clock, cost=CHEAP)
    mounted(("/", "ext4", "rw"), (str(tmp_path / "share"), "cifs", "rw"))
    with pytest.raises(StoreProblem) as refused:
        unlock(settings, "ellison", PASSPHRASE, clock)
    assert refused.value.code == "store_on_share"
