"""Whoever wants to is asked for a code after the password: from the phone, or a printed one when it is not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.guessing import FREE_TRIES, TooManyTriesError
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import (
    add_person,
    change_own_password,
    is_password_right,
    open_office,
    reset_password,
)
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.phone_codes import STEP_SECONDS, code_at, fitting_step, step_at
from cme_desktop.casework.second_factor import (
    PhoneOffer,
    factor_of,
    list_with_second_factor,
    load_second_factor,
    offer_phone,
    parts_known_to,
    print_new_codes,
    switch_off,
    switch_on,
    take_off_second_factor,
)
from cme_desktop.casework.second_step import CodeNeededError, CodeUsedError, WrongCodeError
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths
from cme_desktop.storage.key_file import read_key_file, write_key_file
from cme_desktop.storage.tables import JournalRow
from cme_desktop.storage.vault import PartMissingError, WrongPasswordError, open_slot
from tests.casework.test_opening import ME, PASSWORD, Power, PowerCut, template
from tests.casework.test_opening import paths as shared_paths

__all__ = ["shared_paths", "template"]  # fixtures

NOON = datetime(2026, 11, 10, 12, 0, 5, tzinfo=UTC)
NEW = "quite other words"
HEAD_PASSWORD = "headteacher words"


class Clock:
    """The office clock, which a test sets on."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, *, minutes: float = 1) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paths(shared_paths: Paths, tmp_path: Path) -> Paths:
    return replace(shared_paths, here=tmp_path / "this-pc")


@pytest.fixture
def office(paths: Paths, clock: Clock) -> Iterator[Office]:
    opened = open_office(paths, user_id=ME, password=PASSWORD, now=clock)
    yield opened
    opened.database.close()


class Phone:
    """Somebody's phone, with the secret it was shown; its clock may be off."""

    def __init__(self, offer: PhoneOffer, clock: Clock, *, minutes_off: float = 0) -> None:
        self.secret, self._clock, self._off = offer.secret, clock, timedelta(minutes=minutes_off)

    @property
    def code(self) -> str:
        return code_at(self.secret, step_at(self._clock() + self._off))


@pytest.fixture
def phone(office: Office, clock: Clock) -> Phone:
    """Codes are switched on, and the program closed; a minute has passed."""
    return enrol(office, clock)[0]


def enrol(office: Office, clock: Clock) -> tuple[Phone, tuple[str, ...]]:
    offer = offer_phone(office)
    phone = Phone(offer, clock)
    printed = switch_on(office, offer, password=PASSWORD, code=phone.code)
    office.database.close()
    clock.forward()
    return phone, printed


def sit(paths: Paths, clock: Callable[[], datetime], code: str = "", *, password: str = PASSWORD) -> None:
    open_office(paths, user_id=ME, password=password, now=clock, code=code).database.close()


def elsewhere(paths: Paths, tmp_path: Path) -> Paths:
    """The same files at another computer, or in another's hands."""
    shutil.copytree(paths.data, tmp_path / "copied")
    return replace(paths, data=tmp_path / "copied", here=tmp_path / "other-pc")


def acts(office: Office) -> list[str]:
    with office.database.reading() as db:
        return list(db.scalars(select(JournalRow.act)))


# -- codes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standards_own_examples(seconds: int, code: str) -> None:
    secret = b"12345678901234567890"

    assert code_at(secret, seconds // STEP_SECONDS) == code


def test_a_code_holds_for_its_half_minute_and_the_one_on_either_side() -> None:
    secret, here = bytes(20), step_at(NOON)
    codes = [code_at(secret, here + steps) for steps in (-2, -1, 0, 1, 2)]

    assert [fitting_step(secret, code, now=NOON) for code in codes] == [None, here - 1, here, here + 1, None]
    assert fitting_step(secret, f" {codes[2][:3]} {codes[2][3:]} ", now=NOON) == here


# -- opening -------------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_any_more_and_with_the_code_it_does(
    paths: Paths, clock: Clock, phone: Phone
) -> None:
    with pytest.raises(CodeNeededError):
        sit(paths, clock)

    opened = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)

    assert opened.user.name == "Pat Mellor"
    assert "code_used" in acts(opened)
    assert examine_records(opened).ok
    opened.database.close()


def test_a_code_is_good_once_and_the_next_one_is_good_again(paths: Paths, clock: Clock, phone: Phone) -> None:
    sit(paths, clock, phone.code)

    with pytest.raises(CodeUsedError):
        sit(paths, clock, phone.code)
    clock.forward(minutes=0.5)
    sit(paths, clock, phone.code)


