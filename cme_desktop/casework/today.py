"""The Today screen as frozen values: the strip, the roll's balance, and the list, worst first.

A row's words are fit for the hatch: they never say why a child is watched more closely, only what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import Enum
from itertools import groupby
from typing import Final

from cme_desktop.casework.attempts import can_be_rung, is_tried
from cme_desktop.casework.in_words import capital, count_of, say_clock, say_day, say_long_day, say_near_day, say_number
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import LEAD_TOLD
from cme_desktop.casework.today_state import TodayState, load_today_state
from cme_desktop.domain.attendance import CODE_OF_SYMBOL, Half, Presence, SchoolSession, presence_of_symbol
from cme_desktop.domain.calendar import Deadline, monday_of
from cme_desktop.domain.events import AttemptOutcome, EventKind, Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.review import join_duties
from cme_desktop.policy.rule import Act, Flag, Severity, Task
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.flags import key_of

TEXT_ALL_FROM: Final = 16
"""So many pupils to ring, and a text to all comes first."""


class Group(Enum):
    """The headings of the list, in order."""

    NOW = "Act now"
    BEFORE = "Before"
    WEEK = "This week"
    EXPLAINED = "Explained, nothing to do"


class Shape(Enum):
    """The drawn shape that stands for a row's urgency."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    WATCH = "watch"


class Tone(Enum):
    """How the due words are coloured."""

    NOW = "now"
    TODAY = "today"
    PLAIN = "plain"


class RowKind(Enum):
    """A row is about pupils, or about a register that was not taken."""

    PUPILS = "pupils"
    REGISTER = "register"


class TileKey(Enum):
    """The five clock times of the morning."""

    REGISTERS = "registers"
    FIRST_CALLS = "first calls"
    CONTACTS = "contacts tried"
    LEAD = "lead told"
    POLICE = "police or care"


class TileState(Enum):
    """Where a clock time stands."""

    DONE = "done"
    LATE = "late"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Tile:
    """One clock time of the strip: what is left before it, and the rows that make the count."""

    key: TileKey
    at: time
    name: str
    count: int
    words: str
    state: TileState
    rows: frozenset[str] = frozenset()

    @property
    def spoken(self) -> str:
        """The tile as assistive tools say it."""
        left = f"{self.count} {self.words}" if self.count else self.words
        return f"{say_clock(self.at)} {self.name}: {left}"


@dataclass(frozen=True, slots=True)
class Balance:
    """The roll in the session that counts now; ``unknown`` pupils are neither in nor absent."""

    on_roll: int
    present: int
    absent: int
    unknown: int
    explained: int
    due: bool = True

    @property
    def not_expected(self) -> int:
        """How many have no session now: a nursery child's afternoon, a day that a code sets outside."""
        return self.on_roll - self.present - self.absent - self.unknown if self.due else 0


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One line of the list. ``dots`` say for each contact to ring whether somebody tried them today."""

    key: str
    kind: RowKind
    group: Group
    shape: Shape
    severity: Severity
    pupils: tuple[PupilId, ...]
    name: str
    hidden_name: str
    beside: str
    why: str
    next_act: str
    due_words: str
    tone: Tone
    dots: tuple[bool, ...] = ()
    to_ring: bool = False
    to_tell: bool = False
    to_police: bool = False
    done: bool = False
    session: SchoolSession | None = None
    class_name: str = ""
    sort_key: tuple[object, ...] = field(default=(), compare=False)

    @property
    def tried(self) -> int:
        """How many of the contacts to ring were tried today."""
        return sum(self.dots)

    def spoken(self, *, hidden: bool = False) -> str:
        """The row as assistive tools say it."""
        who = self.hidden_name if hidden else ", ".join(part for part in (self.name, self.beside) if part)
        tried = f"{say_number(self.tried)} of {len(self.dots)} tried" if self.dots else ""
        state = "done" if self.done else self.group.value.lower()
        return ", ".join(part for part in (who, state, self.why, self.due_words, tried) if part)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A heading with its rows, worst first."""

    group: Group
    title: str
    rows: tuple[TodayRow, ...]

    @property
    def left(self) -> int:
        """How many rows are not yet dealt with."""
        return sum(not row.done for row in self.rows)


