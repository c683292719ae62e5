"""A child leaves: what is asked by when, what settles it, what is refused, and what a leaving called off leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cme_desktop.casework.lives import home_education
from cme_desktop.casework.lives.leaving import NOBODY_SAID
from cme_desktop.casework.lives.leaving_acts import (
    Source,
    Way,
    call_off,
    confirm_arrival,
    confirm_place,
    note_address_abroad,
    tell_leaving,
)
from cme_desktop.casework.lives.leaving_sent import (
    note_form,
    note_protection_file,
    note_return,
    note_transfer_file,
    refer,
    tell_people,
)
from cme_desktop.casework.lives.life import StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note, undo_last
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Form, Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.storage.events import list_events
from tests.leavers import LAST_DAY, a_confirmation, a_word, adopt, file_of, flags_of, is_listed, on_day, steps_of
from tests.office import IMANI, LUCJA, TODAY, TOMASZ, YESTERDAY, add_event_to, add_marks, add_pupil, an_office

UNKNOWN = "england.unknown-destination"
ARRIVAL = "england.arrival-confirmed"
FILE = "england.transfer-file-due"
PROTECTION = "england.child-protection-file"
NOTICE = "england.home-education-notice"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path, policies=False)


def removed(office: Office, pupil_id: PupilId, on: date, *, ground: str = "a") -> None:
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, on, ground=ground))


def with_plan(office: Office, *, circumstance: Circumstance = Circumstance.CHILD_PROTECTION_PLAN) -> PupilId:
    pupil_id = add_pupil(office, circumstances=(circumstance,))
    add_marks(office, pupil_id, "/", date(2026, 9, 3), YESTERDAY)
    return pupil_id


# -- to a school in England ------------------------------------------------------------------------------------


def test_a_parents_word_of_a_named_school_confirms_nothing(office: Office) -> None:
    changes = tell_leaving(office, pupils=(LUCJA,), word=a_word())

    assert changes.areas == {Area.EVENTS}
    assert changes.pupils == {LUCJA}
    assert UNKNOWN in flags_of(office, LUCJA)
    file = file_of(office, LUCJA)
    assert file.row.detail == "Next: have the place confirmed"
    assert file.acts[0] == "place"
    assert "parent’s word is not enough" in file.warning


def test_the_next_schools_word_settles_where_to(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())

    confirm_place(office, pupils=(LUCJA,), told=a_confirmation(), school="Hill Top Primary School")

    assert flags_of(office, LUCJA) == {}
    assert steps_of(file_of(office, LUCJA))["have the place confirmed"] is StepState.DONE
    assert steps_of(file_of(office, LUCJA))["refer to the authority"] is StepState.NOT_NEEDED


@pytest.mark.parametrize("act", [confirm_place, confirm_arrival])
def test_a_parent_alone_confirms_neither_place_nor_arrival(office: Office, act: object) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(told_on=YESTERDAY, last_day=YESTERDAY))

    with pytest.raises(RefusedError, match="parent’s word"):
        act(office, pupils=(LUCJA,), told=a_confirmation(source=Source.PARENT))  # type: ignore[operator]  # both take these

    assert len(_standing(office, LUCJA)) == 1


def test_nobody_has_arrived_before_the_last_day_here_is_over(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())

    for day in (TODAY, LAST_DAY):
        with pytest.raises(RefusedError, match="can’t have started"):
            confirm_arrival(on_day(office, day), pupils=(LUCJA,), told=a_confirmation(on=day))

    confirm_arrival(on_day(office, date(2026, 11, 23)), pupils=(LUCJA,), told=a_confirmation(on=date(2026, 11, 23)))
    assert ARRIVAL not in flags_of(on_day(office, date(2026, 12, 1)), LUCJA)


@pytest.mark.parametrize(("on", "is_raised", "is_late"), [
    (date(2026, 11, 20), False, False), (date(2026, 11, 23), True, False), (date(2026, 11, 27), True, False),
    (date(2026, 11, 30), True, False), (date(2026, 12, 1), True, True),
])  # fmt: skip
def test_the_arrival_is_asked_from_the_day_after_and_due_on_the_fifth_school_day_after_the_start_there(
    office: Office, on: date, *, is_raised: bool, is_late: bool
) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())
    confirm_place(office, pupils=(LUCJA,), told=a_confirmation())

    flag = flags_of(on_day(office, on), LUCJA).get(ARRIVAL)

    assert (flag is not None) is is_raised
    if flag is not None:
        assert flag.due is not None
        assert flag.due.on == date(2026, 11, 30)
        assert flag.overdue is is_late
    step = steps_of(file_of(on_day(office, on), LUCJA))["have the arrival confirmed"]
    assert step is (StepState.LATE if is_late else StepState.DUE if is_raised else StepState.LATER)


@pytest.mark.parametrize(("on", "is_late"), [
    (date(2026, 12, 10), False), (date(2026, 12, 11), False), (date(2026, 12, 14), True),
])  # fmt: skip
def test_the_transfer_file_is_due_on_the_fifteenth_school_day_after_the_removal(
    office: Office, on: date, *, is_late: bool
) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(laestab="845/1234"))
    confirm_place(office, pupils=(LUCJA,), told=a_confirmation())
    removed(office, LUCJA, LAST_DAY)

    flag = flags_of(on_day(office, on), LUCJA)[FILE]

    assert flag.due is not None
    assert flag.due.on == date(2026, 12, 11)
    assert flag.overdue is is_late
    file = file_of(on_day(office, on), LUCJA)
    assert steps_of(file)["transfer file to the next school"] is (StepState.LATE if is_late else StepState.DUE)
    assert "8302201_CTF_8451234_001.xml" in [fact.value for fact in file.facts]

    note_transfer_file(on_day(office, on), pupil_id=LUCJA, on=on, code="8451234")
    assert FILE not in flags_of(on_day(office, on), LUCJA)


@pytest.mark.parametrize(("on", "is_raised", "is_late"), [
    (date(2026, 11, 20), False, False), (date(2026, 11, 26), True, False), (date(2026, 11, 27), True, False),
    (date(2026, 11, 30), True, True),
])  # fmt: skip
def test_the_protection_file_is_due_on_the_fifth_school_day_and_only_the_receipt_settles_it(
    office: Office, on: date, *, is_raised: bool, is_late: bool
) -> None:
    pupil_id = with_plan(office)
    tell_leaving(office, pupils=(pupil_id,), word=a_word())
    then = on_day(office, on)

    flag = flags_of(then, pupil_id).get(PROTECTION)

    assert (flag is not None) is is_raised
    if flag is not None:
        assert flag.overdue is is_late
        note_protection_file(then, pupil_id=pupil_id, on=on, by="Sam Rook", how="by hand", is_received=False)
        assert PROTECTION in flags_of(then, pupil_id)
        note_protection_file(then, pupil_id=pupil_id, on=on, by="Mr Gray, lead", how="letter", is_received=True)
        assert PROTECTION not in flags_of(then, pupil_id)


def test_brothers_and_sisters_leave_in_one_act_that_is_taken_back_at_once(office: Office) -> None:
    changes = tell_leaving(office, pupils=(LUCJA, TOMASZ), word=a_word())
    assert changes.pupils == {LUCJA, TOMASZ}
    assert is_listed(office, TOMASZ)

    undo_last(office)

    assert not is_listed(office, LUCJA)
    assert not is_listed(office, TOMASZ)


def test_what_the_next_schools_word_adds_stands_beside_what_the_family_said(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=replace(a_word(), contact="Mrs Ince", new_address="14 Ferry Road"))
    confirm_place(
        office, pupils=(LUCJA,), told=a_confirmation(), school="Hill Top Academy", starts_on=date(2026, 11, 23)
    )

    known = {fact.label: fact.value for fact in file_of(office, LUCJA).facts}

    assert known["Next school or place"] == "Hill Top Academy"
    assert known["New home address"] == "14 Ferry Road"
    assert known["Place confirmed by"] == "Mrs Ince, office, telephone, Tue 10 Nov"
    assert known["Starts there"] == "Mon 23 Nov"


# -- nobody knows where to -------------------------------------------------------------------------------------


def test_a_leaving_for_nowhere_is_settled_by_the_referral_until_the_name_is_removed(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.UNKNOWN, last_day=TODAY, school="", town=""))
    assert flags_of(office, LUCJA)[UNKNOWN].due is not None
    assert file_of(office, LUCJA).row.detail == "Next: refer to the authority"

    refer(office, pupils=(LUCJA,), on=TODAY, reference="CME 7")
    assert UNKNOWN not in flags_of(office, LUCJA)

    removed(office, LUCJA, TODAY, ground="i")
    assert "lost pupils" in flags_of(office, LUCJA)[UNKNOWN].duty.what
    assert file_of(office, LUCJA).row.detail == "Next: lost-pupil file, code XXXXXXX"
    note_transfer_file(office, pupil_id=LUCJA, on=TODAY, code="XXXXXXX")
    assert UNKNOWN not in flags_of(office, LUCJA)


def test_randal_cremers_welfare_officer_is_told_of_a_leaver_without_a_named_school(office: Office) -> None:
    adopt(office, "randal-cremer")
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.UNKNOWN, school="", town=""))
    assert "randal-cremer.no-named-school" in flags_of(office, LUCJA)

    tell_people(office, pupils=(LUCJA,), on=TODAY, recipients=(Recipient.EDUCATION_WELFARE_OFFICER,))

    assert "randal-cremer.no-named-school" not in flags_of(office, LUCJA)
    assert steps_of(file_of(office, LUCJA))["tell the welfare officer"] is StepState.DONE


def test_a_child_of_whom_only_an_import_says_that_it_left_is_listed_as_nobody_having_said_where_to(
    office: Office,
) -> None:
    pupil_id = add_pupil(office, left_on=date(2026, 11, 6))

    file = file_of(office, pupil_id)

    assert file.row.detail == NOBODY_SAID
    assert file.acts[0] == "where"
    assert UNKNOWN in {flag.rule_id for flag in file.flags}

    tell_leaving(office, pupils=(pupil_id,), word=a_word(last_day=date(2026, 11, 6)))
    confirm_arrival(office, pupils=(pupil_id,), told=a_confirmation())
    assert UNKNOWN not in flags_of(office, pupil_id)
    assert file_of(office, pupil_id).row.detail != NOBODY_SAID


@pytest.mark.parametrize(("days", "is_still_listed"), [(29, True), (30, False)])
def test_a_leaving_that_is_done_stays_listed_for_thirty_days(
    office: Office, days: int, *, is_still_listed: bool
) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(told_on=YESTERDAY, last_day=YESTERDAY))
    confirm_arrival(office, pupils=(LUCJA,), told=a_confirmation())
    note_return(office, pupil_id=LUCJA, on=TODAY)
    note_transfer_file(office, pupil_id=LUCJA, on=TODAY, code="8451234")
    removed(office, LUCJA, TODAY)
    assert file_of(office, LUCJA).row.detail == "Everything is done"

    then = on_day(office, date.fromordinal(TODAY.toordinal() + days))

    assert is_listed(then, LUCJA) is is_still_listed


# -- abroad ----------------------------------------------------------------------------------------------------


def test_a_family_that_goes_abroad_without_a_day_keeps_the_name_and_is_asked_for_day_address_and_school(
    office: Office,
) -> None:
    adopt(office, "derbyshire")
    adopt(office, "east-sussex")
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.ABROAD, last_day=None, school="", town="Spain"))

    tomorrow = on_day(office, date(2026, 11, 11))
    assert {"derbyshire.leaving-england", "east-sussex.emigration"} <= set(flags_of(tomorrow, LUCJA))
    assert "derbyshire.in-year-leaver" not in flags_of(tomorrow, LUCJA)
    assert "on a day that nobody has said" in flags_of(tomorrow, LUCJA)[UNKNOWN].finding.sentence
    assert "Do not remove the name early" in file_of(tomorrow, LUCJA).warning

    note_address_abroad(office, pupils=(LUCJA,), on=TODAY, address="Calle Mayor 3, Cadiz", school="", school_address="")
    assert "derbyshire.leaving-england" in flags_of(office, LUCJA)
    note_address_abroad(
        office, pupils=(LUCJA,), on=TODAY, address="Calle Mayor 3, Cadiz", school="Colegio Sol",
        school_address="Plaza 1, Cadiz",
    )  # fmt: skip
    assert set(flags_of(office, LUCJA)) == {"east-sussex.emigration"}
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.ABROAD, school="", town="Spain"))
    known = {fact.label: fact.value for fact in file_of(office, LUCJA).facts}
    assert known["Next school or place"] == "Colegio Sol"
    assert known["Transfer file"] == "8302201_CTF_MMMMMMM_001.xml"


@pytest.mark.parametrize(("on", "is_late"), [
    (date(2026, 12, 3), False), (date(2026, 12, 4), False), (date(2026, 12, 7), True),
])  # fmt: skip
def test_derbyshire_gives_ten_school_days_from_the_move_for_address_and_school(
    office: Office, on: date, *, is_late: bool
) -> None:
    adopt(office, "derbyshire")
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.ABROAD, school="", town="Spain"))

    flag = flags_of(on_day(office, on), LUCJA)["derbyshire.leaving-england"]

    assert flag.due is not None
    assert flag.due.on == date(2026, 12, 4)
    assert flag.overdue is is_late


def test_a_school_abroad_counts_only_with_its_address(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(Way.ABROAD, school="", town="Spain"))

    with pytest.raises(MissingFactsError):
        note_address_abroad(
            office, pupils=(LUCJA,), on=TODAY, address="Cadiz", school="Colegio Sol", school_address=" "
        )


# -- home education --------------------------------------------------------------------------------------------


def test_what_is_said_at_the_gate_is_no_notice_and_the_absence_counts(office: Office) -> None:
    add_marks(office, LUCJA, "O", TODAY)

    home_education.note_said(office, pupils=(LUCJA,), on=YESTERDAY, by="Father", words="")

    file = file_of(office, LUCJA)
    assert NOTICE not in flags_of(office, LUCJA)
    assert "england.unexplained-absence" in flags_of(office, LUCJA)
    assert file.acts[0] == "notice"
    assert "every absence counts" in file.warning
    tell_people(office, pupils=(LUCJA,), on=TODAY, recipients=(Recipient.AUTHORITY_HOME_EDUCATION,))
    assert steps_of(file_of(office, LUCJA))["tell the authority early"] is StepState.DONE


@pytest.mark.parametrize(("on", "waits"), [
    (date(2026, 11, 15), True), (date(2026, 11, 16), True), (date(2026, 11, 17), False),
])  # fmt: skip
def test_a_letter_from_the_sixteenth_lets_the_name_go_on_the_seventeenth(
    office: Office, on: date, *, waits: bool
) -> None:
    home_education.note_notice(office, pupils=(LUCJA,), on=TODAY, by="Mother", dated=TODAY, from_day=date(2026, 11, 16))
    tell_people(office, pupils=(LUCJA,), on=TODAY, recipients=(Recipient.AUTHORITY_HOME_EDUCATION,))

    file = file_of(on_day(office, on), LUCJA)

    assert (steps_of(file)["remove the name: page removal"] is StepState.LATER) is waits
    assert bool(file.warning) is waits
    assert flags_of(on_day(office, on), LUCJA).get(NOTICE) is None


def test_a_letter_without_a_day_is_kept_and_asks_for_one(office: Office) -> None:
    home_education.note_notice(office, pupils=(LUCJA,), on=TODAY, by="Mother", dated=None, from_day=None)

    assert "names no day" in flags_of(office, LUCJA)[NOTICE].finding.sentence
    assert "names no day" in file_of(office, LUCJA).warning


def test_a_notice_under_a_plan_is_told_to_lead_social_worker_and_authority_in_one_act(office: Office) -> None:
    adopt(office, "east-sussex")
    pupil_id = with_plan(office)
    home_education.note_notice(
        office, pupils=(pupil_id,), on=TODAY, by="Mother", dated=TODAY, from_day=date(2026, 11, 16)
    )
    flags = flags_of(office, pupil_id)
    assert {NOTICE, "east-sussex.home-education-plan"} <= set(flags)
    hand = file_of(office, pupil_id).hand
    assert getattr(hand, "tells_lead", False)

    tell_people(
        office, pupils=(pupil_id,), on=TODAY, lead=True,
        recipients=(Recipient.SOCIAL_WORKER, Recipient.AUTHORITY_HOME_EDUCATION),
    )  # fmt: skip
    assert NOTICE not in flags_of(office, pupil_id)
    assert "east-sussex.home-education-plan" in flags_of(office, pupil_id)
    home_education.note_plan_review(office, pupil_id=pupil_id, on=TODAY, words="The plan goes on.")
    assert "east-sussex.home-education-plan" not in flags_of(office, pupil_id)


def test_at_a_special_school_the_authority_answers_first(office: Office) -> None:
    pupil_id = with_plan(office, circumstance=Circumstance.SPECIAL_SCHOOL)
    home_education.note_notice(
        office, pupils=(pupil_id,), on=TODAY, by="Mother", dated=TODAY, from_day=date(2026, 11, 16)
    )
    file = file_of(office, pupil_id)
    assert "special school" in file.warning
    assert "consent" in file.acts

    home_education.note_consent(office, pupil_id=pupil_id, on=TODAY, is_given=False, by="Ms Ball")

    assert steps_of(file_of(office, pupil_id))["have the authority’s answer"] is StepState.DONE


def test_an_order_that_names_this_school_stands_above_everything(office: Office) -> None:
    add_event_to(office, LUCJA, Event(EventKind.ORDER_MADE, YESTERDAY))
    home_education.note_notice(office, pupils=(LUCJA,), on=TODAY, by="Mother", dated=TODAY, from_day=TODAY)

    assert "attendance order names this school" in file_of(office, LUCJA).warning


# -- called off ------------------------------------------------------------------------------------------------


def test_a_leaving_called_off_makes_everything_quiet_and_a_later_one_begins_afresh(office: Office) -> None:
    adopt(office, "derbyshire")
    tell_leaving(office, pupils=(LUCJA, TOMASZ), word=a_word(Way.UNKNOWN, last_day=YESTERDAY, school="", town=""))
    note_transfer_file(office, pupil_id=LUCJA, on=TODAY, code="XXXXXXX")
    assert flags_of(office, TOMASZ)

    call_off(office, pupils=(LUCJA, TOMASZ), on=TODAY, by="Mother, by telephone")

    assert flags_of(office, LUCJA) == {}
    assert flags_of(office, TOMASZ) == {}
    assert not is_listed(office, LUCJA)
    later = on_day(office, date(2026, 11, 11))
    tell_leaving(later, pupils=(LUCJA,), word=a_word(told_on=date(2026, 11, 11)))
    assert "transfer file to the next school" in steps_of(file_of(later, LUCJA))
    assert steps_of(file_of(later, LUCJA))["transfer file to the next school"] is StepState.LATER


def test_a_notice_is_taken_back(office: Office) -> None:
    home_education.note_notice(office, pupils=(LUCJA,), on=TODAY, by="Mother", dated=TODAY, from_day=TODAY)

    call_off(office, pupils=(LUCJA,), on=TODAY, by="Mother, by e-mail")

    assert NOTICE not in flags_of(office, LUCJA)
    assert not is_listed(office, LUCJA)


def test_nothing_is_called_off_before_it_was_told(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())

    with pytest.raises(RefusedError, match="before the leaving was told"):
        call_off(office, pupils=(LUCJA,), on=YESTERDAY, by="Mother")


def test_a_leaving_is_called_off_on_the_day_it_was_told_whatever_was_noted_since(office: Office) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(told_on=YESTERDAY))
    record_note(office, pupils=(LUCJA,), words="Rang about the dinner money.")

    call_off(office, pupils=(LUCJA,), on=YESTERDAY, by="Mother")

    assert not is_listed(office, LUCJA)


def test_home_education_spoken_of_is_not_called_off_before_that(office: Office) -> None:
    home_education.note_said(office, pupils=(LUCJA,), on=TODAY, by="Mother", words="")

    with pytest.raises(RefusedError, match="Tue 10 Nov"):
        call_off(office, pupils=(LUCJA,), on=YESTERDAY, by="Mother")


@pytest.mark.parametrize(("on", "is_refused"), [
    (date(2026, 11, 6), True), (YESTERDAY, False), (TODAY, False),
])  # fmt: skip
def test_a_place_is_confirmed_from_the_day_on_which_the_leaving_was_told(
    office: Office, on: date, *, is_refused: bool
) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word(told_on=YESTERDAY))
    if is_refused:
        with pytest.raises(RefusedError, match="Mon 9 Nov"):
            confirm_place(office, pupils=(LUCJA,), told=a_confirmation(on=on))
    else:
        confirm_place(office, pupils=(LUCJA,), told=a_confirmation(on=on))

    assert (UNKNOWN in flags_of(office, LUCJA)) is is_refused


@pytest.mark.parametrize(("last_day", "is_refused"), [
    (date(2026, 9, 2), True), (date(2026, 9, 3), False), (date(2026, 9, 4), False),
])  # fmt: skip
def test_nobody_leaves_before_the_first_day_here(office: Office, last_day: date, *, is_refused: bool) -> None:
    robin = add_pupil(office, starting_day=date(2026, 9, 3))
    if is_refused:
        with pytest.raises(RefusedError, match="before the child’s first day here"):
            tell_leaving(office, pupils=(robin,), word=a_word(last_day=last_day))
    else:
        tell_leaving(office, pupils=(robin,), word=a_word(last_day=last_day))

    assert len(_standing(office, robin)) == (0 if is_refused else 1)


# -- forms, refusals -------------------------------------------------------------------------------------------


def test_an_entry_in_school2school_settles_derbyshires_in_year_leaver(office: Office) -> None:
    adopt(office, "derbyshire")
    tell_leaving(office, pupils=(LUCJA,), word=a_word(last_day=TODAY))
    assert "derbyshire.in-year-leaver" in flags_of(office, LUCJA)

    note_form(office, pupil_id=LUCJA, on=TODAY, form=None)

    assert "derbyshire.in-year-leaver" not in flags_of(office, LUCJA)


def test_the_off_roll_form_is_asked_with_the_removal_and_settled_when_sent(office: Office) -> None:
    adopt(office, "east-sussex")
    tell_leaving(office, pupils=(LUCJA,), word=a_word())
    assert steps_of(file_of(office, LUCJA))["off-roll form"] is StepState.LATER
    confirm_place(office, pupils=(LUCJA,), told=a_confirmation())
    add_event_to(office, LUCJA, Event(EventKind.REMOVAL_PROPOSED, TODAY, ground="a"))
    assert {"east-sussex.off-roll-form", "england.deletion-return"} <= set(flags_of(office, LUCJA))

    note_form(office, pupil_id=LUCJA, on=TODAY, form=Form.OFF_ROLL)
    note_return(office, pupil_id=LUCJA, on=TODAY, reference="D 9")

    assert flags_of(office, LUCJA) == {}


def test_no_policy_asks_for_school2school_and_the_entry_is_refused(office: Office) -> None:
    with pytest.raises(RefusedError, match="school2school"):
        note_form(office, pupil_id=LUCJA, on=TODAY, form=None)


@pytest.mark.parametrize(("word", "missing"), [
    (a_word(school=" "), "which school"),
    (a_word(last_day=None), "the last day here"),
    (a_word(Way.ABROAD, town=""), "which country"),
    (a_word(Way.CUSTODY, school=""), "which place"),
])  # fmt: skip
def test_a_word_that_lacks_something_is_refused_by_name(office: Office, word: object, missing: str) -> None:
    with pytest.raises(MissingFactsError, match=missing):
        tell_leaving(office, pupils=(LUCJA,), word=word)  # type: ignore[arg-type]  # each is a LeavingWord

    assert _standing(office, LUCJA) == []


@pytest.mark.parametrize("told_on", [date(2026, 11, 11)])
def test_nothing_is_told_on_a_day_to_come(office: Office, told_on: date) -> None:
    with pytest.raises(BadInputError):
        tell_leaving(office, pupils=(LUCJA,), word=a_word(told_on=told_on))


def test_a_wrong_number_of_the_next_school_is_refused(office: Office) -> None:
    with pytest.raises(BadInputError, match="LAESTAB"):
        tell_leaving(office, pupils=(LUCJA,), word=a_word(laestab="12"))


def test_a_place_is_confirmed_only_of_a_child_who_leaves(office: Office) -> None:
    with pytest.raises(RefusedError, match="Nobody has written down"):
        confirm_place(office, pupils=(IMANI,), told=a_confirmation())


def test_nobody_told_is_nothing_to_write(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="who was told"):
        tell_people(office, pupils=(LUCJA,), on=TODAY, recipients=())


def test_a_line_that_is_gone_is_said_in_words(office: Office) -> None:
    with pytest.raises(CmeError, match="no longer there"):
        file_of(office, LUCJA)


def _standing(office: Office, pupil_id: PupilId) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=pupil_id) if each.retracted_at is None]
