"""Removals as they are kept: evidence there and back, signatures under what they were given for."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from cme_desktop.casework.office import Office
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import RemovalId
from cme_desktop.domain.removals import RemovalState
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.storage.removals import (
    add_removal,
    add_signature,
    end_removal,
    evidence_as_json,
    evidence_from_json,
    find_open_removal,
    list_removals,
    load_removal,
)
from tests.office import HEAD, LUCJA, NOW, TODAY, TOMASZ

EVIDENCE = Evidence(
    {
        Claim.NEW_REGISTRATION: Proof("an e-mail", "Hill Top School", TODAY, holds_from=date(2026, 11, 16)),
        Claim.SENTENCED: Proof("the court's order", "the court", TODAY, months=6),
    },
    "Moves away",
)


def added(office: Office) -> RemovalId:
    with office.database.transaction() as db:
        return add_removal(
            db, pupil_id=LUCJA, ground="moved-away", day=TODAY, evidence=EVIDENCE, proposed_event_id=1, at=NOW, by=1
        )


def test_evidence_is_read_back_as_it_was_written(office: Office) -> None:
    removal = added(office)

    with office.database.reading() as db:
        stored = load_removal(db, removal)
        assert find_open_removal(db, LUCJA) == stored
        assert find_open_removal(db, TOMASZ) is None
    assert stored.evidence == EVIDENCE
    assert stored.made_by_name == "Pat Mellor"


def test_a_claim_that_is_no_longer_known_is_left_out() -> None:
    held = {**evidence_as_json(EVIDENCE), "of another time": {"what": "", "by": "", "on": "2026-11-10"}}

    assert evidence_from_json(held, reason="Moves away") == EVIDENCE


def test_nobody_signs_the_same_twice(office: Office) -> None:
    removal = added(office)

    def sign(fingerprint: str) -> None:
        with office.database.transaction() as db:
            add_signature(
                db, removal_id=removal, user_id=HEAD.id, role=Role.HEAD, fingerprint=fingerprint, signed_at=NOW
            )

    sign("one")
    sign("another")
    with pytest.raises(IntegrityError):
        sign("one")

    with office.database.reading() as db:
        assert [each.fingerprint for each in load_removal(db, removal).signatures] == ["one", "another"]


def test_an_ended_removal_is_listed_from_the_day_it_ended(office: Office) -> None:
    removal = added(office)
    with office.database.transaction() as db:
        end_removal(db, removal, state=RemovalState.GIVEN_UP, at=NOW, by=2, reason="Stays")

    with office.database.reading() as db:
        assert [each.id for each in list_removals(db, ended_since=TODAY)] == [removal]
        assert list_removals(db, ended_since=date(2026, 11, 11)) == ()
        assert find_open_removal(db, LUCJA) is None


def test_a_removal_that_is_not_there_is_said_to_be_gone(office: Office) -> None:
    with office.database.reading() as db, pytest.raises(BadInputError, match="no longer there"):
        load_removal(db, 99)