@dataclass(frozen=True, slots=True)
class TodayScreen:
    """Everything the list and the strip show. ``refresh_at`` is the next clock time, when the list is made afresh."""

    at: datetime
    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    balance: Balance
    groups: tuple[RowGroup, ...]
    refresh_at: datetime | None
    text_all_first: str = ""
    short_title: str = ""

    @property
    def rows(self) -> tuple[TodayRow, ...]:
        """Every row, in the order shown."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def to_do(self) -> int:
        """How many rows somebody must still act on."""
        return sum(group.left for group in self.groups if group.group is not Group.EXPLAINED)

    @property
    def all_accounted_for(self) -> bool:
        """Whether nothing is left to do and nobody is unknown."""
        return self.balance.due and not self.to_do and not self.balance.unknown

    def find(self, key: str) -> TodayRow | None:
        """Find a row by its key."""
        return next((row for row in self.rows if row.key == key), None)


def load_today(office: Office, *, at: datetime | None = None) -> TodayScreen:
    """Read, judge and arrange the day, now unless said."""
    return screen_of(load_today_state(office, at=at))


def screen_of(state: TodayState) -> TodayScreen:
    """Arrange the day from what is in hand; reads nothing."""
    registers = _register_rows(state)
    covered = {pupil for row in registers for pupil in row.pupils}
    acting = _pupil_rows(state, covered)
    explained = _explained_rows(state, {pupil for row in acting for pupil in row.pupils} | covered)
    rows = _number_hidden(sorted((*registers, *acting, *explained), key=lambda row: row.sort_key))
    groups = tuple(
        RowGroup(group, _title_of(group, state), tuple(row for row in rows if row.group is group))
        for group in Group
        if any(row.group is group for row in rows)
    )
    to_ring = sum(row.to_ring for row in rows)
    return TodayScreen(
        at=state.at,
        title=say_long_day(state.on),
        subtitle=_subtitle(state),
        tiles=tiles_of(state, rows),
        balance=_balance(state, len(explained)),
        groups=groups,
        refresh_at=_next_clock_time(state),
        short_title=_short_title(state),
        text_all_first=f"{to_ring} to ring" if to_ring > TEXT_ALL_FROM else "",
    )


def hold_rows(shown: TodayScreen, fresh: TodayScreen) -> TodayScreen:
    """Give the fresh screen in the order shown: a row dealt with stays, ticked; a new one joins its group's end."""
    now = {row.key: row for row in fresh.rows}
    left = {row.key: row for row in fresh.rows if row.group is not Group.EXPLAINED}
    seen: set[str] = set()
    kept: dict[Group, list[TodayRow]] = {group: [] for group in Group}
    for row in shown.rows:
        if row.group is Group.EXPLAINED:
            continue
        seen.add(row.key)
        today = left.get(row.key)
        kept[row.group].append(replace(today, group=row.group, hidden_name=row.hidden_name) if today else _ticked(row))
    for row in fresh.rows:
        if row.key not in seen and (row.group is not Group.EXPLAINED or now[row.key] is row):
            kept[row.group].append(row)
    titles = {group.group: group.title for group in (*fresh.groups, *shown.groups)}
    groups = tuple(RowGroup(group, titles[group], tuple(rows)) for group, rows in kept.items() if rows)
    return replace(fresh, groups=groups)