def test_the_code_that_switched_it_on_does_not_open(office: Office, paths: Paths, clock: Clock) -> None:
    offer = offer_phone(office)
    code = Phone(offer, clock).code
    switch_on(office, offer, password=PASSWORD, code=code)
    office.database.close()

    with pytest.raises(CodeUsedError):
        sit(paths, clock, code)


def test_a_clock_some_minutes_off_is_told_kindly(paths: Paths, clock: Clock, phone: Phone) -> None:
    code = phone.code
    clock.forward(minutes=7)

    with pytest.raises(WrongCodeError) as told:
        sit(paths, clock, code)

    assert "This computer’s clock says 12:08 on Tue 10 Nov" in told.value.detail
    assert "set this one right" in told.value.detail


def test_the_wrong_password_with_the_right_code_opens_nothing(paths: Paths, clock: Clock, phone: Phone) -> None:
    with pytest.raises(WrongPasswordError):
        sit(paths, clock, phone.code, password="not the password")


def test_wrong_codes_have_to_wait_like_wrong_passwords_and_the_right_password_between_changes_nothing(
    paths: Paths, clock: Clock, phone: Phone
) -> None:
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(CodeNeededError):
            sit(paths, clock)
        with pytest.raises(WrongCodeError):
            sit(paths, clock, "000000" if phone.code != "000000" else "111111")

    with pytest.raises(TooManyTriesError):
        sit(paths, clock, phone.code)
    clock.forward()
    sit(paths, clock, phone.code)


def test_people_without_it_open_as_before(office: Office, paths: Paths, clock: Clock) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    enrol(office, clock)

    open_office(paths, user_id=UserId(2), password=HEAD_PASSWORD, now=clock).database.close()


def test_a_key_file_without_it_is_of_the_format_that_older_versions_read(office: Office, clock: Clock) -> None:
    assert '"format": 2' in office.paths.keys.read_text("utf-8")

    enrol(office, clock)

    assert '"format": 3' in office.paths.keys.read_text("utf-8")


# -- what it protects ----------------------------------------------------------------------------------------------


def test_the_files_and_the_password_open_nothing_on_another_computer(
    paths: Paths, clock: Clock, phone: Phone, tmp_path: Path
) -> None:
    stolen = elsewhere(paths, tmp_path)

    for code in ("", phone.code):
        with pytest.raises(PartMissingError, match="printed code"):
            sit(stolen, clock, code)


def test_an_older_key_file_put_back_does_not_take_the_codes_away(office: Office, paths: Paths, clock: Clock) -> None:
    older = read_key_file(paths.keys)
    phone, _ = enrol(office, clock)
    write_key_file(paths.keys, older)

    with pytest.raises(CodeNeededError):
        sit(paths, clock)
    sit(paths, clock, phone.code)


def test_a_factor_taken_out_of_the_key_file_leaves_a_slot_that_nothing_opens(
    paths: Paths, clock: Clock, phone: Phone
) -> None:
    keys = read_key_file(paths.keys)
    write_key_file(paths.keys, replace(keys, slots=tuple(replace(slot, factor=None) for slot in keys.slots)))

    with pytest.raises(WrongPasswordError):
        sit(paths, clock, phone.code)


def test_neither_the_phones_secret_nor_a_printed_code_stands_in_any_file(
    office: Office, paths: Paths, clock: Clock
) -> None:
    offer = offer_phone(office)
    printed = switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock).code)
    office.database.close()

    written = b"".join(file.read_bytes() for file in paths.data.parent.rglob("*") if file.is_file())
    for secret in (offer.secret, offer.typed.encode(), *(code.encode() for code in printed)):
        assert secret not in written
        assert secret.replace(b"-", b"").replace(b" ", b"") not in written


def test_nobody_else_who_works_in_the_records_can_make_the_codes(office: Office, clock: Clock) -> None:
    from cme_desktop.casework.second_factor import factor_of
    from cme_desktop.storage.vault import open_slot

    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    offer = offer_phone(office)
    switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock).code)
    stored = factor_of(office, ME)
    theirs = open_slot(office.paths.keys, user_id=2, password=HEAD_PASSWORD).own

    assert stored is not None
    assert theirs is not None
    assert stored.secret_of(theirs, user_id=ME) is None


# -- printed codes -------------------------------------------------------------------------------------------------


