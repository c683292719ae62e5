"""The printed policy: clauses in order, steps as a table, which version it is; long words and foreign letters too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from cme_desktop.documents.policy_document import PolicyPages, render_policy
from cme_desktop.documents.wording import load_wording
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.policy_changes import blank_policy
from cme_desktop.policy.school_policy import SchoolPolicy, StricterNumber
from cme_desktop.policy.school_policy_text import read_school_policy

ROOT = Path(__file__).parents[2]
LAW = load_parameters((ROOT / "resources" / "parameters.toml").read_text("utf-8"))


def the_policy() -> SchoolPolicy:
    text = (ROOT / "resources" / "policies" / "aspire-academy.toml").read_text("utf-8")
    policy = read_school_policy(text, parameters=LAW).policy
    assert policy is not None
    return policy


def printed(policy: SchoolPolicy, *, is_draft: bool = False) -> PdfReader:
    pages = PolicyPages(
        policy, LAW, version="Version 3", adopted="In force since 10 November 2026", by="Adopted by Pat Mellor",
        why="Agreed by the governors", is_draft=is_draft,
    )  # fmt: skip
    wording = load_wording(ROOT / "forms", "policy")
    return PdfReader(BytesIO(render_policy(pages, wording, fonts=ROOT / "resources" / "fonts")))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_which_version_it_is_since_when_by_whom_and_why() -> None:
    text = text_of(printed(the_policy()))

    assert "Version 3. In force since 10 November 2026" in text
    assert "Adopted by Pat Mellor. Why: Agreed by the governors" in text


def test_its_clauses_stand_in_order_and_its_steps_in_a_table() -> None:
    text = text_of(printed(the_policy()))

    places = [text.index(clause) for clause in ("Expectation 1", "Expectation 2", "No contact, step 1", "Monitoring")]
    assert places[:3] == sorted(places[:3])
    assert "When What Who By when" in text
    assert "Ladder day 2 or later, unexplained; no visit made in this absence" in text
    assert "Superseded. The police no longer use" in text


def test_a_stricter_number_stands_beside_the_law_s() -> None:
    policy = replace(the_policy(), stricter=(StricterNumber("england.attendance-return.sessions", 16, "notify-1"),))

    text = text_of(printed(policy))

    assert "Attendance return: sessions 16 sessions 20 sessions (law): SI 2024/208, regulation 13" in text


def test_a_blank_policy_and_a_draft_say_so() -> None:
    text = text_of(printed(blank_policy("own", title="Łąka Primary", from_day=date(2026, 11, 10)), is_draft=True))

    assert "Łąka Primary" in text
    assert text.count("None.") == 4
    assert "The version in force may differ." in text


def test_a_clause_longer_than_a_page_goes_on_over_the_next() -> None:
    policy = the_policy()
    long = replace(policy.clauses[0], says="word " * 3000, title="x" * 300)

    reader = printed(replace(policy, clauses=(long, *policy.clauses[1:])))

    assert text_of(reader).count("word") >= 3000
    assert f"Page 1 of {len(reader.pages)}" in text_of(reader)


def test_the_same_policy_gives_the_same_bytes_and_names_itself() -> None:
    first, again = printed(the_policy()), printed(the_policy())

    assert first.stream.seek(0) == 0
    assert again.stream.seek(0) == 0
    assert first.stream.read() == again.stream.read()
    assert first.metadata is not None
    assert first.metadata.title == "The Aspire Academy"