def tiles_of(state: TodayState, rows: Iterable[TodayRow]) -> tuple[Tile, ...]:
    """Count what is left before each clock time."""
    listed = tuple(rows)
    clock = state.clock
    registers = [row for row in listed if row.kind is RowKind.REGISTER and _is_of_today(row, state)]
    first = [row for row in listed if row.to_ring and row.dots and not any(row.dots)]
    trying = [row for row in listed if row.to_ring and not all(row.dots)]
    lead = [row for row in listed if row.to_tell]
    police = [row for row in listed if row.to_police]
    classes = ", ".join(row.class_name for row in registers[:2]) + (" and more" if len(registers) > 2 else "")
    untried = sum(len(row.dots) - row.tried for row in trying)
    made = (
        (
            TileKey.REGISTERS,
            clock.registers_in,
            "Registers in",
            len(registers),
            f"missing: {classes}",
            "all in",
            registers,
        ),
        (TileKey.FIRST_CALLS, clock.first_calls, "First calls", len(first), "to ring", "all rung", first),
        (TileKey.CONTACTS, clock.contacts_tried, "Contacts tried", untried, "still to try", "all tried", trying),
        (TileKey.LEAD, clock.lead_told, "Lead told", len(lead), "to tell", "nobody to tell", lead),
        (TileKey.POLICE, clock.police_or_care, "Police or care", len(police), "to tell", "none due", police),
    )
    upcoming = next((key for key, at, _, count, *_ in made if count and at >= state.at.time()), None)
    return tuple(
        Tile(
            key,
            at,
            name,
            count,
            _tile_words(state.at, at, words, is_next=key is upcoming) if count else none,
            _tile_state(state.at, at, count, is_next=key is upcoming),
            frozenset(row.key for row in of),
        )
        for key, at, name, count, words, none, of in made
    )


# -- the strip and the heading ---------------------------------------------------------------------------------


def _tile_state(now: datetime, at: time, count: int, *, is_next: bool) -> TileState:
    if not count:
        return TileState.DONE
    if at < now.time():
        return TileState.LATE
    return TileState.NEXT if is_next else TileState.LATER


def _tile_words(now: datetime, at: time, words: str, *, is_next: bool) -> str:
    minutes = (at.hour - now.hour) * 60 + at.minute - now.minute
    return f"{words}, in {minutes} min" if is_next and 0 < minutes <= 15 else words


def _is_of_today(row: TodayRow, state: TodayState) -> bool:
    return row.session is not None and row.session.on == state.on


def _next_clock_time(state: TodayState) -> datetime | None:
    clock = state.clock
    times = (clock.registers_in, clock.first_calls, clock.register_close, clock.contacts_tried, clock.lead_told,
             clock.police_or_care, clock.afternoon)  # fmt: skip
    later = [at for at in times if at > state.at.time()]
    return datetime.combine(state.on, min(later)) if later else None


def _subtitle(state: TodayState) -> str:
    calendar = state.moment.calendar
    why = calendar.why_no_school(state.on)
    year = calendar.year_of(state.on)
    if why is not None or year is None:
        return f"No school today: {why.value if why else 'outside the calendar'}"
    weeks = [monday for monday in calendar.school_weeks if monday_of(year.first_day) <= monday <= state.on]
    number = calendar.school_day_number(state.on)
    return f"School day {number} of {calendar.count_school_days(year)}, week {len(weeks)}"


def _short_title(state: TodayState) -> str:
    calendar = state.moment.calendar
    year, number = calendar.year_of(state.on), calendar.school_day_number(state.on)
    counted = f", day {number} of {calendar.count_school_days(year)}" if year and number else ""
    return say_day(state.on) + counted


def _title_of(group: Group, state: TodayState) -> str:
    if group is not Group.BEFORE:
        return str(group.value)
    limit = _call_limit(state)
    return f"Before {say_clock(limit)}" if limit else "Today"


def _call_limit(state: TodayState) -> time | None:
    clock = state.clock
    times = (clock.contacts_tried, clock.lead_told, clock.police_or_care)
    return next((at for at in times if state.at.time() <= at), None)


