"""A made-up case as documents print it: long names, other scripts, every kind of mark, as many calls as asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from cme_desktop.documents.case_document import RenderedDocument, render_document
from cme_desktop.documents.contents import (
    Amendment,
    ContactLine,
    DocumentLine,
    EnquiryLine,
    FlagLine,
    HistoryLine,
    MarkCell,
    MarkLook,
    PupilDetails,
    RecordContents,
    SchoolDetails,
    SentLine,
    Signer,
    Summary,
    ViewLine,
    Week,
)
from cme_desktop.documents.school_keys import SchoolRoot, SignerKey, make_school_root, make_signer
from cme_desktop.documents.sealing import Act, sign_first, sign_second
from cme_desktop.documents.signature_box import Signature
from cme_desktop.documents.wording import FormWording, load_wording
from cme_desktop.domain.documents import DocumentKind
from cme_desktop.domain.enquiries import ENQUIRIES

ROOT: Final = Path(__file__).parents[2]
FONTS: Final = ROOT / "resources" / "fonts"
MADE_AT: Final = datetime(2026, 11, 10, 9, 14)  # noqa: DTZ001  the clock on the office wall
SIGNED_AT: Final = datetime(2026, 11, 10, 9, 14, tzinfo=UTC)
MANAGER: Final = Signer("J. Hartley", "office manager")
HEAD: Final = Signer("M. Okafor", "headteacher")


@dataclass(frozen=True, slots=True)
class Keys:
    """A school's root and its two signers."""

    root: SchoolRoot
    manager: SignerKey
    head: SignerKey


VIEWS: Final = (
    ViewLine(
        "What the child says", "I do not like the bus. I want to come back.", date(2026, 11, 5), "Mrs Hale", "In person"
    ),
    ViewLine("What the family says"),
)


def wording(kind: DocumentKind = DocumentKind.RECORD) -> FormWording:
    return load_wording(ROOT / "forms", kind.form_id)


def render(*, calls: int = 8, draft: bool = True, kind: DocumentKind = DocumentKind.RECORD) -> RenderedDocument:
    return render_document(contents(calls=calls), wording(kind), fonts=FONTS, draft=draft)


@cache
def keys(school: str = "Larkfield Primary School") -> Keys:
    root = make_school_root(school)
    return Keys(
        root,
        make_signer(root, person=MANAGER.person, role=MANAGER.role),
        make_signer(root, person=HEAD.person, role=HEAD.role),
    )


def signed_once(pdf: bytes, *, by: Keys | None = None, drawn: bytes | None = None) -> bytes:
    kept = by or keys()
    typed = "" if drawn else MANAGER.person
    act = Act(
        Signature(MANAGER, "Signed in the program, 10 Nov 2026 9:14", typed=typed, drawn=drawn),
        kept.manager, kept.root.certificate_pem, SIGNED_AT,
    )  # fmt: skip
    return sign_first(pdf, act, waiting=HEAD, not_signed="Not signed yet", fonts=FONTS)


def signed_twice(pdf: bytes, *, by: Keys | None = None) -> bytes:
    kept = by or keys()
    act = Act(
        Signature(HEAD, "Signed in the program, 10 Nov 2026 9:20", typed=HEAD.person),
        kept.head, kept.root.certificate_pem, SIGNED_AT + timedelta(minutes=6),
    )  # fmt: skip
    return sign_second(pdf, act, fonts=FONTS)


@cache
def one_signature() -> bytes:
    return signed_once(render(draft=False).pdf)


@cache
def two_signatures() -> bytes:
    return signed_twice(one_signature())


def contents(*, calls: int = 8, words: str = "Staying with his dad, back soon") -> RecordContents:
    return RecordContents(
        case_number="CME-26-011", number=2, made_at=MADE_AT,
        made_for="Derbyshire County Council, Children Missing Education",
        marking="Official, sensitive: contains personal data about a child.", case_status="Open",
        opened_on=date(2026, 11, 3), history_from=date(2026, 10, 20), why="Not seen since before half term",
        school=SchoolDetails(
            "Larkfield Primary School", "Mill Lane, Larkfield, DE4 0XX", "01632 960100", "office@larkfield.example",
            "8302999", "112500", "M. Okafor", "S. Bell", certificate_fingerprint="7c1e90ab" * 8,
        ),
        pupil=PupilDetails(
            "Łucja O’Brien-Wiśniewska", "Łucja Zoë O'Brien-Wiśniewska", date(2016, 3, 14), "Female",
            "T830299919004", "Year 5", "Ash", date(2021, 9, 6), "4 Mill Lane, Larkfield", "", "Polish",
            ("social worker",), ("Zoë O’Brien, Oak",),
        ),
        summary=Summary(
            "Łucja O’Brien-Wiśniewska has not been seen by the school since Monday 19 October 2026.",
            "10th school day; 19 sessions in a row coded O", "SI 2024/208, reg. 13",
            "Mother, Thu 5 Nov, no reason given", ("Letter to last address", "second home visit"),
        ),
        contacts=(
            ContactLine(1, "mother", "Ms Ewa Wiśniewska", "lives with the pupil", ("07700 900123",), tried="7 times"),
            ContactLine(2, "father", "Mr Ирина O’Brien", "lives elsewhere", do_not_contact="court order"),
            ContactLine(3, "grandmother", "Jean Heathcliffe-Featherstonehaugh-Cholmondeley", "lives elsewhere"),
        ),
        flags=(
            FlagLine("Attendance return due", "19 sessions in a row were coded O.", ("SI 2024/208, reg. 13(2)",),
                     date(2026, 11, 2), "Standing"),
        ),
        weeks=_weeks(), unknown_sessions=1, last_attended=date(2026, 10, 19),
        attempts=tuple(_call(number, words) for number in range(calls)), views=VIEWS, decisions=(),
        enquiries=tuple(
            EnquiryLine(item.id, item.name, item.starts_as.in_words, open=not item.by_authority) for item in ENQUIRIES
        ),
        sent=(SentLine("Told of the absence", "authority’s children missing education team", date(2026, 11, 4)),),
        documents=(DocumentLine("Written record of enquiries", 1, "Final", MADE_AT - timedelta(days=3), "ab" * 32),),
        amendments=(Amendment("Tue 3 Nov am", "N", "O", "No reason in five days", "J. Hartley", MADE_AT),),
        signers=(MANAGER, HEAD),
    )  # fmt: skip


def _weeks() -> tuple[Week, ...]:
    here, away = MarkCell("/", MarkLook.PRESENT), MarkCell("O", MarkLook.UNAUTHORISED)
    closed, unknown, leave = (
        MarkCell("#", MarkLook.NO_SCHOOL), MarkCell("?", MarkLook.UNKNOWN), MarkCell("C1", MarkLook.AUTHORISED),
    )  # fmt: skip
    return (
        Week(date(2026, 10, 19), (here, *[away] * 4), (here, *[away] * 4)),
        Week(date(2026, 10, 26), skipped="holiday, not counted"),
        Week(date(2026, 11, 2), (closed, leave, *[away] * 3), (closed, unknown, *[away] * 3)),
    )


def _call(number: int, words: str) -> HistoryLine:
    day = date(2026, 10, 20) + timedelta(days=number % 20)
    late = timedelta(days=2 if number % 7 == 3 else 0)
    return HistoryLine(
        day, time(9, 17 + number % 40), "Mother" if number % 2 else "Father", "Phone",
        "Number dead" if number % 3 == 0 else "No answer", words if number % 5 == 0 else "", "J. Hartley",
        datetime.combine(day, time(9, 59)) + late, weighty=number % 3 == 0,
    )  # fmt: skip
