"""A clinic on a server as the files of a clinic in a folder: what a backup holds is the same, and opens anywhere.

The server's own ``pg_dump`` makes another kind of copy, for whoever runs the server: it is not encrypted, opens only
on a server, and needs programs of the server's release on every workstation.
"""

from pathlib import Path

from clinic_app.models import copying, sealing
from clinic_app.models.database import encrypted_engine, store_problems
from clinic_app.models.server import ServerAddress, server_engine
from clinic_app.models.small_files import SmallFiles
from clinic_app.models.snapshot import Pulse
from clinic_app.models.upgrade import upgrade
from clinic_app.settings import Settings


def snapshot_of_server(settings: Settings, data_key: bytes, folder: Path, pulse: Pulse) -> list[Path]:
    """Write the clinic as it is at this moment into a folder, while others work; returns the files, the database first.

    ``pulse`` is called again and again, and what it raises ends the work. Raises StoreProblem.
    """
    there = Settings(data=folder)
    server = server_engine(ServerAddress.read(settings.database_url))
    here = encrypted_engine(there.database_file, data_key)
    try:
        with store_problems(), server.connect() as source, here.connect() as target:
            upgrade(here)
            with target.begin():
                sealing.remove(target)
            moment = source.execution_options(isolation_level="REPEATABLE READ")
            with moment.begin():
                for table in copying.tables():
                    copying.copy(moment, target, table, lambda _: pulse())
            with target.begin():
                copying.go_on_numbering(target)
                sealing.install(target)
    finally:
        server.dispose()
        here.dispose()
    return [there.database_file, *_small_files(server_files(settings), there)]


def server_files(settings: Settings) -> SmallFiles:
    """The small files of a clinic on a server."""
    return SmallFiles.on_server(server_engine(ServerAddress.read(settings.database_url)))


def _small_files(found: SmallFiles, there: Settings) -> list[Path]:
    SmallFiles.in_folder(there).keys.write(found.keys.read())
    if not found.research.exists():
        return [there.key_file]
    SmallFiles.in_folder(there).research.write(found.research.read())
    return [there.key_file, there.research_key_file]