def _balance(state: TodayState, explained: int) -> Balance:
    due = state.roll.judgement.sessions_due()
    first = state.moment.today_first
    if due <= first:
        return Balance(len(state.roll.on_roll), 0, 0, 0, 0, due=False)
    found = dict.fromkeys(Presence, 0)
    for record in state.roll.records:
        symbol = chr(record.line[due - 1]) if len(record.line) >= due else "."
        found[presence_of_symbol(symbol)] += 1
    return Balance(
        len(state.roll.on_roll), found[Presence.ATTENDED], found[Presence.ABSENT], found[Presence.UNKNOWN], explained
    )


# -- registers that were not taken -----------------------------------------------------------------------------

_NOT_TAKEN: Final = "england.register-not-taken"
_EARLIER_SHOWN: Final = 3


def _register_rows(state: TodayState) -> list[TodayRow]:
    missing: dict[tuple[str, int], list[PupilId]] = {}
    for pupil_id, flags in state.flags.items():
        if any(flag.rule_id == _NOT_TAKEN for flag in flags):
            name = state.pupil(pupil_id).class_name or "No class"
            for index in state.facts(pupil_id).unknown_sessions:
                missing.setdefault((name, index), []).append(pupil_id)
    rows: list[TodayRow] = []
    ordered = sorted(missing, key=lambda key: (key[0], -key[1]))
    for name, keys in groupby(ordered, key=lambda key: key[0]):
        sessions = list(keys)
        rows += [_register_row(state, name, index, missing[name, index]) for _, index in sessions[:_EARLIER_SHOWN]]
        if rest := sessions[_EARLIER_SHOWN:]:
            earlier = {pupil for _, index in rest for pupil in missing[name, index]}
            rows.append(_earlier_row(name, len(rest), tuple(sorted(earlier))))
    return rows


def _register_row(state: TodayState, name: str, index: int, pupils: list[PupilId]) -> TodayRow:
    session = state.moment.session(index)
    size = sum(pupil.class_name == name for pupil in state.roll.on_roll) or len(pupils)
    whole = len(pupils) * 2 > size
    today = session.on == state.on
    clock = state.clock
    taken_by = clock.registers_in if session.half is Half.AM else clock.afternoon
    when = "" if today else f" {say_day(session.on)} {session.half.value}"
    act = "ring the class" if today else "find out who was there"
    due = f"late, {say_clock(taken_by)}" if today else f"late, {say_near_day(session.on, today=state.on)}"
    return TodayRow(
        key=f"register:{name}:{session}",
        kind=RowKind.REGISTER,
        group=Group.BEFORE,
        shape=Shape.UNKNOWN,
        severity=Severity.TODAY,
        pupils=tuple(pupils),
        name=name,
        hidden_name=name,
        beside=count_of(len(pupils), "pupil"),
        why=f"Register not taken{when}: {act}" if whole else f"No mark{when}: {act}",
        next_act=capital(act),
        due_words=due,
        tone=Tone.TODAY,
        session=session,
        class_name=name,
        sort_key=(1, 0, 0 if today else 1, -index, name),
    )


def _earlier_row(name: str, sessions: int, pupils: tuple[PupilId, ...]) -> TodayRow:
    return TodayRow(
        key=f"register:{name}:earlier",
        kind=RowKind.REGISTER,
        group=Group.WEEK,
        shape=Shape.UNKNOWN,
        severity=Severity.THIS_WEEK,
        pupils=pupils,
        name=name,
        hidden_name=name,
        beside=count_of(len(pupils), "pupil"),
        why=f"{count_of(sessions, 'earlier session')} without a mark: open the register",
        next_act="Open the register",
        due_words="late",
        tone=Tone.PLAIN,
        class_name=name,
        sort_key=(2, 9, 0, 0, name),
    )


# -- pupils ----------------------------------------------------------------------------------------------------

