"""What a use case needs, declared above it and refused before it begins: a hidden button is only a courtesy.

``@needs(Right.X)`` lets in the roles of ``domain.rights``; ``@open_to_all`` says that everybody who opened the records
may. Each use case bears one of the two; ``tests/architecture/test_permissions.py`` fails for one that bears none.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.rights import Right, may, who_may
from cme_desktop.policy.wording import say_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.domain.cases import Role

P = ParamSpec("P")
R = TypeVar("R")

DECLARED: Final = "needs_right"
"""The attribute that a use case bears: the right it needs, or None where it is open to all."""


class NotYoursError(RefusedError):
    """Somebody asks for what another role does; ``right`` is what they lack."""

    def __init__(self, right: Right) -> None:
        self.right = right
        words = say_roles(who_may(right))
        super().__init__(
            "This is not for you to do.",
            detail=f"Only {words} may {right.in_words}. Nothing was changed.",
            remedy="Ask one of them to sign in and do it." if len(who_may(right)) > 1 else f"Ask {words}.",
        )


def needs(
    right: Right,
    *,
    unless: Callable[[Office], bool] | None = None,
    refusal: Callable[[], RefusedError] | None = None,
) -> Callable[[Callable[Concatenate[Office, P], R]], Callable[Concatenate[Office, P], R]]:
    """Let a use case begin only for a role with the right, or where ``unless`` holds; ``refusal`` has its own words."""

    def declare(use_case: Callable[Concatenate[Office, P], R]) -> Callable[Concatenate[Office, P], R]:
        @wraps(use_case)
        def guarded(office: Office, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not may(office.user.role, right) and (unless is None or not unless(office)):
                raise NotYoursError(right) if refusal is None else refusal()
            return use_case(office, *args, **kwargs)

        setattr(guarded, DECLARED, right)
        return guarded

    return declare


def open_to_all(use_case: Callable[Concatenate[Office, P], R]) -> Callable[Concatenate[Office, P], R]:
    """Say that everybody who opened the records may use this: it shows no child and decides nothing."""
    setattr(use_case, DECLARED, None)
    return use_case


def require(office: Office, right: Right) -> None:
    """Refuse whoever sits at the desk without the right."""
    if not may(office.user.role, right):
        raise NotYoursError(right)


def sees_protection(office: Office) -> bool:
    """Whether whoever sits at the desk reads why a child is on the faster ladder."""
    return may(office.user.role, Right.SEE_PROTECTION)


def say_roles(roles: tuple[Role, ...]) -> str:
    """Name roles as in speech: "the headteacher and the designated safeguarding lead"."""
    return say_list([f"the {role.in_words}" if role.value != "governor" else "a governor" for role in roles])
