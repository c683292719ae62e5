"""Flags kept in step with what the rules say now, and the head's word on each: agree, change, dismiss.

New flags are added, standing ones left as they were raised, those whose trigger is no longer true closed with the
reason. Nothing is deleted. A dismissed flag stays away until its facts change, or until the fifth school day or the
next inclusion meeting, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.dismissals import load_return_day, say_return, still_dismissed
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import EventId, FlagId, PupilId
from cme_desktop.domain.rights import Right, who_may
from cme_desktop.policy.rule import Act, Authority, Flag
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.cases import add_task, find_open_case
from cme_desktop.storage.events import add_event, list_events
from cme_desktop.storage.flags import (
    FlagState,
    StoredFlag,
    Verdict,
    add_flag,
    add_flags,
    add_review,
    close_flag,
    key_of,
    list_latest_flags,
)
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_SENT_IN_TIME: Final = "Returned before it was sent."
RAISED_ANEW: Final = "Raised anew: it counts from another day."
MAY_DECIDE: Final = frozenset(who_may(Right.REVIEW))
"""The roles whose word on a flag counts."""

_SENDS: Final = frozenset({Act.SEND_RETURN, Act.SEND_FORM})
_SENT: Final = frozenset({EventKind.RETURN_SENT, EventKind.FORM_SENT})


def _only_they_decide() -> RefusedError:
    return RefusedError(
        "Only the head, the safeguarding lead or a senior leader decides on a flag.",
        remedy="Ask one of them to sign in.",
    )


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many flags were added, stood, and were settled; ``away`` are the keys of those dismissed and not back."""

    added: int = 0
    standing: int = 0
    settled: int = 0
    away: frozenset[str] = frozenset()
    changes: Changes = field(default_factory=Changes)


@needs(Right.SEE_NAMES)
def reconcile_flags(
    office: Office, flags: Iterable[Flag], *, pupils: frozenset[PupilId] | None = None, because: str = ""
) -> Reconciled:
    """Bring the flags kept into step with those that hold now.

    ``flags`` are all that hold of ``pupils``, or of the whole school where ``pupils`` is None; ``because`` says
    what settled those that no longer hold. Nothing is written where nothing changed.
    """
    now_true = {key_of(flag): flag for flag in flags}
    with office.database.reading() as db:
        kept = list_latest_flags(db, pupils=pupils)
        away = still_dismissed(db, kept, now_true, on=office.today)
    new = [flag for key, flag in now_true.items() if _is_new(kept.get(key)) and key not in away]
    gone = [stored for key, stored in kept.items() if stored.state is FlagState.STANDING and key not in now_true]
    standing = len(now_true) - len(new) - len(away)
    if not new and not gone:
        return Reconciled(standing=standing, away=away)
    with office.database.transaction() as db:
        add_flags(db, new, at=office.now())
        again = {(flag.rule_id, flag.pupil_id) for flag in new}
        for stored in gone:
            is_anew = (stored.flag.rule_id, stored.flag.pupil_id) in again
            _settle(db, office, stored, because, is_anew=is_anew)
        _tell_cases(db, office, new, kind=EventKind.FLAG_RAISED)
        _tell_cases(db, office, [stored.flag for stored in gone], kind=EventKind.FLAG_SETTLED)
        counts = {"added": len(new), "settled": len(gone)}
        write_journal(db, at=office.now(), by=None, act="flags reconciled", subject="flags", details=counts)
    touched = frozenset(flag.pupil_id for flag in (*new, *(one.flag for one in gone)) if flag.pupil_id is not None)
    return Reconciled(len(new), standing, len(gone), away, Changes(frozenset({Area.FLAGS}), touched))


@needs(Right.REVIEW, refusal=_only_they_decide)
def agree_with_flags(office: Office, *, flags: tuple[Flag, ...], reason: str = "") -> Changes:
    """Write down that the head agrees with the step the program suggests."""
    return _review(office, flags, Verdict.AGREE, reason=reason)


@needs(Right.REVIEW, refusal=_only_they_decide)
def change_next_step(
    office: Office, *, flags: tuple[Flag, ...], next_step: str, reason: str, due_on: date | None = None
) -> Changes:
    """Write down another step, or a later day, with the reason; the step joins what is still to do."""
    if not next_step.strip():
        raise BadInputError("The other step is missing.", remedy="Say what is to be done instead.")
    _need_reason(reason)
    return _review(office, flags, Verdict.CHANGE, reason=reason, next_step=next_step.strip(), until=due_on)


def stays_undismissed(flag: Flag) -> bool:
    """Whether the law itself asks for what the flag asks: a return that regulation 13 (SI 2024/208) makes a duty.

    Nobody at the school has a discretion about it; what is wrong in it is put right in the register.
    """
    return flag.authority is Authority.LAW and flag.duty.act is Act.SEND_RETURN


@needs(Right.REVIEW, refusal=_only_they_decide)
def dismiss_flags(office: Office, *, flags: tuple[Flag, ...], reason: str) -> Changes:
    """Dismiss flags with a reason; each returns when its facts change, and on the day of ``load_return_day``.

    A return that the law asks for stays among them; refused where nothing else is there to dismiss.
    """
    _need_reason(reason)
    dismissed = tuple(flag for flag in flags if not stays_undismissed(flag))
    if not dismissed:
        raise RefusedError(
            "The law asks for this return, so it can’t be dismissed.",
            remedy="Send it. If the marks are wrong, correct them in the register: the flag then goes by itself.",
        )
    back = load_return_day(office)
    return _review(office, dismissed, Verdict.DISMISS, reason=reason, until=back.on, words=say_return(back))


