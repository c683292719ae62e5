"""Read a situation file: what is known of one made-up pupil, and what the rulebook must say on given days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, Final

from cme_desktop.domain.attendance import (
    CODE_OF_LETTER,
    DEAD_CODES,
    OUTSIDE_SYMBOL,
    UNKNOWN_SYMBOL,
    AttendanceCode,
    Half,
    SchoolSession,
)
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.enquiries import ENQUIRY_OF, EnquiryState
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import (
    FIELDS_OF,
    AttemptOutcome,
    Destination,
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil, YearGroup, year_group_of
from cme_desktop.importers.calendars import calendar_of, load_supplied_calendar, read_school_year
from cme_desktop.policy.located_toml import Problem, TomlTable, read_toml, unknown_word
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Severity

PUPIL_OF_A_SITUATION: Final = PupilId(1)
UNKNOWN_FACT: Final = "unknown"
DEFAULT_CONTACTS: Final = (
    Contact(With.MOTHER, Household.HOME, order=1),
    Contact(With.GRANDMOTHER, Household.ELSEWHERE, order=2),
)

_TOP_KEYS: Final = (
    "title", "about", "policies", "calendar", "school_type", "youngest_class", "oldest_class",
    "switched_on", "pupil", "school", "contact", "mark", "event", "expect",
)  # fmt: skip
EVENT_KINDS: Final = (
    *list(EventKind)[: list(EventKind).index(EventKind.NOTE)],
    EventKind.ENQUIRY_RECORDED,
    EventKind.CASE_OPENED,
    EventKind.CASE_CLOSED,
)
_NEEDED: Final[dict[EventKind, str]] = {
    EventKind.CONTACT_ATTEMPT: "outcome",
    EventKind.HOME_VISIT: "outcome",
    EventKind.JOINT_ENQUIRIES: "outcome",
    EventKind.TOLD: "who",
    EventKind.RETURN_SENT: "return",
    EventKind.FORM_SENT: "form",
    EventKind.LEAVE_GRANTED: "to",
    EventKind.DECISION: "about",
    EventKind.ENQUIRY_RECORDED: "about",
}
"""The one fact without which an event of the kind says nothing."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What a situation may name: the rule ids, the policies and the switches of this rulebook."""

    rule_ids: frozenset[str]
    policies: tuple[str, ...]
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be found at one moment. ``at`` is ``time.max`` on its day for the close of the day.

    ``nothing`` says that no flag may be raised but ``watch`` ones.
    """

    at: datetime
    line: int
    flags: tuple[str, ...] = ()
    not_flags: tuple[str, ...] = ()
    nothing: bool = False
    due: tuple[tuple[str, date], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_close_of_day(self) -> bool:
        """Whether the whole day is judged."""
        return self.at.time() == time.max


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation as values.

    ``line`` is the pupil's register line over the calendar's whole axis, present where nothing was marked; the judge
    cuts it at the moment judged. ``pupil`` is None for a situation about the school.
    """

    title: str
    calendar: SchoolCalendar
    expectations: tuple[Expectation, ...]
    about: str = ""
    policies: tuple[str, ...] = ()
    school_type: SchoolType = SchoolType.MAINTAINED_PRIMARY
    youngest_class: YearGroup = YearGroup.R
    oldest_class: YearGroup = YearGroup.Y6
    switched_on: tuple[tuple[str, date], ...] = ()
    pupil: Pupil | None = None
    line: bytes = b""
    line_begins_at_records: bool = False
    contacts: tuple[Contact, ...] = DEFAULT_CONTACTS
    events: tuple[Event, ...] = ()
    last_done: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class SituationRead:
    """What a file holds: the situation, or the problems for which there is none, in the order of their lines."""

    situation: Situation | None
    problems: tuple[Problem, ...] = ()


