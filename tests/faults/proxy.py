"""A line that can be cut: a small TCP proxy between the program and its database server."""

import socket
import threading
from contextlib import suppress
from socket import socket as Socket  # noqa: N812  # the module is used, too


class Proxy:
    """Passes on what both sides say until it is told to cut the line.

    ``lose_answers`` cuts the line after the server has answered so many commits that the program asks for from then on,
    and keeps each of these answers for itself; ``lose_commits`` cuts it before the server hears of the commit.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._lines: list[tuple[Socket, Socket]] = []
        self._away = False
        self.answers_to_lose = 0
        self.commits_to_lose = 0
        self.asked = 0
        """How often the program said something, on all its lines."""
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_answers(self, commits: int) -> None:
        self.answers_to_lose = commits

    def lose_commits(self, commits: int) -> None:
        self.commits_to_lose = commits

    def cut(self, *, for_good: bool = False) -> None:
        """Cut every line; ``for_good`` lets nobody connect until ``mend``."""
        with self._lock:
            self._away = for_good
            lines, self._lines = self._lines, []
        for line in lines:
            _close(line)

    def mend(self) -> None:
        self._away = False

    def end(self) -> None:
        self._listener.close()
        self.cut(for_good=True)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server))
                except OSError:
                    client.close()
                    continue
                with self._lock:
                    if self._away:
                        _close((client, server))
                        continue
                    self._lines.append((client, server))
                losing = threading.Event()
                for one, other in ((client, server), (server, client)):
                    passing = threading.Thread(target=self._pass_on, args=(one, other, client, losing), daemon=True)
                    passing.start()

    def _pass_on(
        self, one: socket.socket, other: socket.socket, client: socket.socket, losing: threading.Event
    ) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if one is client:
                    with self._lock:
                        self.asked += 1
                if one is client and b"COMMIT\0" in said:  # and not READ COMMITTED
                    if self._take("commits_to_lose"):
                        break
                    if self._take("answers_to_lose"):
                        losing.set()
                elif one is not client and losing.is_set():
                    break  # the server has committed
                other.sendall(said)
        _close((one, other))

    def _take(self, name: str) -> bool:
        with self._lock:
            left: int = getattr(self, name)
            setattr(self, name, max(0, left - 1))
            return left > 0


def _close(line: tuple[Socket, Socket]) -> None:
    for end in line:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