_SHAPES: Final = {
    Severity.NOW: Shape.NOW,
    Severity.TODAY: Shape.TODAY,
    Severity.THIS_WEEK: Shape.WEEK,
    Severity.INCOMPLETE: Shape.UNKNOWN,
}
_GROUPS: Final = {
    Severity.NOW: Group.NOW,
    Severity.TODAY: Group.BEFORE,
    Severity.THIS_WEEK: Group.WEEK,
    Severity.INCOMPLETE: Group.WEEK,
}


def shape_of(severity: Severity) -> Shape:
    """Say the shape that stands for a severity."""
    return _SHAPES.get(severity, Shape.WATCH)


@dataclass(frozen=True, slots=True)
class PupilDay:
    """One pupil's day: the flags to act on, the tasks they make, the contacts to ring and who was tried today."""

    pupil_id: PupilId
    facts: Facts
    flags: tuple[Flag, ...]
    tasks: tuple[Task, ...]
    ring: tuple[tuple[ContactDetails, bool], ...]
    to_ring: bool

    @property
    def severity(self) -> Severity:
        """The worst of its flags; where a parent does not know where the child is, always now."""
        return Severity.NOW if self.is_unaware else min(flag.severity for flag in self.flags)

    @property
    def is_unaware(self) -> bool:
        """Whether a parent was reached who does not know where the child is."""
        return any(one.cause is Cause.UNAWARE for one in self.facts.whereabouts_unknown)

    @property
    def is_for_police_or_care(self) -> bool:
        """Whether the police or social care are to be told and have not been."""
        if any(_is_for_police_or_care(task) for task in self.tasks):
            return True
        return self.is_unaware and self.facts.told.isdisjoint({Recipient.POLICE, Recipient.SOCIAL_CARE})

    @property
    def is_unexplained(self) -> bool:
        """Whether a session of the absence's latest day is N or O with no reason recorded, or its reason has lapsed."""
        return self.facts.ladder_day > 0 or bool(self.facts.unexplained_now())

    @property
    def nobody_reached(self) -> bool:
        """Whether the ladder runs and no adult was reached since it began."""
        return self.to_ring and self.facts.ladder_day > 0


def pupil_day(state: TodayState, pupil_id: PupilId, *, covered: bool = False) -> PupilDay | None:
    """Gather a pupil's day; None where nobody has to act. ``covered`` leaves unknown sessions to the register's row."""
    flags = tuple(
        flag
        for flag in state.flags.get(pupil_id, ())
        if flag.severity in _SHAPES
        and flag.rule_id != _NOT_TAKEN
        and key_of(flag) not in state.away
        and not (covered and flag.severity is Severity.INCOMPLETE and flag.finding.ask)
    )
    if not flags:
        return None
    facts = state.facts(pupil_id)
    joined = join_duties(flags)
    lines = state.todays.get(pupil_id, ())
    ring = tuple(
        (one, is_tried(one, lines, since=state.on)) for one in state.contacts.get(pupil_id, ()) if can_be_rung(one)
    )
    calls = any(task.duty.act is Act.CONTACT_FAMILY and task.severity <= Severity.TODAY for task in joined)
    to_ring = calls and not facts.is_contact_made_today
    # On the first day the calls come before the visit; from the second, or when all were tried, the visit does.
    rings_first = to_ring and facts.ladder_day <= 1 and any(not tried for _, tried in ring)
    tasks = tuple(sorted(joined, key=lambda task: _task_order(task, rings_first=rings_first)))
    return PupilDay(pupil_id, facts, flags, tasks, ring, to_ring)


def _task_order(task: Task, *, rings_first: bool) -> tuple[object, ...]:
    due = task.due.sort_key if task.due else (date.max, time.max)
    if rings_first and task.duty.act is Act.CONTACT_FAMILY:
        return (Severity.NOW, -1, due)
    return (task.severity, _ACT_ORDER.index(task.duty.act) if task.duty.act in _ACT_ORDER else 99, due)


_ACT_ORDER: Final = (
    Act.VISIT_HOME, Act.CONTACT_FAMILY, Act.SEE_THE_CHILD, Act.TELL, Act.REFER, Act.SEND_RETURN, Act.SEND_FORM,
    Act.ESTABLISH_REASON,
)  # fmt: skip


