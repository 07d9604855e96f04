"""Note a side effect: at the visit or while the caller is on the telephone."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.access import Act
from clinic_app.services.side_effects import FollowedVisit
from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.terms import Learned
from clinic_app.ui.patients.seriousness import SeriousnessFields
from clinic_app.ui.patients.side_effect_fields import SideEffectFields
from clinic_app.ui.patients.side_effect_merging import (
    form_of,
    form_with,
    parts_of_form,
    parts_on_record,
    parts_typed,
    shown,
)
from clinic_app.ui.patients.words import effect_name, told
from clinic_app.ui.together import Outcome, merged_text, save_together, together_text
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.fields import LabelledField, check_all
from clinic_app.ui.workplace import Workplace


class SideEffectPanel(SideEffectFields):
    """The form of one side effect; with ``effect`` it changes what was noted."""

    def __init__(
        self,
        workplace: Workplace,
        patient_id: int,
        visits: tuple[FollowedVisit, ...],
        parent: QWidget | None = None,
        *,
        effect: SideEffectRow | None = None,
        learned: Learned | None = None,
        on_record: tuple[SideEffectRow, ...] = (),
    ) -> None:
        """``on_record`` are the side effects that one of the same kind and time can be a second report of."""
        super().__init__(workplace, patient_id, visits, parent)
        self._effect = effect
        self._on_record = {each.id: each for each in on_record}
        self._name_act()
        self.submitted.connect(self.save)
        self.learned.set_value(learned)
        self._fill(effect, visits)

    @Slot()
    def save(self) -> None:
        """Check, then save; an error stands at its field and nothing typed is lost."""
        fields = [field for field in self._all_fields() if not field.isHidden()]
        problem = self._kind_problem()
        good = self.serious.check() & check_all([f for f in fields if not isinstance(f, SeriousnessFields)])
        if problem:
            self.kind.set_error(problem)
            self.kind.setFocus()
        if problem or not good or not self.clash.check():
            return
        form, actor, effects = self.form(), self._workplace.actor, self._workplace.services.side_effects
        self.problem.say("")
        self.set_busy(True)
        before, tasks, ended = self._effect, self._workplace.tasks, lambda: self.set_busy(False)
        if before is None:
            tasks.run(lambda: effects.record(actor, form), self._noted, self._refused, owner=self, ended=ended)
        else:
            tasks.run(partial(self._change, before, form), self._changed, self._refused, owner=self, ended=ended)

    def _change(self, before: SideEffectRow, form: SideEffectForm) -> Outcome[SideEffectRow]:
        """Asks the services; the window is not touched."""
        actor, effects = self._workplace.actor, self._workplace.services.side_effects

        def read() -> SideEffectRow:
            for each in effects.of_patient(actor, self.patient_id):
                if each.id == before.id:
                    return each
            raise NotFound("side_effect_not_found")

        return save_together(
            before,
            parts_typed(form, before),
            parts=parts_on_record,
            read=read,
            save=lambda row, parts: effects.change(actor, row.id, row.version, form_with(form, parts)),
        )

    def _fill(self, effect: SideEffectRow | None, visits: tuple[FollowedVisit, ...]) -> None:
        if effect is None:
            self.visit.set_value(visits[0].id if visits else None)
            self.going_on.set_value(True)
        else:
            self.visit.set_value(effect.visit_id)
            self.visit.set_read_only(True)
        self._show_parts({} if effect is None else parts_of_form(form_of(effect)))

    def _name_act(self) -> None:
        changes = self._effect is not None
        self.set_act(
            "Change side effect" if changes else "Side effect", "Save change" if changes else "Save side effect"
        )

    def _noted(self, _number: int) -> None:
        self.dirty = False
        form = self.form()
        name = effect_name(self._workplace.services.reference, form.kind, form.other)
        if self._is_red():
            self.saved.emit(f"{name} noted as a red flag. It stays open until a physician resolves it.")
        else:
            self.saved.emit(f"{name} noted.")

    def _changed(self, outcome: Outcome[SideEffectRow]) -> None:
        if not outcome.saved:
            self._show_meeting(outcome)
            return
        self.dirty = False
        form = form_with(self.form(), outcome.parts)
        name = effect_name(self._workplace.services.reference, form.kind, form.other)
        if outcome.nothing_left:
            self.saved.emit(f"{name}: somebody else saved the same.")
        else:
            self.saved.emit(f"{name} changed{together_text(outcome.theirs)}.")

    def _show_meeting(self, outcome: Outcome[SideEffectRow]) -> None:
        """Somebody else saved meanwhile: the form goes on from theirs, with what was typed here in it."""
        self._effect = outcome.known
        self._show_parts(outcome.parts)
        self.clash.show_clashes(
            "Somebody else changed this side effect too. Choose what to keep, then save again. What else you typed is "
            "still in the form.",
            outcome.clashes,
            partial(shown, self._workplace.services.reference),
        )
        self.scroll_area.verticalScrollBar().setValue(0)
        self.clash.focus_first()
        if outcome.problem is not None:
            self.problem.say(merged_text(outcome.theirs))
            self._refused(outcome.problem)

    def _ask_twice(self, error: ClinicError) -> None:
        """The same is on record: both may be meant, or the one on record wants a change."""
        ways = [("Keep both", self._save_both)]
        twin = error.parameters.get("effect_id")
        if isinstance(twin, int) and twin in self._on_record and self._workplace.may(Act.EDIT_HISTORY):
            ways.append(("Change the one on record", partial(self._change_instead, self._on_record[twin])))
        self.twice.offer(told(error), Level.WARN, *ways)
        self.twice.first.setFocus()

    def _save_both(self) -> None:
        self._keep_both = True
        self.save()

    def _change_instead(self, effect: SideEffectRow) -> None:
        """Go on as a change of the one on record: what is typed counts, what is left empty is kept from there."""
        typed = self.form()
        self._effect = effect
        self._name_act()
        self.visit.set_value(effect.visit_id)
        self.visit.set_read_only(True)
        if not typed.action:
            self.action.set_value(effect.action)
        if typed.serious is None:
            self.serious.set_values(effect.serious, effect.serious_criteria)
        if typed.red_flag is None:
            self.red_question.set_value(effect.red_answer)
        offered = set(self.muscles.offered_values())
        kept = [(m, s) for m, s, _, _ in effect.muscles if (m, s) in offered]
        self.muscles.set_value([*typed.muscles, *kept])
        self.started.setFocus()

    def _refused(self, error: ClinicError) -> None:
        if error.code == "side_effect_twice":
            self._ask_twice(error)
            return
        fields: dict[str, LabelledField | SeriousnessFields] = {
            "kind": self.kind,
            "other": self.other,
            "red_flag": self.red_question,
            "severity": self.severity,
            "started_on": self.started,
            "ended_on": self.ended,
            "muscles": self.muscles,
            "serious_criteria": self.serious,
        }
        field = fields.get(error.field)
        if field is None:
            self.problem.say(told(error))
        else:
            field.set_error(told(error))
            field.setFocus()
