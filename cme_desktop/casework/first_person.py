"""The first person at new records: until somebody is there whose it is, whoever set them up adds the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.permissions import open_to_all, say_roles
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.rights import Right, may, roles_given_by, who_may
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office


@open_to_all
def nobody_manages_people(office: Office) -> bool:
    """Whether nobody with a password of their own may say who opens the records: then whoever sits there may."""
    return not _has_somebody(office, Right.MANAGE_PEOPLE)


@open_to_all
def list_roles_to_give(office: Office) -> tuple[Role, ...]:
    """List the roles in which the one signed in may add somebody; none where adding is not theirs."""
    if not may(office.user.role, Right.MANAGE_PEOPLE) and not nobody_manages_people(office):
        return ()
    return roles_given_by(office.user.role) if _has_somebody(office, Right.SEE_PROTECTION) else tuple(Role)


@open_to_all
def refuse_role(office: Office, role: Role) -> None:
    """Refuse to give a sight of protection notes to somebody, unless the giver has it or nobody has."""
    if role in list_roles_to_give(office):
        return
    words = say_roles(who_may(Right.SEE_PROTECTION))
    raise RefusedError(
        "You can’t add somebody in this role.",
        detail=f"Only somebody who reads protection notes adds another who does: {words}.",
        remedy="Ask the headteacher to add them.",
    )


def _has_somebody(office: Office, right: Right) -> bool:
    with_password = {slot.user_id for slot in read_key_file(office.paths.keys).people}
    with office.database.reading() as db:
        users = list_users(db)
    return any(user.active and user.id in with_password and may(user.role, right) for user in users)