def _pupil_rows(state: TodayState, covered: set[PupilId]) -> list[TodayRow]:
    days = [
        day for pupil_id in state.flags if (day := pupil_day(state, pupil_id, covered=pupil_id in covered)) is not None
    ]
    families: dict[object, list[PupilDay]] = {}
    for day in days:
        family = state.pupil(day.pupil_id).family_id
        families.setdefault(("family", family) if family and day.to_ring else day.pupil_id, []).append(day)
    return [_pupil_row(state, together) for together in families.values()]


def _pupil_row(state: TodayState, together: list[PupilDay]) -> TodayRow:
    together = sorted(together, key=lambda day: (day.severity, day.pupil_id))
    worst = together[0]
    due_words, tone, due_key = _due(state, worst)
    pupils = tuple(day.pupil_id for day in together)
    group = _GROUPS[worst.severity]
    case = state.cases.get(worst.pupil_id)
    return TodayRow(
        key="pupils:" + ",".join(str(pupil) for pupil in sorted(pupils)),
        kind=RowKind.PUPILS,
        group=group,
        shape=_SHAPES[worst.severity],
        severity=worst.severity,
        pupils=pupils,
        name=_names(state, pupils),
        hidden_name=case.number if case else "",
        beside=", ".join(state.pupil(pupil).class_name for pupil in pupils),
        why=_why(state, worst, len(together)),
        next_act=_next_act(worst),
        due_words=due_words,
        tone=tone,
        dots=tuple(tried for _, tried in worst.ring) if worst.to_ring else (),
        to_ring=worst.to_ring,
        to_tell=any(_lead_is_to_be_told(state, day) for day in together),
        to_police=any(day.is_for_police_or_care for day in together),
        sort_key=(list(Group).index(group), worst.severity, 1, *due_key, worst.pupil_id),
    )


def _names(state: TodayState, pupils: tuple[PupilId, ...]) -> str:
    if len(pupils) == 1:
        return state.pupil(pupils[0]).known_as
    people = [state.pupil(pupil) for pupil in pupils]
    surnames = {person.preferred_surname or person.legal_surname for person in people}
    if len(surnames) > 1:
        return " and ".join(person.known_as for person in people)
    forenames = [person.preferred_forename or person.legal_forename for person in people]
    return " and ".join((", ".join(forenames[:-1]), forenames[-1])) + f" {surnames.pop()}"


def _ladder_unreached(day: PupilDay) -> bool:
    return day.nobody_reached and day.facts.ladder_day >= 2


def _why(state: TodayState, day: PupilDay, children: int) -> str:
    task, facts = day.tasks[0], day.facts
    act = task.duty.act
    if day.is_unaware:
        return "Whereabouts unknown: act at once"
    if act is Act.VISIT_HOME:
        nth = "second home visit" if facts.visits_made else "home visit"
        return (
            f"Day {max(1, facts.ladder_day)} and nobody reached: {nth}" if day.nobody_reached else f"{capital(nth)} due"
        )
    if act is Act.CONTACT_FAMILY and day.to_ring:
        return _why_ring(state, day, children)
    if act is Act.ESTABLISH_REASON and task.flags[0].finding.counted:
        return _why_open_n(state, task.flags[0])
    return (
        _WHY.get(act, capital(task.duty.what))
        if not _is_for_police_or_care(task)
        else "Police or social care to be told"
    )


_WHY: Final = {
    Act.CONTACT_FAMILY: "Contact the family again",
    Act.TELL: "Somebody must be told: see the card",
    Act.SEND_RETURN: "A return to the authority is due",
    Act.SEND_FORM: "A form to the authority is due",
    Act.REFER: "A referral is due",
    Act.SEE_THE_CHILD: "Nobody has seen the child: make sure",
    Act.BEGIN_JOINT_ENQUIRIES: "Begin joint enquiries with the authority",
    Act.DECIDE: "The head has to decide",
    Act.SUPPORT: "Agree support",
    Act.GET_CONTACTS: "Get more contacts",
    Act.ASK_OTHER_SCHOOL: "Ring the other school",
    Act.SUPPLY_FACT: "A fact is missing: supply it",
}


