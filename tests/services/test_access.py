import pytest

from clinic_app.errors import NotAllowed
from clinic_app.services.access import ALLOWED, Act, Actor, may, require
from clinic_app.terms import Role

D, N, P, M = Role.FRONT_DESK, Role.NURSE, Role.PHYSICIAN, Role.MANAGER

# The table of the product, written down a second time on purpose: a change there must be a change here.
TABLE = {
    Act.BOOK: {D, N, P, M},
    Act.REGISTER: {D, N, P, M},
    Act.READ_SUMMARY: {D, N, P, M},
    Act.OVERBOOK: {P, M},
    Act.READ_RECORD: {N, P},
    Act.EDIT_HISTORY: {N, P},
    Act.REPORT_SIDE_EFFECT: {D, N, P},
    Act.DRAFT_CHART: {N, P},
    Act.SHARE_PATTERNS: {P, M},
    Act.SIGN: {P},
    Act.STOCK: {N, P, M},
    Act.PRINT_NOTE: {N, P},
    Act.PRINT_HANDOUT: {D, N, P, M},
    Act.EDIT_HANDOUTS: {P, M},
    Act.REPORTS: {P, M},
    Act.LIMITS: {P, M},
    Act.SETTINGS: {M},
    Act.RESTRICT: {P, M},
    Act.RESEARCH: {M},
    Act.EXPORT: {P, M},
    Act.EXPORT_ALL: {M},
    Act.IMPORT: {M},
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says(act: Act, role: Role) -> None:
    actor = Actor(1, "a", "A", frozenset({role}))
    assert may(actor, act) == (role in TABLE[act])


@pytest.mark.parametrize("act", list(Act))
def test_a_refusal_is_a_sentence(act: Act) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(Actor(1, "a", "A", frozenset()), act)
    assert str(refused.value)


def test_several_roles_add_up() -> None:
    actor = Actor(1, "a", "A", frozenset({D, M}))
    assert {act for act in Act if may(actor, act)} == {act for act, roles in TABLE.items() if roles & {D, M}}
    assert set(ALLOWED) == set(Act)