def test_a_printed_code_opens_on_another_computer_which_then_takes_codes_from_the_phone(
    office: Office, paths: Paths, clock: Clock, tmp_path: Path
) -> None:
    phone, printed = enrol(office, clock)
    moved = elsewhere(paths, tmp_path)

    sit(moved, clock, printed[3].lower().replace("-", " "))
    sit(moved, clock, phone.code)

    with pytest.raises(WrongCodeError):
        sit(moved, clock, printed[3])
    sit(moved, clock, printed[4])


def test_a_printed_code_is_good_once_though_the_key_file_still_holds_it(
    office: Office, paths: Paths, clock: Clock
) -> None:
    _, printed = enrol(office, clock)
    before = read_key_file(paths.keys)
    sit(paths, clock, printed[0])
    write_key_file(paths.keys, before)

    with pytest.raises(CodeUsedError):
        sit(paths, clock, printed[0])


def test_there_are_ten_and_how_many_are_left_is_said(office: Office, paths: Paths, clock: Clock) -> None:
    _, printed = enrol(office, clock)
    for code in printed[:7]:
        sit(paths, clock, code)

    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=printed[7])

    assert len(set(printed)) == 10
    assert load_second_factor(again).codes_left == 2
    assert "2 printed codes are left. Print new ones" in load_second_factor(again).in_words
    again.database.close()


def test_new_printed_codes_make_the_old_sheet_worthless_and_the_phone_goes_on(
    office: Office, paths: Paths, clock: Clock
) -> None:
    phone, old = enrol(office, clock)
    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)
    new = print_new_codes(again, password=PASSWORD, code=old[0])
    again.database.close()
    clock.forward()

    with pytest.raises(WrongCodeError):
        sit(paths, clock, old[1])
    sit(paths, clock, new[0])
    sit(paths, clock, phone.code)


# -- switching on and off ------------------------------------------------------------------------------------------


def test_it_is_switched_on_only_by_a_code_that_fits_and_says_whose_clock_is_wrong(office: Office, clock: Clock) -> None:
    offer = offer_phone(office)

    for minutes, said in ((6, "6 minutes slow"), (-6, "6 minutes fast")):
        with pytest.raises(CmeError, match="clock") as told:
            switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock, minutes_off=minutes).code)
        assert said in told.value.detail
    with pytest.raises(WrongCodeError, match="does not fit"):
        switch_on(office, offer, password=PASSWORD, code="12")
    with pytest.raises(WrongPasswordError):
        switch_on(office, offer, password="not the password", code=Phone(offer, clock).code)

    assert not load_second_factor(office).is_on
    assert is_password_right(office, PASSWORD)


@pytest.mark.parametrize("which", ["phone", "printed"])
def test_it_is_switched_off_with_password_and_code_and_not_without(
    office: Office, paths: Paths, clock: Clock, which: str
) -> None:
    phone, printed = enrol(office, clock)
    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)
    clock.forward()
    code = phone.code if which == "phone" else printed[0]

    with pytest.raises(CodeNeededError):
        switch_off(again, password=PASSWORD, code="")
    with pytest.raises(WrongCodeError):
        switch_off(again, password=PASSWORD, code="AAAA-AAAA-AAAA-AAAA")
    with pytest.raises(WrongPasswordError):
        switch_off(again, password="not the password", code=code)
    assert load_second_factor(again).is_on
    switch_off(again, password=PASSWORD, code=code)

    assert not load_second_factor(again).is_on
    assert examine_records(again).ok
    again.database.close()
    sit(paths, clock)
    assert '"format": 2' in paths.keys.read_text("utf-8")


