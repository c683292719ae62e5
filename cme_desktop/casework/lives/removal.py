"""Removal from roll: what is proposed, signed, waiting, done this school year or given up; and the file of each.

The acts are in ``removal_acts``, the deletion return in ``removal_return``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from cme_desktop.casework.in_words import capital, count_of, say_day
from cme_desktop.casework.lives.life import Check, CheckState, Fact, LifeDesk, LifeFile, LifeRow, Step, StepState
from cme_desktop.casework.lives.reading import flags_of, pupil_row, read_events, read_papers, standing, tell_life
from cme_desktop.casework.lives.removal_desk import (
    OpenedRemoval,
    Stage,
    open_stored,
    read_grounds,
    standing_signatures,
)
from cme_desktop.casework.lives.removal_refusals import SIDES
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind, Recipient, ReturnKind
from cme_desktop.policy.removal import conditions_of
from cme_desktop.policy.removal_conditions import say_condition
from cme_desktop.policy.removal_evidence import Claim, Proof
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.removals import RemovalSignature, list_removals, load_removal

RULES: Final = (
    "deletion-return", "off-roll-form", "leaver-form", "in-year-leaver", "home-education-notice", "home-education",
    "unknown-destination", "arrival-confirmed", "transfer-file-due", "child-protection-file",
)  # fmt: skip
_FORM_RULES: Final = frozenset({"off-roll-form", "leaver-form"})
_WHERE_ASKED: Final = frozenset({
    Claim.NOT_MOBILE_MAIN_SCHOOL, Claim.SPECIAL_SCHOOL_CONSENT, Claim.CLOSURES_ACCEPTED, Claim.BOTH_AGREE,
    Claim.STEPS_CONSIDERED,
})  # fmt: skip
_HISTORY: Final = frozenset({
    EventKind.REMOVAL_PROPOSED, EventKind.REMOVED, EventKind.REMOVAL_UNDONE, EventKind.RETURN_SENT, EventKind.TOLD,
    EventKind.JOINT_ENQUIRIES, EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER, EventKind.TRANSFER_FILE_SENT,
    EventKind.ARRIVAL_CONFIRMED, EventKind.PROTECTION_FILE_RECEIVED, EventKind.AUTHORITY_CONSENT, EventKind.ORDER_MADE,
    EventKind.ORDER_REVOKED, EventKind.DIED, EventKind.FORM_SENT, EventKind.REFERRED,
})  # fmt: skip
_ORDER: Final = {stage: place for place, stage in enumerate(Stage)}
_OVER: Final = frozenset({Stage.UNDONE, Stage.GIVEN_UP})
_NOT_CHECKED: Final = (
    "The letter or the conditions of this ground are written from memory: check regulation 9 before you rely on them."
)


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List every removal that is open, and those that ended in this school year, in the order of what is next."""
    with desk.office.database.reading() as db:
        found = list_removals(db, ended_since=_year_begins(desk))
    grounds = read_grounds(desk.office.paths.resources) if found else None
    opened = [open_stored(desk.office, desk.roll, each, grounds=grounds) for each in found if grounds is not None]
    pairs = [(each, _row(desk, each)) for each in opened]
    pairs.sort(key=lambda pair: (_ORDER[pair[0].stage], pair[0].removal.day, pair[1].name))
    return tuple(row for _, row in pairs)


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read one removal: its conditions with what proves each, its signatures, its return, its papers and history."""
    if not key.isdigit():
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    with desk.office.database.reading() as db:
        removal = load_removal(db, int(key))
    opened = open_stored(desk.office, desk.roll, removal, grounds=read_grounds(desk.office.paths.resources))
    events = read_events(desk, opened.pupil.id)
    flags = () if opened.stage in _OVER else flags_of(desk, opened.pupil.id, RULES)
    about = f"removal:{removal.id}"
    return LifeFile(
        row=_row(desk, opened),
        pupil=opened.pupil,
        about=opened.pupil.class_name,
        chips=_chips(opened),
        warning=_warning(opened),
        flags=flags,
        checks=tuple(_checks(opened)),
        steps=tuple(_steps(opened, events)),
        facts=tuple(_facts(opened)),
        papers=read_papers(desk, opened.pupil.id, about),
        papers_about=about,
        history=tell_life(desk, opened.pupil.id, events, belongs=_belongs, since=_year_begins(desk)),
        acts=_acts(opened, asks_form=any(flag.rule_id.partition(".")[2] in _FORM_RULES for flag in flags)),
    )


# -- private -----------------------------------------------------------------------------------------------------


def _year_begins(desk: LifeDesk) -> date:
    return max(year.first_day for year in desk.roll.judgement.calendar.years if year.first_day <= desk.today)


def _row(desk: LifeDesk, opened: OpenedRemoval) -> LifeRow:
    rules = () if opened.stage in _OVER else RULES
    removal = opened.removal
    ended = "" if removal.ended_at is None else say_day(removal.ended_at.astimezone(LOCAL_ZONE).date())
    when = ended or say_day(removal.day)
    row = pupil_row(desk, opened.pupil, detail=f"{_say_stage(opened)}. {opened.ground.title}", rules=rules, when=when)
    if opened.stage is Stage.READY and row.severity is None:
        row = replace(row, severity=Severity.TODAY, when="today")
    return replace(row, key=str(removal.id))


def _say_stage(opened: OpenedRemoval) -> str:
    if opened.stage is not Stage.PROPOSED:
        return str(opened.stage.value)
    if opened.answer is None:
        return "Proposed, and no longer on the register"
    return f"Proposed, {count_of(len(opened.answer.missing), 'condition')} missing"


def _chips(opened: OpenedRemoval) -> tuple[str, ...]:
    stage: str = opened.stage.value
    said = "Died" if opened.is_of_death else stage.partition(":")[0]
    letter = opened.ground.letter_on(opened.last_day)
    ground = f"Ground ({letter})" if letter else f"Regulation {opened.ground.regulation}"
    return (said, ground)


def _warning(opened: OpenedRemoval) -> str:
    removal = opened.removal
    if opened.stage in {Stage.CARRIED_OUT, *_OVER}:
        return ""
    is_void = len(removal.signatures) > len(standing_signatures(removal))
    void = "Something was changed since it was signed: it has to be signed again." if is_void else ""
    unchecked = "" if opened.ground.verified else _NOT_CHECKED
    return " ".join(part for part in (void, unchecked) if part)


def _checks(opened: OpenedRemoval) -> Iterator[Check]:
    """Say of each condition whether it holds, those that do not first; of a removal that is over, what was shown."""
    if opened.stage is Stage.GIVEN_UP:
        return
    missing = {each.condition: each.words for each in opened.answer.missing} if opened.answer is not None else {}
    known = {claim.value: claim for claim in Claim}
    for name in sorted(conditions_of(opened.ground), key=lambda name: name not in missing):
        claim = known.get(name)
        proof = opened.removal.evidence.proofs.get(claim) if claim is not None else None
        key = name if claim is not None else ""
        if name in missing:
            yield Check(say_condition(name), CheckState.MISSING, _say_missing(missing[name], proof), key=key)
        elif proof is not None:
            yield Check(say_condition(name), CheckState.HOLDS, _say_proof(proof), key=key)
        elif claim in _WHERE_ASKED:
            yield Check(say_condition(name), CheckState.NOT_ASKED, "Not asked of this child", key=key)
        elif name == "reason-in-words":
            yield Check(say_condition(name), CheckState.HOLDS, opened.removal.evidence.reason)
        else:
            yield Check(say_condition(name), CheckState.HOLDS, "By the records", key=key)


def _say_missing(words: str, proof: Proof | None) -> str:
    if not words.startswith("Not shown"):
        return words if proof is None else f"{words} Brought so far: {_say_proof(proof)}"
    return "Nobody has shown it yet." if proof is None else f"This does not show it yet: {_say_proof(proof)}"


def _say_proof(proof: Proof) -> str:
    since = f"; from {say_day(proof.holds_from)}" if proof.holds_from is not None else ""
    length = f"; {count_of(proof.months, 'month')}" if proof.months is not None else ""
    return f"{proof.what}; {proof.by}, {say_day(proof.on)}{since}{length}"


def _steps(opened: OpenedRemoval, events: tuple[WrittenEvent, ...]) -> Iterator[Step]:
    if opened.stage in _OVER:
        yield from _steps_of_the_end(opened, events)
        return
    signatures = standing_signatures(opened.removal)
    for place, words in enumerate(("First signature", "Second signature")):
        yield _signed(words, signatures[place] if place < len(signatures) else None)
    taken_back = standing(events, EventKind.REMOVAL_UNDONE)
    since = taken_back[-1].event.moment if taken_back else None
    returns = [
        each
        for each in standing(events, EventKind.RETURN_SENT)
        if each.event.return_ is ReturnKind.DELETION and (since is None or each.event.moment > since)
    ]
    yield _return_step(opened, returns[-1] if returns else None)
    told = [each for each in standing(events, EventKind.TOLD) if each.event.who is Recipient.SOCIAL_WORKER]
    if opened.answer is not None and any("social worker" in owed for owed in opened.answer.owed):
        yield Step("Social worker told", StepState.DUE)
    elif told and told[-1].written_at >= opened.removal.made_at:
        yield Step("Social worker told", StepState.DONE, say_day(told[-1].event.on))
    if opened.stage is Stage.CARRIED_OUT:
        yield Step("Name removed", StepState.DONE, _ended_on(opened))
    else:
        is_due = opened.stage is Stage.READY
        yield Step("Name removed", StepState.DUE if is_due else StepState.LATER, say_day(opened.removal.day))


def _return_step(opened: OpenedRemoval, sent: WrittenEvent | None) -> Step:
    why = "Regulation 13: no later than the moment the name goes"
    if opened.answer is not None and opened.answer.is_return_owed:
        return Step("Deletion return", StepState.DUE, "before the name goes", why)
    if sent is not None:
        return Step("Deletion return", StepState.DONE, say_day(sent.event.on), why)
    return Step("Deletion return", StepState.NOT_NEEDED, why=f"{why}; the oldest class is spared")


def _signed(words: str, signature: RemovalSignature | None) -> Step:
    if signature is None:
        return Step(words, StepState.DUE)
    signed_on = say_day(signature.signed_at.astimezone(LOCAL_ZONE).date())
    return Step(f"{signature.name}, {signature.role.in_words}", StepState.DONE, signed_on)


def _steps_of_the_end(opened: OpenedRemoval, events: tuple[WrittenEvent, ...]) -> Iterator[Step]:
    if opened.stage is Stage.GIVEN_UP:
        yield Step("Given up", StepState.DONE, _ended_on(opened))
        return
    yield Step("Name stands again", StepState.DONE, _ended_on(opened))
    undone = standing(events, EventKind.REMOVAL_UNDONE)
    told = [
        each
        for each in standing(events, EventKind.TOLD)
        if each.event.who is Recipient.AUTHORITY_CME and undone and each.event.moment >= undone[-1].event.moment
    ]
    state, when = (StepState.DONE, say_day(told[0].event.on)) if told else (StepState.DUE, "")
    yield Step("Authority told that it stands again", state, when, "The deletion return said that it had gone")


def _ended_on(opened: OpenedRemoval) -> str:
    ended_at = opened.removal.ended_at
    return "" if ended_at is None else say_day(ended_at.astimezone(LOCAL_ZONE).date())


def _facts(opened: OpenedRemoval) -> Iterator[Fact]:
    removal = opened.removal
    made_on = removal.made_at.astimezone(LOCAL_ZONE).date()
    yield Fact("Ground", capital(opened.ground.name_on(opened.last_day)))
    yield Fact("Last day on the register", say_day(opened.last_day))
    yield Fact("Proposed", f"{say_day(made_on)}, {removal.made_by_name}")
    if removal.evidence.reason:
        yield Fact("Reason", removal.evidence.reason)
    if removal.ended_at is not None:
        words = f"{_ended_on(opened)}, {removal.ended_by_name}"
        yield Fact(opened.stage.value, words)
    if removal.ended_reason:
        yield Fact("Why", removal.ended_reason)


def _belongs(written: WrittenEvent) -> bool:
    return written.event.kind in _HISTORY


def _acts(opened: OpenedRemoval, *, asks_form: bool) -> tuple[str, ...]:
    """Say what may be done, what comes next first."""
    stage, form = opened.stage, ("form",) if asks_form else ()
    if stage is Stage.CARRIED_OUT:
        following = () if opened.is_of_death else ("file", "arrived", "receipt", "told", "return")
        return (*following, *form, "undo")
    if stage in _OVER:
        return ("told",) if stage is Stage.UNDONE else ()
    told = () if opened.is_of_death else ("told",)
    rest = ("change", "give_up")
    first = {
        Stage.PROPOSED: (*_bringing(opened), "return"),
        Stage.TO_SIGN: ("sign", "return", *_bringing(opened)),
        Stage.WAITING: ("return", *_bringing(opened)),
        Stage.READY: ("carry_out", "return", *_bringing(opened)),
    }[stage]
    if stage is Stage.READY and opened.answer is not None and opened.answer.is_return_owed:
        first = ("return", "carry_out", *_bringing(opened))
    return (*first, *form, *told, *rest)


def _bringing(opened: OpenedRemoval) -> tuple[str, ...]:
    """The acts that bring what a ground asks for, one that brings something missing first."""
    missing = {each.condition for each in opened.answer.missing} if opened.answer is not None else set()
    signing = {claim.value for claim in SIDES}
    stated = {claim.value for claim in Claim} - signing
    wants = {"enquiries": {"joint-enquiries", "not-found"}, "sides": signing, "evidence": stated}
    offered = ("enquiries", "sides", "evidence") if "joint-enquiries" in opened.ground.conditions else ("evidence",)
    return tuple(sorted(offered, key=lambda act: missing.isdisjoint(wants[act])))