def read_situation(data: bytes | str, *, known: KnownWords, resources: Path) -> SituationRead:
    """Read a situation's text; ``resources`` is where the supplied calendars are."""
    document = read_toml(data)
    if isinstance(document, Problem):
        return SituationRead(None, (document,))
    problems: list[Problem] = []
    situation = _SituationReader(TomlTable(document, problems), known, resources).read()
    if problems:
        return SituationRead(None, tuple(sorted(set(problems))))
    return SituationRead(situation)


class _SituationReader:
    """Reads each part of the file; problems gather in the table's own list."""

    def __init__(self, top: TomlTable, known: KnownWords, resources: Path) -> None:
        self._top = top
        self._known = known
        self._resources = resources

    def read(self) -> Situation | None:
        top = self._top
        top.keep_to(_TOP_KEYS)
        top.need("title")
        calendar = self._read_calendar()
        pupil = self._read_pupil(calendar)
        last_done = self._read_school()
        events = self._read_events()
        expectations = tuple(filter(None, (self._read_expectation(row) for row in top.tables("expect"))))
        if not expectations:
            top.say("there is no [[expect]]: the situation expects nothing")
        if calendar is None:
            return None
        first = calendar.years[0].first_day
        return Situation(
            title=top.text("title"),
            about=top.text("about"),
            policies=self._read_policies(),
            calendar=calendar,
            school_type=top.choice("school_type", SchoolType, what="school type") or SchoolType.MAINTAINED_PRIMARY,
            youngest_class=top.choice("youngest_class", YearGroup, what="year group") or YearGroup.R,
            oldest_class=top.choice("oldest_class", YearGroup, what="year group") or YearGroup.Y6,
            switched_on=self._read_switches(),
            pupil=pupil,
            line=self._read_line(calendar, pupil) if pupil else b"",
            line_begins_at_records=bool(pupil and pupil.starting_day and pupil.starting_day < first),
            contacts=self._read_contacts(),
            events=events,
            last_done=last_done,
            expectations=expectations,
        )

    def _read_policies(self) -> tuple[str, ...]:
        named = self._top.texts("policies")
        for position, policy in enumerate(named):
            if policy not in self._known.policies:
                self._top.say(unknown_word("policy", policy, self._known.policies), key="policies", position=position)
        return named

    def _read_switches(self) -> tuple[tuple[str, date], ...]:
        table = self._top.table("switched_on")
        if table is None:
            return ()
        for name in table.values:
            if name not in self._known.switches:
                table.say(unknown_word("switch", name, self._known.switches), key=name)
        days = ((name, table.day(name)) for name in table.values)
        return tuple((name, day) for name, day in days if day is not None)

    def _read_calendar(self) -> SchoolCalendar | None:
        if not self._top.need("calendar"):
            return None
        if isinstance(self._top.values["calendar"], str):
            return self._load_calendar(self._top.text("calendar"))
        table = self._top.table("calendar")
        year = read_school_year(table) if table is not None else None
        return None if year is None else calendar_of(year)

    def _load_calendar(self, calendar_id: str) -> SchoolCalendar | None:
        try:
            return load_supplied_calendar(self._resources, calendar_id)
        except BadInputError as error:
            self._top.say(error.detail.rstrip("."), key="calendar")
            return None

    # -- the pupil ---------------------------------------------------------------------------------------------

    def _read_pupil(self, calendar: SchoolCalendar | None) -> Pupil | None:
        if ("pupil" in self._top) == ("school" in self._top):
            self._top.say("there must be one of [pupil] and [school], and not both")
            return None
        table = self._top.table("pupil")
        if table is None:
            return None
        table.keep_to(("born", "starting_day", "year_group", "circumstances"))
        born = self._day_or_unknown(table, "born")
        starting_day = self._day_or_unknown(table, "starting_day")
        year_group = table.choice("year_group", YearGroup, what="year group")
        if year_group is None and born is not None and calendar is not None:
            year_group = year_group_of(born, on=calendar.years[0].first_day)
        return Pupil(PUPIL_OF_A_SITUATION, born, starting_day, year_group, self._read_circumstances(table))

    @staticmethod
    def _day_or_unknown(table: TomlTable, key: str) -> date | None:
        if not table.need(key) or table.values[key] == UNKNOWN_FACT:
            return None
        return table.day(key)

    @staticmethod
    def _read_circumstances(table: TomlTable) -> tuple[DatedCircumstance, ...]:
        listed = table.values.get("circumstances", [])
        if not isinstance(listed, list) or not all(isinstance(member, str | dict) for member in listed):
            table.say('"circumstances" must be a list of names', key="circumstances")
            return ()
        found: list[DatedCircumstance] = []
        for position, member in enumerate(listed):
            named = {"name": member} if isinstance(member, str) else member
            if odd := set(named) - {"name", "from", "until"}:
                words = unknown_word("key", min(odd), ("name", "from", "until"))
                table.say(words, key="circumstances", position=position)
            name = table.as_choice(
                str(named.get("name", "")), Circumstance, what="circumstance", key="circumstances", position=position
            )
            if name is not None:
                found.append(DatedCircumstance(name, _a_day(named.get("from")), _a_day(named.get("until"))))
        return tuple(found)

    def _read_contacts(self) -> tuple[Contact, ...]:
        if "contact" not in self._top:
            return DEFAULT_CONTACTS
        contacts: list[Contact] = []
        for position, row in enumerate(self._top.tables("contact"), start=1):
            row.keep_to(("relation", "household", "works", "order"))
            relation = row.choice("relation", With, what="relation") if row.need("relation") else None
            household = row.choice("household", Household, what="household") or Household.HOME
            order = row.whole("order") or position
            works = row.truth("works") is not False
            if relation is not None:
                contacts.append(Contact(relation, household, works=works, order=order))
        return tuple(sorted(contacts, key=lambda contact: contact.order))

    def _read_school(self) -> tuple[tuple[str, date], ...]:
        table = self._top.table("school")
        if table is None:
            return ()
        table.keep_to(("last_done",))
        done = table.table("last_done")
        if done is None:
            return ()
        days = ((rule_id, done.day(rule_id)) for rule_id in self._rule_ids_of(done))
        return tuple((rule_id, day) for rule_id, day in days if day is not None)

    # -- marks -------------------------------------------------------------------------------------------------

    def _read_line(self, calendar: SchoolCalendar, pupil: Pupil) -> bytes:
        begins = max(pupil.starting_day or calendar.years[0].first_day, calendar.years[0].first_day)
        line = bytearray("".join(_unmarked(session, begins) for session in calendar.sessions), "ascii")
        for row in self._top.tables("mark"):
            for session, symbol in self._read_mark(row, calendar):
                index = calendar.index_of(session)
                if index is not None and session.on >= begins:
                    line[index] = ord(symbol)
        return bytes(line)

    def _read_mark(self, row: TomlTable, calendar: SchoolCalendar) -> tuple[tuple[SchoolSession, str], ...]:
        row.keep_to(("on", "from", "to", "code", "am", "pm"))
        days = self._days_of_mark(row, calendar)
        halves = {"code": tuple(Half), "am": (Half.AM,), "pm": (Half.PM,)}
        if not any(key in row for key in halves):
            row.say('a mark needs "code", or "am" and "pm"')
        if "code" in row and ("am" in row or "pm" in row):
            row.say('a mark has either "code" or "am" and "pm"', key="code")
        symbols = [(half, self._read_code(row, key, half)) for key in halves if key in row for half in halves[key]]
        return tuple(
            (SchoolSession(day, half), symbol) for day in days for half, symbol in symbols if symbol is not None
        )

    @staticmethod
    def _days_of_mark(row: TomlTable, calendar: SchoolCalendar) -> tuple[date, ...]:
        if "on" in row:
            if "from" in row or "to" in row:
                row.say('a mark has either "on" or "from" and "to"', key="on")
            on = row.day("on")
            if on is None:
                return ()
            why = calendar.why_no_school(on)
            if why is not None:
                row.say(f"{on.isoformat()} is no school day: {why.value}", key="on")
                return ()
            return (on,)
        first = row.day("from") if row.need("from") else None
        last = row.day("to") if row.need("to") else None
        if first is None or last is None:
            return ()
        if last < first:
            row.say('"to" lies before "from"', key="to")
        return calendar.school_days_between(first, last)

    @staticmethod
    def _read_code(row: TomlTable, key: str, half: Half) -> str | None:
        letter = row.text(key)
        if letter == UNKNOWN_SYMBOL:
            return UNKNOWN_SYMBOL
        code = CODE_OF_LETTER.get(letter)
        if code is None:
            successors = DEAD_CODES.get(letter)
            if successors:
                row.say(f'code "{letter}" ended in August 2024; use {" or ".join(successors)}', key=key)
            else:
                row.say(unknown_word("code", letter, CODE_OF_LETTER), key=key)
            return None
        if code in {AttendanceCode.PRESENT_AM, AttendanceCode.PRESENT_PM}:
            code = AttendanceCode.PRESENT_AM if half is Half.AM else AttendanceCode.PRESENT_PM
        return code.symbol

    # -- events ------------------------------------------------------------------------------------------------

    def _read_events(self) -> tuple[Event, ...]:
        events = [event for row in self._top.tables("event") if (event := self._read_event(row))]
        return tuple(sorted(events, key=lambda event: event.moment))

    def _read_event(self, row: TomlTable) -> Event | None:
        at = row.moment("at") if row.need("at") else None
        if not row.need("kind"):
            return None
        word = row.text("kind")
        names = [kind.value for kind in EVENT_KINDS]
        if word not in names:
            row.say(unknown_word("kind of event", word, names), key="kind")
            return None
        kind = EventKind(word)
        fields = FIELDS_OF.get(kind, ())
        row.keep_to(("kind", "at", *fields))
        if kind in _NEEDED:
            row.need(_NEEDED[kind])
        facts = {_attribute(kind, name): self._read_fact(row, kind, name) for name in fields if name in row}
        if at is None:
            return None
        day = at.date() if isinstance(at, datetime) else at
        return Event(kind, day, at.time() if isinstance(at, datetime) else None, **facts)

    def _read_fact(self, row: TomlTable, kind: EventKind, name: str) -> Any:
        if kind is EventKind.ENQUIRY_RECORDED:
            return self._read_enquiry(row, name)
        if name == "about":
            return self._read_rule_id(row, name)
        if name == "outcome":
            return row.choice(name, _OUTCOMES[kind], what="outcome")
        if name == "to":
            return row.choice(name, Recipient, what="recipient") if kind is EventKind.REFERRED else row.day(name)
        if name in _CHOICES:
            kinds, what = _CHOICES[name]
            return row.choice(name, kinds, what=what)
        return _READ_FACT[name](row, name)

    @staticmethod
    def _read_enquiry(row: TomlTable, name: str) -> str:
        what, known = (
            ("enquiry", tuple(ENQUIRY_OF)) if name == "about" else ("state of an enquiry", tuple(EnquiryState))
        )
        word = row.text(name)
        if word not in known:
            row.say(unknown_word(what, word, known), key=name)
        return word

    def _read_rule_id(self, row: TomlTable, key: str) -> str:
        word = row.text(key)
        if word not in self._known.rule_ids:
            row.say(unknown_word("rule", word, self._known.rule_ids), key=key)
        return word

    # -- expectations ------------------------------------------------------------------------------------------

    def _read_expectation(self, row: TomlTable) -> Expectation | None:
        row.keep_to(("on", "at", "flags", "not_flags", "due", "severity", "says"))
        at = self._moment_of(row)
        nothing = row.values.get("flags") == "none"
        flags = () if nothing else self._rule_list(row, "flags")
        not_flags = self._rule_list(row, "not_flags")
        due, severity, says = row.table("due"), row.table("severity"), row.table("says")
        found_due = [(name, due.moment(name)) for name in self._rule_ids_of(due)] if due else []
        found_severity = (
            [(name, severity.choice(name, _SeverityWord, what="severity")) for name in self._rule_ids_of(severity)]
            if severity
            else []
        )
        found_says = [(name, _texts_of(says, name)) for name in self._rule_ids_of(says)] if says else []
        if at is None:
            return None
        return Expectation(
            at,
            row.line,
            flags,
            not_flags,
            nothing=nothing,
            due=tuple((name, day) for name, day in found_due if day is not None),
            severity=tuple((name, Severity[word.name]) for name, word in found_severity if word is not None),
            says=tuple(found_says),
        )

    @staticmethod
    def _moment_of(row: TomlTable) -> datetime | None:
        if ("on" in row) == ("at" in row):
            row.say('an expectation has either "on" (a date) or "at" (a date-time)')
            return None
        if "on" in row:
            on = row.day("on")
            return None if on is None else datetime.combine(on, time.max)
        at = row.moment("at")
        if at is None or isinstance(at, datetime):
            return at
        return datetime.combine(at, time.max)

    def _rule_list(self, row: TomlTable, key: str) -> tuple[str, ...]:
        if isinstance(row.values.get(key), str):
            row.say(f'"{key}" must be a list of rule ids' + (' or "none"' if key == "flags" else ""), key=key)
            return ()
        named = row.texts(key)
        for position, rule_id in enumerate(named):
            if rule_id not in self._known.rule_ids:
                row.say(unknown_word("rule", rule_id, self._known.rule_ids), key=key, position=position)
        return named

    def _rule_ids_of(self, table: TomlTable) -> tuple[str, ...]:
        for rule_id in table.values:
            if rule_id not in self._known.rule_ids:
                table.say(unknown_word("rule", rule_id, self._known.rule_ids), key=rule_id)
        return tuple(table.values)