# -- private -----------------------------------------------------------------------------------------------------


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInputError("The reason is missing.", remedy="Say why, in your own words. It stays in the record.")


def _is_new(stored: StoredFlag | None) -> bool:
    return stored is None or stored.state is FlagState.DISMISSED


def _settle(db: Session, office: Office, stored: StoredFlag, because: str, *, is_anew: bool) -> None:
    reason = because or "What raised it is no longer true."
    if is_anew:
        reason = RAISED_ANEW
    elif _came_back_unsent(db, stored, on=office.today):
        reason = NOT_SENT_IN_TIME
    close_flag(db, stored.id, state=FlagState.SETTLED, reason=reason, at=office.now(), by=None)


def _came_back_unsent(db: Session, stored: StoredFlag, *, on: date) -> bool:
    flag = stored.flag
    if flag.duty.act not in _SENDS or flag.pupil_id is None or flag.due is None or flag.due.on > on:
        return False
    events = list_events(db, pupil_id=flag.pupil_id, since=flag.finding.since or flag.raised_on)
    return not any(one.event.kind in _SENT and one.retracted_at is None for one in events)


def _tell_cases(db: Session, office: Office, flags: Iterable[Flag], *, kind: EventKind) -> None:
    now = office.local_now
    for flag in flags:
        case = find_open_case(db, flag.pupil_id) if flag.pupil_id is not None else None
        if case is None or flag.pupil_id is None:
            continue
        add_event(
            db, pupil_id=flag.pupil_id, case_id=case.id, event=Event(kind, now.date(), now.time(), about=flag.rule_id),
            words=flag.finding.sentence, written_at=office.now(), written_by=None,
        )  # fmt: skip


def _review(
    office: Office,
    flags: tuple[Flag, ...],
    verdict: Verdict,
    *,
    reason: str,
    next_step: str = "",
    until: date | None = None,
    words: str = "",
) -> Changes:
    pupils = tuple(dict.fromkeys(flag.pupil_id for flag in flags if flag.pupil_id is not None))
    with office.database.transaction() as db:
        kept = list_latest_flags(db, pupils=pupils)
        reviews: list[int] = []
        events: list[EventId] = []
        for flag in flags:
            flag_id = _id_of(db, office, flag, kept)
            reviews.append(
                add_review(
                    db, flag_id=flag_id, verdict=verdict, reason=reason.strip(), next_step=next_step, until=until,
                    at=office.now(), by=office.user.id,
                )
            )  # fmt: skip
            if verdict is Verdict.DISMISS:
                close_flag(
                    db, flag_id, state=FlagState.DISMISSED, reason=reason.strip(), at=office.now(), by=office.user.id
                )
            events += _write_events(db, office, flag, verdict, reason=reason.strip(), next_step=next_step, words=words)
        tasks = _add_steps(db, office, pupils, next_step, until) if verdict is Verdict.CHANGE else ()
        details = act_details(pupils=pupils, events=tuple(events), reviews=tuple(reviews), tasks=tasks)
        subject = " ".join(f"pupil:{pupil}" for pupil in pupils)
        write_journal(
            db, at=office.now(), by=office.user.id, act=f"flag {verdict.value}", subject=subject,
            details={**details, "rules": [flag.rule_id for flag in flags]},
        )  # fmt: skip
    return Changes(frozenset({Area.FLAGS, Area.EVENTS}), frozenset(pupils))


def _id_of(db: Session, office: Office, flag: Flag, kept: dict[str, StoredFlag]) -> FlagId:
    stored = kept.get(key_of(flag))
    if stored is not None and stored.state is FlagState.STANDING:
        return stored.id
    return add_flag(db, flag, at=office.now())


_SAID: Final = {Verdict.AGREE: "Agreed", Verdict.CHANGE: "Step changed", Verdict.DISMISS: "Flag dismissed"}


def _write_events(
    db: Session, office: Office, flag: Flag, verdict: Verdict, *, reason: str, next_step: str, words: str
) -> list[EventId]:
    if flag.pupil_id is None:
        return []
    now = office.now().astimezone(LOCAL_ZONE)
    choice = _SAID[verdict] + f": {next_step or flag.duty.what}"
    kinds = [EventKind.FLAG_REVIEWED]
    if flag.duty.act is Act.DECIDE and verdict is Verdict.AGREE:
        kinds.append(EventKind.DECISION)
    case = find_open_case(db, flag.pupil_id)
    return [
        add_event(
            db, pupil_id=flag.pupil_id, case_id=case.id if case else None,
            event=Event(kind, now.date(), now.time(), about=flag.rule_id, choice=choice, reason=reason or None),
            words=words, written_at=office.now(), written_by=office.user.id,
        )
        for kind in kinds
    ]  # fmt: skip


def _add_steps(
    db: Session, office: Office, pupils: tuple[PupilId, ...], text: str, due_on: date | None
) -> tuple[int, ...]:
    due = Deadline(due_on) if due_on else None
    return tuple(
        int(
            add_task(
                db, pupil_id=pupil, case_id=None, text=text, due=due, owner=Role.OFFICE, at=office.now(),
                by=office.user.id,
            )
        )
        for pupil in pupils
    )  # fmt: skip
