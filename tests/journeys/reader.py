"""The program as assistive technology has it: a client of the accessibility bus, which reads, presses and writes.

It speaks AT-SPI over D-Bus, as a screen reader does, from another process than the window; nothing of Qt is shared.
The interfaces: https://gitlab.gnome.org/GNOME/at-spi2-core/-/tree/main/xml
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    MatchRule,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import open_dbus_connection

_PATIENCE = 30.0
"""Seconds until something that should appear counts as missing."""

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_ACTION = "org.a11y.atspi.Action"
_TEXT = "org.a11y.atspi.Text"
_EDITABLE = "org.a11y.atspi.EditableText"
_COMPONENT = "org.a11y.atspi.Component"
_EVENTS = "org.a11y.atspi.Event.Object"
_REGISTRY = "org.a11y.atspi.Registry"

Found = TypeVar("Found")

_FOCUSED, _SHOWING = 12, 25
"""Numbers of the states "focused" and "showing" in AT-SPI's list of states."""


class Gone(Exception):
    """The thing does not exist any more."""


@dataclass(frozen=True)
class Thing:
    """One accessible object: the process that owns it and its path there."""

    owner: str
    path: str


class Reader:
    """Reads and drives every program on one session bus, and hears from its beginning on what they announce."""

    def __init__(self, session_bus: str) -> None:
        session = open_dbus_connection(session_bus)
        bus = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        (address,) = session.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=_PATIENCE).body
        session.close()
        self._connection = open_dbus_connection(address)
        self._announced: deque[Message] = deque()
        announcement = MatchRule(type="signal", interface=_EVENTS, member="Announcement")
        self._connection.filter(announcement, queue=self._announced)
        registry = DBusAddress("/org/a11y/atspi/registry", _REGISTRY, "org.a11y.atspi.Registry")
        for call in (
            message_bus.AddMatch(announcement),
            new_method_call(registry, "RegisterEvent", "sass", ("object:announcement", [], "")),
        ):
            self._connection.send_and_get_reply(call, timeout=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def find(self, role: str, name: str) -> Thing:
        """The thing that shows with this role and name; waits for it."""
        return self._wait(lambda: self._search(role, name), f"no {role} {name!r} on the accessibility bus")

    def gone(self, role: str, name: str) -> bool:
        """Whether no such thing shows any more; waits for it to go."""
        return self._wait(lambda: self._search(role, name) is None or None, f"{role} {name!r} still shows")

    def until(self, thing: Thing, words: str) -> str:
        """The description of a thing as soon as it contains these words."""

        def described() -> str | None:
            text = self.description(thing)
            return text if words in text else None

        return self._wait(described, f"{self.name(thing)!r} is never described with {words!r}")

    def hear(self, words: str) -> list[str]:
        """What was announced since it was asked last, up to these words; waits for them as a screen reader does."""
        said: list[str] = []
        while words not in said:
            message = self._connection.recv_until_filtered(self._announced, timeout=_PATIENCE)
            said.append(str(message.body[3][1]))
        return said

    def focused(self, thing: Thing) -> bool:
        """Whether what is typed goes there; waits for it."""
        return self._wait(lambda: self._state(thing, _FOCUSED) or None, f"{self.name(thing)!r} has not the focus")

    def children(self, thing: Thing) -> list[Thing]:
        """What it contains, in its order."""
        (children,) = self._call(thing, _ACCESSIBLE, "GetChildren")
        return [Thing(*child) for child in children]

    def name(self, thing: Thing) -> str:
        """Its name."""
        return str(self._property(thing, _ACCESSIBLE, "Name"))

    def description(self, thing: Thing) -> str:
        """Its description."""
        return str(self._property(thing, _ACCESSIBLE, "Description"))

    def role(self, thing: Thing) -> str:
        """The English name of its role: "button", "canvas", "text"."""
        (role,) = self._call(thing, _ACCESSIBLE, "GetRoleName")
        return str(role)

    def box(self, thing: Thing) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen, in pixels."""
        ((left, top, width, height),) = self._call(thing, _COMPONENT, "GetExtents", "u", (0,))
        return left, top, width, height

    def press(self, thing: Thing) -> None:
        """Do the first thing it can do."""
        (done,) = self._call(thing, _ACTION, "DoAction", "i", (0,))
        assert done

    def focus(self, thing: Thing) -> None:
        """Give it the keyboard's focus."""
        (taken,) = self._call(thing, _COMPONENT, "GrabFocus")
        assert taken

    def write(self, thing: Thing, text: str) -> None:
        """Replace the text of a field, as a dictation does."""
        (done,) = self._call(thing, _EDITABLE, "SetTextContents", "s", (text,))
        assert done

    def text(self, thing: Thing) -> str:
        """The text in a field."""
        (text,) = self._call(thing, _TEXT, "GetText", "ii", (0, -1))
        return str(text)

    def everything(self) -> Iterator[tuple[str, str, str]]:
        """Role, name and description of everything that shows."""
        for thing in self._walk():
            yield self.role(thing), self.name(thing), self.description(thing)

    def _search(self, role: str, name: str) -> Thing | None:
        for thing in self._walk():
            try:
                if self.name(thing) == name and self.role(thing) == role:
                    return thing
            except Gone:
                continue
        return None

    def _walk(self) -> Iterator[Thing]:
        """Everything that shows, the windows first."""
        root = Thing(_REGISTRY, "/org/a11y/atspi/accessible/root")
        waiting = [window for program in self.children(root) for window in self.children(program)]
        while waiting:
            thing = waiting.pop(0)
            try:
                if self._shows(thing):
                    yield thing
                    waiting += self.children(thing)
            except Gone:
                continue

    def _shows(self, thing: Thing) -> bool:
        return self._state(thing, _SHOWING)

    def _state(self, thing: Thing, number: int) -> bool:
        ((low, _),) = self._call(thing, _ACCESSIBLE, "GetState")
        return bool(low >> number & 1)

    def _wait(self, look: Callable[[], Found | None], missing: str) -> Found:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                found = look()
            except Gone:
                continue
            if found is not None:
                return found
        raise AssertionError(missing)

    def _call(self, thing: Thing, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        address = DBusAddress(thing.path, bus_name=thing.owner, interface=interface)
        call = new_method_call(address, method, signature, body) if signature else new_method_call(address, method)
        return self._ask(call)

    def _property(self, thing: Thing, interface: str, name: str) -> Any:
        address = DBusAddress(thing.path, bus_name=thing.owner, interface=interface)
        return self._ask(Properties(address).get(name))[0][1]

    def _ask(self, call: Any) -> Any:
        reply = self._connection.send_and_get_reply(call, timeout=_PATIENCE)
        if reply.header.message_type is MessageType.error:
            raise Gone(DBusErrorResponse(reply))
        return reply.body