def _why_ring(state: TodayState, day: PupilDay, children: int) -> str:
    last = next((one for one in reversed(state.todays.get(day.pupil_id, ())) if _is_attempt(one)), None)
    untried = sum(not tried for _, tried in day.ring)
    if last is not None and last.event.at is not None:
        outcome = last.event.outcome
        said = _LAST_SAID.get(outcome, "Tried") if isinstance(outcome, AttemptOutcome) else "Tried"
        noun = "contact" if untried == 1 else "contacts"
        rest = f"{say_number(untried)} {noun} untried" if untried else "every contact tried"
        return f"{said} {say_clock(last.event.at)}: {rest}"
    if not day.is_unexplained:
        return "Reason known: ring again today"
    if children > 1:
        return f"No reason given: {say_number(children)} children, one call"
    if day.severity is Severity.NOW:
        alone = day.facts.circumstances & _QUICKER == {Circumstance.WALKS_ALONE}
        return "No reason given, walks to school alone" if alone else "No reason given: use the faster ladder"
    if not day.ring:
        return "No reason given, and no number to ring"
    return f"Day {day.facts.ladder_day} and nobody reached" if _ladder_unreached(day) else "No reason given"


_QUICKER: Final = frozenset({
    Circumstance.WALKS_ALONE, Circumstance.LOOKED_AFTER, Circumstance.CHILD_PROTECTION_PLAN, Circumstance.SOCIAL_WORKER,
    Circumstance.CHILD_IN_NEED, Circumstance.SECTION_47, Circumstance.CARE_ORDER,
})  # fmt: skip
_LAST_SAID: Final = {
    AttemptOutcome.NO_ANSWER: "No answer",
    AttemptOutcome.LEFT_MESSAGE: "Voicemail left",
    AttemptOutcome.SENT: "Text sent",
    AttemptOutcome.NUMBER_DEAD: "Number dead",
    AttemptOutcome.WRONG_PERSON: "Wrong person",
    AttemptOutcome.ANSWERED_NO_REASON: "Answered, no reason",
    AttemptOutcome.REFUSED: "Refused to say",
}


def _is_attempt(written: object) -> bool:
    event = getattr(written, "event", None)
    struck = getattr(written, "retracted_at", None)
    return event is not None and struck is None and event.kind is EventKind.CONTACT_ATTEMPT


def _why_open_n(state: TodayState, flag: Flag) -> str:
    first = flag.finding.counted[0]
    days = state.moment.calendar.count_school_days_after(first.on, through=state.on)
    return f"N from {say_day(first.on)} still open, day {days} of 5"


def _next_act(day: PupilDay) -> str:
    if day.to_ring:
        untried = next((one for one, tried in day.ring if not tried), None)
        if untried is not None:
            return f"Ring {untried.relation_said or untried.relation.in_words}"
    return capital(day.tasks[0].duty.what)


def _due(state: TodayState, day: PupilDay) -> tuple[str, Tone, tuple[object, ...]]:
    task = day.tasks[0]
    if task.duty.act is Act.CONTACT_FAMILY and day.to_ring:
        limit = state.clock.register_close if day.severity is Severity.NOW else state.clock.contacts_tried
        late = state.at.time() > limit
        words = f"late, {say_clock(limit)}" if late else say_clock(limit)
        return words, Tone.NOW if day.severity is Severity.NOW else Tone.TODAY, (state.on, limit)
    due = task.due
    if due is None:
        return "", Tone.PLAIN, (date.max, time.max)
    tone = Tone.NOW if day.severity is Severity.NOW else Tone.TODAY if due.by and due.on == state.on else Tone.PLAIN
    if task.overdue or due.is_overdue(state.at):
        tone = Tone.NOW if day.severity is Severity.NOW else Tone.TODAY
    return say_due(due, at=state.at), tone, due.sort_key


