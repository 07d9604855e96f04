"""The clinic's own rules of charting: labels, limits, what is asked for, and vials for two."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.clinic_rules import OwnLimit, RuleChoices
from clinic_app.ui.settings.choices import ChoiceSection, SharedVialSection
from clinic_app.ui.settings.limit_form import WantedLimit
from clinic_app.ui.settings.limits import LimitSection
from clinic_app.ui.settings.page import Change, SettingsPage
from clinic_app.ui.workplace import Workplace

_Read = tuple[RuleChoices, tuple[OwnLimit, ...]]


class ChartingPage(SettingsPage[_Read]):
    """What a manager or physician chose for everybody's charts."""

    title = "Charting"
    managers_only = False
    kinds = frozenset({"clinic", "clinic_limit"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace,
            "These rules count for everybody's charts from now on. Signed visits stay as they are.",
            parent,
        )
        self._limits: tuple[OwnLimit, ...] = ()
        self.charting = ChoiceSection(workplace, self)
        self.shared = SharedVialSection(workplace, self)
        self.limits = LimitSection(workplace, self)
        self.charting.change_wanted.connect(self.change)
        self.shared.change_wanted.connect(self.change)
        self.limits.limit_wanted.connect(self._set_limit)
        self.limits.end_wanted.connect(self._end_limit)
        self.limits.renew_wanted.connect(self._renew_limit)
        for section in (self.charting, self.limits, self.shared):
            self.add(section)

    def read(self) -> _Read:
        """The choices and limits that count, and the limits that ended."""
        rules, actor = self.workplace.services.clinic_rules, self.workplace.actor
        return rules.choices(actor), tuple(limit for limit, _ in rules.ended_limits(actor))

    def show_read(self, read: _Read) -> None:
        """Show them."""
        choices, ended = read
        self._limits = choices.limits
        self.charting.show_choices(choices)
        self.shared.show_choices(choices)
        self.limits.show_limits(choices, ended)

    @Slot(object)
    def _set_limit(self, wanted: WantedLimit) -> None:
        rules, actor = self.workplace.services.clinic_rules, self.workplace.actor
        self.change(
            Change(
                "Limit set.",
                lambda: rules.set_limit(
                    actor,
                    wanted.check,
                    wanted.value,
                    product=wanted.product,
                    indication=wanted.indication,
                    muscle=wanted.muscle,
                    reason=wanted.reason,
                ),
                self._back_to(wanted),
                self.limits.was_set,
                self.limits.show_error,
            )
        )

    @Slot(object)
    def _end_limit(self, limit: OwnLimit) -> None:
        rules, actor = self.workplace.services.clinic_rules, self.workplace.actor
        self.change(
            Change(
                "Limit ended.",
                lambda: rules.end_limit(actor, limit.id),
                lambda _: rules.renew_limit(actor, limit.id),
            )
        )

    @Slot(object)
    def _renew_limit(self, limit: OwnLimit) -> None:
        rules, actor = self.workplace.services.clinic_rules, self.workplace.actor
        self.change(
            Change(
                "Limit set again.",
                lambda: rules.renew_limit(actor, limit.id),
                self._back_to(limit),
            )
        )

    def _back_to(self, wanted: WantedLimit | OwnLimit) -> Callable[[int], object]:
        """What takes a limit back that was set: the one in whose place it stands counts again, if there was one."""
        rules, actor = self.workplace.services.clinic_rules, self.workplace.actor
        before = next((limit for limit in self._limits if _about(limit) == _about(wanted)), None)
        if before is None:
            return lambda limit_id: rules.end_limit(actor, limit_id)
        return lambda _: rules.renew_limit(actor, before.id)


def _about(limit: WantedLimit | OwnLimit) -> tuple[str, str, str, str]:
    return limit.check, limit.product, limit.indication, limit.muscle
