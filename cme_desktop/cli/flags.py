"""``flags [--on DATE] [--at TIME]``: judge the whole roll."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from cme_desktop.casework.in_words import say_long_day
from cme_desktop.cli.arguments import a_day, a_time
from cme_desktop.cli.desk import DONE, Desk, say_progress

if TYPE_CHECKING:
    from cme_desktop.casework.roll import Roll
    from cme_desktop.policy.rule import Flag


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("flags", help="judge the whole roll")
    parser.add_argument("--on", type=a_day, metavar="DATE", help="the day judged; default today")
    parser.add_argument("--at", type=a_time, metavar="TIME", help="default now, or the close of --on")
    parser.add_argument("--names", action="store_true", help="name the pupils")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Judge everybody on roll, and the school."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        from cme_desktop.casework.leaving_the_records import Left, note_that_it_left  # noqa: PLC0415  as above
        from cme_desktop.casework.reports import flag_unheard, read_reports  # noqa: PLC0415  as above
        from cme_desktop.casework.roll import load_roll  # noqa: PLC0415  brings the database in
        from cme_desktop.casework.veil import for_reader  # noqa: PLC0415  as above
        from cme_desktop.policy.review import review, review_school  # noqa: PLC0415

        say_progress("Judging the roll …")
        roll = load_roll(office, at=_moment(arguments, office.local_now))
        reports = read_reports(office)
        if arguments.names:
            note_that_it_left(office, Left.LIST)
    found = review(roll.records, roll.judgement, roll.rulebook)
    everything = (
        *found,
        *review_school(roll.judgement, roll.rulebook),
        *flag_unheard(reports, roll, found).values(),
    )
    flags = for_reader(office, everything)
    if arguments.json:
        told = {
            "on": roll.judgement.on.isoformat(), "roll": len(roll.on_roll),
            "flags": _all_as_json(flags, roll, names=arguments.names),
        }  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_in_words(flags, roll, names=arguments.names)
    return DONE


def _moment(arguments: Namespace, now: datetime) -> datetime:
    if arguments.on is None and arguments.at is None:
        return now
    usual = time.max if arguments.on is not None else now.time()
    return datetime.combine(arguments.on or now.date(), arguments.at or usual)


def _all_as_json(flags: tuple[Flag, ...], roll: Roll, *, names: bool) -> list[dict[str, Any]]:
    from cme_desktop.casework.missing_registers import join_missing_registers  # noqa: PLC0415  as above

    registers, others = join_missing_registers(flags, roll)
    missing = [
        {
            **_as_json(register.flag, roll, names=names),
            "pupil": None,
            "class": register.class_name,
            "session": str(register.session),
            "because": f"The register was not taken: {register.pupils} pupils have no mark.",
            "evidence": [str(register.session)],
        }
        for register in registers
    ]
    return missing + [_as_json(flag, roll, names=names) for flag in others]


def _as_json(flag: Flag, roll: Roll, *, names: bool) -> dict[str, Any]:
    finding = flag.finding
    return {
        "rule": flag.rule_id,
        "policy": flag.policy_id,
        "authority": flag.authority.value,
        "pupil": _pupil(flag, roll, names=names),
        "severity": flag.severity.word,
        "because": finding.sentence,
        "evidence": [str(session) for session in (*finding.counted, *finding.ask)],
        "clauses": [str(reference) for reference in flag.references],
        "duty": flag.duty.what,
        "due": _due(flag),
        "overdue": flag.overdue,
    }


def _pupil(flag: Flag, roll: Roll, *, names: bool) -> dict[str, Any] | None:
    if flag.pupil_id is None:
        return None
    pupil = roll.pupils[flag.pupil_id]
    told: dict[str, Any] = {"id": pupil.id, "upn": pupil.upn}
    if names:
        told |= {"surname": pupil.legal_surname, "forename": pupil.legal_forename, "class": pupil.class_name}
    return told


def _due(flag: Flag) -> str | None:
    if flag.due is None:
        return None
    day = flag.due.on.isoformat()
    return day if flag.due.by is None else f"{day}T{flag.due.by:%H:%M}"


def _print_in_words(flags: tuple[Flag, ...], roll: Roll, *, names: bool) -> None:
    from cme_desktop.casework.missing_registers import join_missing_registers  # noqa: PLC0415  as above

    registers, others = join_missing_registers(flags, roll)
    print(
        f"{say_long_day(roll.judgement.at)} {roll.judgement.at:%Y, %H:%M}: "
        f"{len(roll.on_roll)} pupils on roll, {len(others)} flags."
    )
    for register in registers:
        print(f"now: {register.class_name}: the register of {register.session} was not taken.")
    for flag in sorted(others, key=lambda flag: (flag.severity, flag.pupil_id or 0)):
        overdue = " (overdue)" if flag.overdue else ""
        print(f"{flag.severity.word}: {_who(flag, roll, names=names)}: {flag.finding.sentence}")
        print(f"    {flag.duty.what}{f', by {due}' if (due := _due(flag)) else ''}{overdue}  [{flag.rule_id}]")


def _who(flag: Flag, roll: Roll, *, names: bool) -> str:
    if flag.pupil_id is None:
        return "the school"
    pupil = roll.pupils[flag.pupil_id]
    return f"{pupil.known_as}, {pupil.class_name}" if names else f"pupil {pupil.id}"