class _SeverityWord(Enum):
    """Severities as situation files write them."""

    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"
    INCOMPLETE = "incomplete"
    WATCH = "watch"


_OUTCOMES: Final[dict[EventKind, type[Any]]] = {
    EventKind.CONTACT_ATTEMPT: AttemptOutcome,
    EventKind.HOME_VISIT: VisitOutcome,
    EventKind.JOINT_ENQUIRIES: EnquiryResult,
}
_CHOICES: Final[dict[str, tuple[type[Any], str]]] = {
    "with": (With, "relation"),
    "method": (Method, "method"),
    "who": (Recipient, "recipient"),
    "return": (ReturnKind, "return"),
    "destination": (Destination, "destination"),
    "form": (Form, "form"),
}
_READ_FACT: Final[dict[str, Callable[[TomlTable, str], Any]]] = {
    "expected_back": TomlTable.day,
    "number": TomlTable.whole,
    "from": TomlTable.day,
    "until": TomlTable.day,
    "on": TomlTable.day,
    "review_on": TomlTable.day,
    "evidence": TomlTable.truth,
    "confirmed": TomlTable.truth,
    "school": TomlTable.truth,
    **dict.fromkeys(("reason", "by", "where", "reference", "because", "ground", "choice"), TomlTable.text),
}


def _attribute(kind: EventKind, name: str) -> str:
    """The attribute of ``Event`` that a file's key fills."""
    if name == "on":
        return "leaving_on" if kind is EventKind.LEAVING else "meeting_on"
    return f"{name}_" if name in {"with", "from", "return"} else name


def _unmarked(session: SchoolSession, begins: date) -> str:
    if session.on < begins:
        return OUTSIDE_SYMBOL
    return (AttendanceCode.PRESENT_AM if session.half is Half.AM else AttendanceCode.PRESENT_PM).symbol


def _a_day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _texts_of(table: TomlTable, key: str) -> tuple[str, ...]:
    return (table.text(key),) if isinstance(table.values[key], str) else table.texts(key)
