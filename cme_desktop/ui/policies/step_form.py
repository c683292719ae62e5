"""The form of a step: what sets it off, whom it concerns, what is to be done by when, and what ends it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.casework.in_words import capital
from cme_desktop.domain.attendance import CODE_OF_LETTER
from cme_desktop.domain.events import EventKind, Form, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.policy_changes import is_optional_number, take_number, take_title, take_trigger
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.school_policy import DueKind, Settlement, Step, TriggerKind
from cme_desktop.policy.triggers import GROUPS, TRIGGERS
from cme_desktop.ui.policies.part_form import PartForm
from cme_desktop.ui.policies.part_forms import add_clauses, add_duty, add_severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.policy.school_policy import SchoolPolicy
    from cme_desktop.ui.style.theme import Theme

_ANY: Final = "any number"
_ASKS_AT: Final = "leaving_abroad"
_ASKED: Final = (("The forwarding address", "address"), ("The new school", "school"), ("The day of the move", "date"))
_YES_NO: Final = (("No", False), ("Yes", True))


class StepForm(PartForm):
    """One step's fields; those that only some triggers ask for are shown with these."""

    def __init__(self, theme: Theme, step: Step, policy: SchoolPolicy) -> None:
        super().__init__(theme, step)
        self.add_line(
            "title", "Title", step.title, lambda text: self.take(take_title(self.value, text)),
            hint="As it stands on the list in the morning.",
        )  # fmt: skip
        add_clauses(self, policy, step.clauses)
        self.add_heading("When")
        self._add_trigger(step)
        self._add_circumstances(step)
        self._add_what_some_steps_say(step)
        self.add_heading("What to do, and by when")
        add_duty(self, step.duty)
        self._add_deadline(step)
        add_severity(self, step.severity)
        self.add_heading("What ends it")
        self._add_settlement(step)
        self.add_words(
            "about", "What it is about", step.about, lambda text: self.change(about=text), lines=2,
            hint="For whoever asks why the step is there.",
        )  # fmt: skip
        self.finish()

    def _add_trigger(self, step: Step) -> None:
        self.add_choice(
            "trigger", "What sets it off", ((capital(words.say_trigger_kind(one)), one) for one in TriggerKind),
            step.trigger, lambda kind: self.take(take_trigger(self.value, kind), reshapes=True),
        )  # fmt: skip
        for name, unit in TRIGGERS[step.trigger].numbers.items():
            self._add_number(step, name, words.say_unit(unit))
        if step.trigger is TriggerKind.ABSENCE_DAY:
            self.add_choice(
                "contact_made", "Only where contact was made", _YES_NO, step.contact_made,
                lambda made: self.change(contact_made=made),
            )  # fmt: skip
        if step.trigger in {TriggerKind.ABSENT_WITH_REASON, TriggerKind.FIRST_DAY_BACK}:
            letters = words.say_codes(step.codes_left_out)
            self.add_checks(
                "codes_left_out", "Codes left out", _code_choices(), letters,
                lambda ticked: self.change(codes_left_out=_symbols(ticked)),
            )  # fmt: skip
        if step.trigger is TriggerKind.WHEREABOUTS_UNKNOWN:
            causes = [(capital(cause.value), cause.name.lower()) for cause in Cause]
            self.add_checks(
                "causes", "Why they are unknown", causes, step.causes, lambda ticked: self.change(causes=ticked),
                hint="None ticked: whatever the cause.",
            )  # fmt: skip
        offered = ", ".join(f"{{{word}}}" for word in ("since", *_words_of(step)))
        self.add_words(
            "because", "Sentence that says why", step.because, lambda text: self.change(because=text), lines=2,
            hint=f"The program puts in what it found: {offered}.",
        )  # fmt: skip

    def _add_number(self, step: Step, name: str, unit: str) -> None:
        is_optional = is_optional_number(step.trigger, name)
        self.add_number(
            name, f"{words.say_number_name(name)} ({unit})", step.numbers.get(name, 0),
            lambda value: self.take(take_number(self.value, name, value)),
            least=0 if is_optional else 1, nothing=_ANY if is_optional else "",
            hint="0 means any number." if is_optional else "",
        )  # fmt: skip

    def _add_circumstances(self, step: Step) -> None:
        choices = [(capital(words.say_circumstance(one)), one) for one in (*GROUPS, *Circumstance)]
        choices = [(said, str(value)) for said, value in choices]
        self.add_checks(
            "who", "Only for", choices, step.who, lambda ticked: self.change(who=ticked),
            hint="None ticked: for every pupil. Several: one of them is enough.",
        )  # fmt: skip
        self.add_checks("not_who", "Not for", choices, step.not_who, lambda ticked: self.change(not_who=ticked))

    def _add_what_some_steps_say(self, step: Step) -> None:
        """Fields that few steps have: the kinds of school, and what is asked for after a move."""
        types = [(capital(words.plain(one.value)), one.value) for one in SchoolType]
        ticked = [str(one) for one in step.school_types]
        self.add_checks(
            "school_types", "Kinds of school", types, ticked,
            lambda names: self.change(school_types=tuple(SchoolType(name) for name in names)),
            hint="None ticked: every kind.",
        )  # fmt: skip
        if step.trigger.value == _ASKS_AT:
            self.add_checks("asks", "What must be known", _ASKED, step.asks, lambda names: self.change(asks=names))

    def _add_deadline(self, step: Step) -> None:
        self.add_choice(
            "due", "By when", ((capital(words.say_due_kind(one)), one) for one in DueKind), step.due,
            lambda due: self.take(replace(self.value, due=due), reshapes=True),
        )  # fmt: skip
        if step.due is DueKind.HOURS:
            self.add_number("hours", "Hours", max(1, step.hours), lambda hours: self.change(hours=hours))

    def _add_settlement(self, step: Step) -> None:
        self.add_line(
            "settled_by", "In words", step.settled_by, lambda text: self.change(settled_by=text),
            hint="Shown beside the flag.",
        )  # fmt: skip
        for one in fields(Settlement):
            self._add_record(one.name, getattr(step.settled, one.name))

    def _add_record(self, name: str, value: Any) -> None:
        label = words.say_record_kind(name)
        if isinstance(value, bool):
            self.add_choice(name, label, _YES_NO, value, lambda on: self._settle(name, on))
        elif name == "form":
            forms = [("None", None), *((capital(words.plain(one.value)), one) for one in Form)]
            self.add_choice(name, label, forms, value, lambda form: self._settle(name, form))
        else:
            kind = Recipient if name.startswith("told") else EventKind
            known: Iterable[Any] = kind
            choices = [(capital(words.say_recipient(one.value)), str(one.value)) for one in known]
            self.add_checks(
                name, label, choices, [str(one.value) for one in value],
                lambda ticked: self._settle(name, tuple(kind(word) for word in ticked)),
            )  # fmt: skip

    def _settle(self, name: str, value: Any) -> None:
        self.change(settled=replace(self.value.settled, **{name: value}))


def _words_of(step: Step) -> tuple[str, ...]:
    trigger = TRIGGERS[step.trigger]
    return (*(name for name in trigger.numbers if name in step.numbers), *trigger.words)


def _code_choices() -> list[tuple[str, str]]:
    return [(f"{letter} {words.plain(code.name).lower()}", letter) for letter, code in CODE_OF_LETTER.items()]


def _symbols(letters: Iterable[str]) -> bytes:
    return "".join(CODE_OF_LETTER[letter].symbol for letter in letters).encode("ascii")
