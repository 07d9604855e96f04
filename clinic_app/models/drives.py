"""Of which kind the drive is that a folder is on: a database file is safe on a drive of this computer only."""

from pathlib import Path

_ON_THE_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "afs", "webdav", "davfs", "9p", "ncpfs", "gfs2"}
    | {"ocfs2", "ceph", "glusterfs", "lustre", "beegfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.glusterfs"}
    | {"fuse.ceph", "fuse.s3fs", "fuse.gvfsd-fuse", "macfuse", "osxfuse"}
)
"""File systems whose locks and shared memory do not hold between computers (https://www.sqlite.org/useovernet.html)."""


def on_the_network(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, lies on another computer's drive."""
    import psutil  # slow to import, and needed once, when a folder is opened

    there = folder.absolute()
    if there.drive.startswith(("\\\\", "//")):
        return True  # a share by its name, on Windows
    there = there.resolve()
    drives = psutil.disk_partitions(all=True)
    holding = [drive for drive in drives if there.is_relative_to(drive.mountpoint)]
    if not holding:
        return False
    nearest = max(holding, key=lambda drive: len(Path(drive.mountpoint).parts))
    # Of two drives on one folder the one that was put there last is seen.
    last = [drive for drive in holding if drive.mountpoint == nearest.mountpoint][-1]
    return last.fstype.casefold() in _ON_THE_NETWORK or "remote" in last.opts.split(",")
