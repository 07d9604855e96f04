"""Locks the clinic and lets people back: on command, when nobody is there, for the same person or for somebody else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.clipboard_watch import ClipboardWatch
from clinic_app.ui.closing import Closing
from clinic_app.ui.desks import Desk
from clinic_app.ui.idle import IdleWatch
from clinic_app.ui.tasks import Lane, Tasks
from clinic_app.ui.tokens import Level
from clinic_app.ui.unlock import UnlockPage

if TYPE_CHECKING:
    from clinic_app.services.access import Actor
    from clinic_app.services.clock import Clock
    from clinic_app.services.quick_return import QuickReturn
    from clinic_app.services.stores import OpenStore


class Locking(QObject):
    """Knows every unlocked window of the program: the one in front, and those that are put away."""

    to_front = Signal(object)
    """Carries the ``ClinicWindow`` that is in front now."""
    build_again = Signal(object)
    """Carries an ``OpenStore`` whose person has other rights than the window that was locked."""
    refused = Signal(str)
    """The PIN did not open; carries a sentence."""

    def __init__(
        self,
        tasks: Tasks,
        clock: Clock,
        opening: QWidget,
        show_unlock: Callable[[], UnlockPage],
        parent: QObject | None = None,
        *,
        hint: Callable[[], str],
    ) -> None:
        """``opening`` shows the unlock page and stays; a ``hint`` stands above the PIN of the demo, which never locks
        by itself.
        """
        super().__init__(parent)
        self._tasks = tasks
        self._clock = clock
        self._opening = opening
        self._show_unlock = show_unlock
        self._hint = hint
        self._desks: dict[int, Desk] = {}
        self._front: Desk | None = None
        self._last: Desk | None = None
        self._page: UnlockPage | None = None
        self._told_of_unsaved = False
        self._clipboard = ClipboardWatch(self)
        self._idle = IdleWatch(clock, self)
        self._idle.idle.connect(self.lock)
        self._idle.warned.connect(self._warn)

    @property
    def front(self) -> Desk | None:
        """The window that is not locked."""
        return self._front

    @property
    def holds_any(self) -> bool:
        """Whether there are windows, unlocked or locked."""
        return bool(self._desks)

    def add(self, desk: Desk) -> None:
        """A window that was just unlocked and built."""
        self._desks[desk.store.actor.account_id] = desk
        self._put_in_front(desk)

    def brings_back(self, store: OpenStore) -> bool:
        """Whether the window of who unlocked was only locked, and is in front again; the store is not needed then."""
        known = self._desks.get(store.actor.account_id)
        if known is None:
            return False
        if known.store.actor != store.actor:
            self._desks.pop(store.actor.account_id).end()  # other rights or another name: it is built anew
            return False
        known.store.key.hold(store.data_key)
        store.lock()
        self._bring_back(known)
        return True

    def end(self) -> Desk | None:
        """Take every window away; returns the one that was in front, whose store is still open."""
        self._idle.end()
        self._clipboard.clear()
        front, self._front = self._front, None
        for desk in self._desks.values():
            if desk is front:
                desk.end_window()
            else:
                desk.end()
        self._desks.clear()
        return front

    @Slot()
    def lock(self) -> None:
        """Put the window away as it is; who locked is asked for the PIN or the passphrase."""
        self._lock(for_another=False)

    @Slot()
    def switch(self) -> None:
        """Put the window away as it is; anybody is asked who they are."""
        self._lock(for_another=True)

    def _lock(self, *, for_another: bool) -> None:
        """The key is dropped when what is due was backed up."""
        desk, self._front = self._front, None
        if desk is None:
            return
        self._idle.end()
        self._clipboard.clear()
        page, actor = self._show_unlock(), desk.store.actor
        page.return_requested.connect(self._return)
        page.show_locked(actor.full_name, "" if for_another else actor.user_name)
        desk.put_away(self._opening)
        self._last, self._page = desk, page
        services, key, clock = desk.window.workplace.services, desk.store.key, self._clock

        def work() -> QuickReturn | None:
            from clinic_app.services.quick_return import prepare_return

            services.audit.closed(actor, "locked")
            return prepare_return(desk.store.database, actor, key, clock, services.clinic.time_zone)

        def prepared(back: QuickReturn | None) -> None:
            desk.back = back
            if back is not None and self._page is page and not for_another:
                page.offer_return(actor.full_name, self._hint())

        # Whatever came of it, the key goes.
        self._tasks.run(work, prepared, _unheard, owner=self, ended=lambda: self._back_up_and_drop(desk))

    @Slot(object)
    def ask_the_locked(self, question: Closing) -> None:
        """Somebody who is locked has typed what is nowhere saved: veto once, before it is lost."""
        if self._told_of_unsaved:
            return
        for desk in self._desks.values():
            reason = desk.window.unsaved() if desk.is_away else ""
            if reason:
                self._told_of_unsaved = True
                sentence = f"{desk.store.actor.full_name} is locked: {reason} Close again to lose it."
                question.veto(sentence)
                if self._page is not None:
                    self._page.say(sentence)
                return

    @Slot(object)
    def heard(self, kinds: frozenset[str]) -> None:
        """The manager may have chosen another time."""
        if "clinic" in kinds and self._front is not None:
            self._watch(self._front)

    def _back_up_and_drop(self, desk: Desk) -> None:
        plan = desk.window.workplace.services.backup_plan
        if plan is None:
            desk.lock()
        else:
            self._tasks.run(plan.at_close, _nothing, owner=self, lane=Lane.BACKUP, ended=desk.lock)

    @Slot(str)
    def _return(self, pin: str) -> None:
        desk, page = self._last, self._page
        if desk is None or desk.back is None or page is None:
            return
        back, store, privacy = desk.back, desk.store, desk.window.workplace.services.desk_privacy

        def work() -> Actor:
            store.key.hold(back.data_key(pin))
            try:
                return privacy.let_back(store.actor, back.failures)
            except BaseException:
                store.lock()
                raise

        def let_back(actor: Actor) -> None:
            if actor == store.actor:
                self._bring_back(desk)
            else:
                desk.end_window()
                del self._desks[actor.account_id]
                self.build_again.emit(replace(store, actor=actor))

        def refused(error: ClinicError) -> None:
            page.show_return_error(error, over=not back.is_open or error.code == "account_closed")
            self.refused.emit(str(error))

        page.back.set_busy(True)
        self._tasks.run(work, let_back, refused, owner=self)

    def _bring_back(self, desk: Desk) -> None:
        desk.come_back()
        self._put_in_front(desk)

    def _put_in_front(self, desk: Desk) -> None:
        self._front, self._last, self._page = desk, None, None
        self._told_of_unsaved = False
        self._opening.hide()
        self._watch(desk)
        self.to_front.emit(desk.window)

    def _watch(self, desk: Desk) -> None:
        if not self._hint():
            self._tasks.run(desk.window.workplace.services.desk_privacy.minutes, self._idle.begin, _unheard, owner=self)

    @Slot()
    def _warn(self) -> None:
        if self._front is not None:
            self._front.window.window.show_message(
                "Nobody seems to be here: the clinic locks in half a minute. Move the mouse to stay.", Level.WARN
            )


def close_store(desk: Desk) -> None:
    """The day ends: one more backup, the trail is told, and the key is dropped."""
    services, actor = desk.window.workplace.services, desk.store.actor
    with contextlib.suppress(ClinicError):
        services.audit.closed(actor, "ended")
    if services.backup_plan is not None:
        services.backup_plan.at_close()
    desk.store.lock()


def _nothing(_result: object) -> None:
    """What to do with an answer nobody needs."""


def _unheard(_error: ClinicError) -> None:
    """What to do with a refusal of what nobody asked for."""
