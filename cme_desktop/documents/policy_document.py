"""A school's policy as a PDF to read and print: its clauses in order, its steps as a table, who adopted it and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.platypus import Flowable

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import build_list_pages, set_table
from cme_desktop.documents.wording import FormSection, FormWording
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.school_policy import SchoolPolicy, Treatment


@dataclass(frozen=True, slots=True)
class PolicyPages:
    """A policy and what is printed about it: ``version`` in words, since when, by whom, why, or that it is a draft."""

    policy: SchoolPolicy
    law: Parameters
    version: str
    adopted: str
    by: str
    why: str
    is_draft: bool


def render_policy(pages: PolicyPages, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the policy on A4 pages; the same policy gives the same bytes."""
    look.register_fonts(fonts)
    story = [*_title(pages, wording)]
    for section in wording.sections:
        story += _PARTS[section.holds](pages, section, wording)
    version = f"{pages.version}. {pages.adopted}".strip(" .")
    foot = wording.text["foot"].format(title=pages.policy.title, version=version)
    return build_list_pages(story, title=pages.policy.title, subject=pages.policy.document, foot=foot)


# -- the parts ---------------------------------------------------------------------------------------------------


def _title(pages: PolicyPages, wording: FormWording) -> list[Flowable]:
    policy, text = pages.policy, wording.text
    lines = [
        text["subtitle"].format(document=policy.document),
        ". ".join(part for part in (pages.version, pages.adopted) if part),
        ". ".join(part for part in (pages.by, text["why"].format(why=pages.why) if pages.why else "") if part),
        text["draft"] if pages.is_draft else "",
        policy.about,
        text["law"],
    ]
    title = look.set_text(wording.title.format(title=policy.title), look.TITLE)
    return [title, *(look.set_text(line, look.BODY_SECOND) for line in lines if line)]


def _clauses(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = []
    for clause in pages.policy.clauses:
        does = [clause.program]
        if clause.treatment is Treatment.SUPERSEDED:
            does = [f"Superseded. {clause.because}", *does]
        if clause.rules:
            does.append(words.say_rules(pages.policy, clause.rules))
        rows.append(((clause.title,), (clause.says,), tuple(does)))
    return set_table(section, wording, rows, widths=(38, 68, 68))


def _steps(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [
        (
            (_capital(words.say_trigger(step)), f"Clause: {words.say_clauses(pages.policy, step.clauses)}"),
            (step.title, step.duty.what, f"Ends with: {step.settled_by}"),
            (
                _capital(step.duty.by.in_words),
                f"to: {words.say_recipient(step.duty.recipient)}" if step.duty.recipient else "",
            ),
            (_capital(words.say_due(step)), f"Urgency: {words.say_severity(step.severity)}"),
        )
        for step in pages.policy.steps
    ]
    return set_table(section, wording, rows, widths=(52, 66, 28, 28), strong=1)


def _standing(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [
        (
            (_capital(duty.interval.in_words), f"Clause: {words.say_clauses(pages.policy, duty.clauses)}"),
            (duty.title, duty.duty.what),
            (_capital(duty.duty.by.in_words),),
            (duty.settled_by,),
        )
        for duty in pages.policy.standing
    ]
    return set_table(section, wording, rows, widths=(40, 62, 28, 44), strong=1)


def _numbers(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = []
    for number in pages.policy.stricter:
        parameter = pages.law.by_name.get(number.parameter)
        law = words.say_law(parameter) if parameter else ""
        unit = words.say_unit(parameter.unit) if parameter else ""
        clause = words.say_clauses(pages.policy, (number.clause,))
        rows.append(
            ((words.name_of_number(number, pages.law),), (f"{number.value} {unit}".strip(),), (law,), (clause,))
        )
    return set_table(section, wording, rows, widths=(44, 28, 70, 32))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_PARTS: Final[dict[str, Callable[[PolicyPages, FormSection, FormWording], list[Flowable]]]] = {
    "clauses": _clauses,
    "steps": _steps,
    "standing": _standing,
    "numbers": _numbers,
}