def say_due(due: Deadline, *, at: datetime) -> str:
    """Say when something is due, seen from a moment: 10:30, today, Thu 12; late before it where it has passed."""
    today = say_clock(due.by) if due.by else "today"
    words = today if due.on == at.date() else say_near_day(due.on, today=at.date())
    return f"late, {words}" if due.is_overdue(at) else words


def _is_for_police_or_care(task: Task) -> bool:
    told = set(task.duty.recipient.split())
    return task.duty.act in {Act.TELL, Act.REFER} and not told.isdisjoint(_POLICE_OR_CARE)


_POLICE_OR_CARE: Final = frozenset({"police", "social_care"})


def _lead_is_to_be_told(state: TodayState, day: PupilDay) -> bool:
    unknown = day.facts.is_whereabouts_unknown
    if not (day.to_ring or unknown) or _lead_knows(state, day.pupil_id):
        return False
    every_one_tried = bool(day.ring) and all(tried for _, tried in day.ring)
    overdue = state.at.time() > state.clock.contacts_tried
    return unknown or day.severity is Severity.NOW or every_one_tried or not day.ring or overdue


def _lead_knows(state: TodayState, pupil_id: PupilId) -> bool:
    return any(
        one.event.kind is EventKind.DECISION and one.event.about == LEAD_TOLD and one.retracted_at is None
        for one in state.todays.get(pupil_id, ())
    )


# -- absences that are explained -------------------------------------------------------------------------------


def _explained_rows(state: TodayState, busy: set[PupilId]) -> list[TodayRow]:
    due = state.roll.judgement.sessions_due()
    if due <= state.moment.today_first:
        return []
    rows = []
    for record in state.roll.records:
        pupil_id = record.pupil.id
        if pupil_id in busy or len(record.line) < due:
            continue
        symbol = chr(record.line[due - 1])
        if presence_of_symbol(symbol) is Presence.ABSENT:
            rows.append(_explained_row(state, pupil_id, symbol))
    return rows


def _explained_row(state: TodayState, pupil_id: PupilId, symbol: str) -> TodayRow:
    pupil = state.pupil(pupil_id)
    back = state.facts(pupil_id).expects_back
    letter = CODE_OF_SYMBOL[symbol].letter
    why = "Reason given" if letter in {"N", "O"} else f"Marked {letter}"
    case = state.cases.get(pupil_id)
    return TodayRow(
        key=f"pupils:{pupil_id}",
        kind=RowKind.PUPILS,
        group=Group.EXPLAINED,
        shape=Shape.SETTLED,
        severity=Severity.WATCH,
        pupils=(pupil_id,),
        name=pupil.known_as,
        hidden_name=case.number if case else "",
        beside=pupil.class_name,
        why=f"{why}, expected back {say_day(back)}" if back else why,
        next_act="",
        due_words="",
        tone=Tone.PLAIN,
        sort_key=(3, 0, 0, pupil.class_name, pupil.sort_name),
    )


def _number_hidden(rows: list[TodayRow]) -> tuple[TodayRow, ...]:
    numbered: list[TodayRow] = []
    next_number = 1
    for row in rows:
        if row.hidden_name:
            numbered.append(row)
            continue
        last = next_number + max(1, len(row.pupils)) - 1
        said = ", ".join(str(number) for number in range(next_number, last + 1))
        numbered.append(replace(row, hidden_name=f"Absence {said}"))
        next_number = last + 1
    return tuple(numbered)


def _ticked(row: TodayRow) -> TodayRow:
    return replace(
        row, done=True, shape=Shape.SETTLED, tone=Tone.PLAIN, due_words="", to_ring=False, to_tell=False,
        to_police=False, why="Dealt with",
    )  # fmt: skip
