"""The school policies that come with the program, told before there are records to adopt them in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cme_desktop.paths import Paths


_AUTHORITY: Final = "authority"


@dataclass(frozen=True, slots=True)
class PolicyOffer:
    """One policy to adopt: its title, and in a sentence whose it is and which document it follows.

    ``is_authority`` where it is a local authority's; ``brings`` are the ids of the policies it adopts.
    """

    id: str
    title: str
    about: str
    is_authority: bool = False
    brings: tuple[str, ...] = ()


def offer_policies(paths: Paths) -> tuple[PolicyOffer, ...]:
    """List the policies that a school may adopt, by id; the law is always in force."""
    files = sorted((paths.resources / "policies").glob("*.toml"))
    heads = ((path.stem, tomllib.loads(path.read_text("utf-8"))) for path in files)
    return tuple(
        PolicyOffer(
            policy_id,
            head["title"],
            f"{head['document']}. {head['about']}",
            is_authority=head["kind"] == _AUTHORITY,
            brings=tuple(head.get("adopts", ())),
        )
        for policy_id, head in heads
    )
