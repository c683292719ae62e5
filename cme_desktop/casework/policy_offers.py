"""The school policies that come with the program, told before there are records to adopt them in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cme_desktop.paths import Paths


@dataclass(frozen=True, slots=True)
class PolicyOffer:
    """One policy to adopt: its title, in a sentence which document it follows, and whether it is an authority's."""

    id: str
    title: str
    about: str
    is_authority: bool = False


def offer_policies(paths: Paths) -> tuple[PolicyOffer, ...]:
    """List the policies that a school may adopt, by id; the law is always in force."""
    files = sorted((paths.resources / "policies").glob("*.toml"))
    heads = ((path.stem, tomllib.loads(path.read_text("utf-8"))) for path in files)
    return tuple(
        PolicyOffer(
            policy_id, head["title"], f"{head['document']}. {head['about']}", is_authority=head["kind"] == "authority"
        )
        for policy_id, head in heads
    )