def test_the_head_takes_it_off_for_somebody_who_lost_the_phone_and_the_journal_says_so(
    office: Office, paths: Paths, clock: Clock, tmp_path: Path
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    enrol(office, clock)
    head = open_office(paths, user_id=UserId(2), password=HEAD_PASSWORD, now=clock)
    assert list_with_second_factor(head) == {ME}

    take_off_second_factor(head, ME)

    assert acts(head)[-1] == "second_factor_off"
    assert list_with_second_factor(head) == frozenset()
    head.database.close()
    sit(elsewhere(paths, tmp_path), clock)
    sit(paths, clock)
    assert read_key_file(paths.keys).slot_of(ME) is not None
    assert all(slot.factor is None for slot in read_key_file(paths.keys).slots)


def test_only_who_says_who_opens_the_records_takes_it_off_and_nobody_their_own(
    office: Office, paths: Paths, clock: Clock
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    phone, _ = enrol(office, clock)
    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)

    with pytest.raises(NotYoursError):
        take_off_second_factor(again, UserId(2))
    again.database.close()
    head = open_office(paths, user_id=UserId(2), password=HEAD_PASSWORD, now=clock)
    with pytest.raises(RefusedError, match="Your own"):
        take_off_second_factor(head, UserId(2))
    head.database.close()


def test_the_recovery_key_opens_without_phone_or_sheet(
    office: Office, paths: Paths, clock: Clock, template: tuple[Path, str], tmp_path: Path
) -> None:
    enrol(office, clock)
    saved = elsewhere(paths, tmp_path)
    reset_password(saved, user_id=ME, recovery_key=template[1], new=NEW, now=clock())

    again = open_office(saved, user_id=ME, password=NEW, now=clock)

    assert not load_second_factor(again).is_on
    assert "second_factor_off" in acts(again)
    assert examine_records(again).ok
    again.database.close()
    sit(saved, clock, password=NEW)


def test_a_changed_password_keeps_the_phone_and_the_sheet(office: Office, paths: Paths, clock: Clock) -> None:
    phone, printed = enrol(office, clock)
    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)

    change_own_password(again, old=PASSWORD, new=NEW)

    assert is_password_right(again, NEW)
    again.database.close()
    clock.forward()
    with pytest.raises(CodeNeededError):
        sit(paths, clock, password=NEW)
    sit(paths, clock, phone.code, password=NEW)
    sit(paths, clock, printed[0], password=NEW)
    with pytest.raises(WrongPasswordError):
        sit(paths, clock, printed[1])


def test_after_a_changed_password_the_phones_secret_is_sealed_to_the_new_key_alone(
    office: Office, paths: Paths, clock: Clock
) -> None:
    phone, _ = enrol(office, clock)
    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock, code=phone.code)
    before = open_slot(paths.keys, user_id=ME, password=PASSWORD, part=parts_known_to(again, ME)).own

    change_own_password(again, old=PASSWORD, new=NEW)

    after = open_slot(paths.keys, user_id=ME, password=NEW, part=parts_known_to(again, ME)).own
    stored = factor_of(again, ME)
    assert before is not None
    assert after is not None
    assert stored is not None
    assert stored.secret_of(before, user_id=ME) is None
    assert stored.secret_of(after, user_id=ME) == phone.secret
    assert examine_records(again).ok
    again.database.close()


# -- cut short -----------------------------------------------------------------------------------------------------


STEPS = {"on": 4, "off": 3, "codes": 4, "password": 6}
"""How many things each change puts on the disk: what this computer keeps, the waiting slot, the journal, the slot, and
with a new password the records' new key, in three."""

JOURNAL = {"on": 2, "off": 1, "codes": 2, "password": 1}
"""Which of them is the journal, counted from 0: from then on the change holds."""


@pytest.mark.parametrize("during", ["before", "after"])
@pytest.mark.parametrize(("change", "lasts"), [(change, at) for change, steps in STEPS.items() for at in range(steps)])
def test_a_change_cut_short_anywhere_asks_for_a_code_or_does_not_as_the_journal_says(
    office: Office, paths: Paths, clock: Clock, monkeypatch: pytest.MonkeyPatch, change: str, lasts: int, during: str
) -> None:
    offer = offer_phone(office)
    phone = Phone(offer, clock)
    if change != "on":
        switch_on(office, offer, password=PASSWORD, code=phone.code)
        clock.forward()
    changes: dict[str, Callable[[], object]] = {
        "on": lambda: switch_on(office, offer, password=PASSWORD, code=phone.code),
        "off": lambda: switch_off(office, password=PASSWORD, code=phone.code),
        "codes": lambda: print_new_codes(office, password=PASSWORD, code=phone.code),
        "password": lambda: change_own_password(office, old=PASSWORD, new=NEW),
    }
    with monkeypatch.context() as patched:
        Power(office, patched, lasts=lasts, during=during)
        with pytest.raises(PowerCut):
            changes[change]()
    is_written = lasts >= JOURNAL[change] + (during == "before")
    is_on = {"on": is_written, "off": not is_written}.get(change, True)
    office.database.close()
    clock.forward()

    password = NEW if change == "password" and is_written else PASSWORD
    if is_on:
        with pytest.raises(CodeNeededError):
            sit(paths, clock, password=password)
    again = open_office(paths, user_id=ME, password=password, now=clock, code=phone.code if is_on else "")

    assert load_second_factor(again).is_on is is_on
    assert not read_key_file(paths.keys).waiting
    assert examine_records(again).ok
    again.database.close()
