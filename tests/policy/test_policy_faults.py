"""What is wrong with a policy: beside the field of a draft, or on the line of a document from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from cme_desktop.domain.cases import Role
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_changes import Part, add_part, blank_policy, parts_of, put_part
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import DocumentFault, Fault, check_policy, read_document, read_head
from cme_desktop.policy.rule import Act
from cme_desktop.policy.school_policy import DueKind, PolicyKind, SchoolPolicy, StricterNumber, Treatment
from tests.builders import RESOURCES, day


@cache
def law() -> Parameters:
    return load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


def a_policy() -> SchoolPolicy:
    """A policy with one part of each kind, in which nothing is missing."""
    policy = blank_policy("oak-tree", title="Oak Tree", from_day=day("1 Sep"))
    for part in (Part.CLAUSE, Part.STEP, Part.STANDING):
        policy, _ = add_part(policy, part, law())
    clause = replace(policy.clauses[0], title="1", says="Ring.", program="Rings.", rules=(policy.steps[0].id,))
    step, duty = policy.steps[0], policy.standing[0]
    return replace(
        policy,
        clauses=(clause,),
        steps=(replace(step, title="Ring", about="Ring", clauses=(clause.id,), duty=replace(step.duty, what="Ring.")),),
        standing=(
            replace(duty, title="Meet", about="Meet", clauses=(clause.id,), duty=replace(duty.duty, what="Meet.")),
        ),
    )


def with_part(part: Part, **changed: object) -> SchoolPolicy:
    policy = a_policy()
    return put_part(policy, part, 0, replace(parts_of(policy, part)[0], **changed))


def told(policy: SchoolPolicy) -> list[tuple[Part, int, str]]:
    return [(fault.part, fault.index, fault.field) for fault in check_policy(policy, law())]


def says(policy: SchoolPolicy) -> list[str]:
    return [fault.says for fault in check_policy(policy, law())]


# -- a draft -------------------------------------------------------------------------------------------------------


def test_a_policy_in_which_nothing_is_missing_may_be_adopted() -> None:
    assert check_policy(a_policy(), law()) == ()


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        (Part.CLAUSE, "title", ""),
        (Part.CLAUSE, "says", " "),
        (Part.CLAUSE, "program", ""),
        (Part.STEP, "title", " "),
        (Part.STEP, "because", ""),
        (Part.STEP, "settled_by", ""),
        (Part.STEP, "clauses", ()),
        (Part.STANDING, "title", ""),
        (Part.STANDING, "settled_by", ""),
        (Part.STANDING, "clauses", ()),
    ],
)
def test_a_field_left_empty_is_told_once_and_beside_it(part: Part, field: str, value: object) -> None:
    assert told(with_part(part, **{field: value})) == [(part, 0, field)]


@pytest.mark.parametrize("field", ["title", "document"])
def test_the_head_of_a_policy_is_not_left_empty(field: str) -> None:
    assert (Part.ABOUT, 0, field) in told(replace(a_policy(), **{field: ""}))  # type: ignore[arg-type]


@pytest.mark.parametrize("part", [Part.STEP, Part.STANDING])
def test_a_duty_says_what_is_to_be_done(part: Part) -> None:
    duty = parts_of(a_policy(), part)[0].duty

    assert (part, 0, "duty") in told(with_part(part, duty=replace(duty, what=" ")))
    assert "Say what is to be done." in says(with_part(part, duty=replace(duty, what=" ")))


@pytest.mark.parametrize(("hours", "is_told"), [(0, True), (1, False), (2, False)])
def test_a_deadline_in_hours_says_how_many(hours: int, *, is_told: bool) -> None:
    policy = with_part(Part.STEP, due=DueKind.HOURS, hours=hours)

    assert ((Part.STEP, 0, "hours") in told(policy)) is is_told


def test_where_there_is_no_clause_yet_one_is_asked_for() -> None:
    without = replace(a_policy(), clauses=(), stricter=(StricterNumber("england.attendance-return.sessions", 18, ""),))
    unnamed = with_part(Part.STEP, clauses=(), title="")

    assert "The policy has no clause yet: add the one that asks for it." in says(
        replace(without, steps=(replace(without.steps[0], clauses=()),), standing=())
    )
    assert says(unnamed) == [
        "Type a title: it stands on the list each morning.",
        "Choose the clause that asks for it.",
    ]


def test_two_faults_of_one_step_are_both_told() -> None:
    assert told(with_part(Part.STEP, title="", because="Since {since}: {dya}.")) == [
        (Part.STEP, 0, "title"),
        (Part.STEP, 0, "because"),
    ]


def test_a_number_that_only_the_reader_misses_is_told() -> None:
    assert says(with_part(Part.STEP, numbers={}, because="Since {since}.")) == ['"n" is missing']


def test_a_title_left_empty_is_asked_for_though_there_is_no_clause_yet() -> None:
    empty = replace(with_part(Part.STANDING, title=""), clauses=())

    assert "Type a title: it stands on the list when it is due." in says(empty)


def test_a_step_and_a_duty_of_one_name_are_told() -> None:
    policy = a_policy()
    twins = replace(policy, standing=(replace(policy.standing[0], id=policy.steps[0].id),))

    assert says(twins)[0] == "Another step or standing duty has the same name: one of them needs another."
    assert told(twins)[0] == (Part.STANDING, 0, "title")


def test_a_number_looser_than_the_law_is_told_as_law() -> None:
    looser = replace(
        a_policy(), stricter=(StricterNumber("england.attendance-return.sessions", 21, a_policy().clauses[0].id),)
    )

    found = check_policy(looser, law())

    assert [(fault.part, fault.index, fault.is_law) for fault in found] == [(Part.NUMBER, 0, True)]


def test_what_the_reader_refuses_is_told_beside_the_field_in_a_whole_sentence() -> None:
    unknown = check_policy(with_part(Part.STEP, because="Since {since}: day {dya}."), law())
    brace = check_policy(with_part(Part.STEP, because="Since {since: day {day}."), law())
    superseded = check_policy(with_part(Part.CLAUSE, treatment=Treatment.SUPERSEDED, because=""), law())

    assert unknown == (
        Fault(Part.STEP, 0, "because", "This trigger has no word {dya}. Write {day} instead, or leave it out."),
    )
    assert [fault.says for fault in brace] == ["Each { needs a } after the word. Close it, or take it out."]
    assert [fault.field for fault in superseded] == ["because"]


def test_a_clause_that_names_no_rule_is_told_with_a_capital_letter() -> None:
    found = check_policy(with_part(Part.CLAUSE, rules=("oak-tree.gone",)), law())

    assert [(fault.part, fault.field) for fault in found] == [(Part.CLAUSE, "rules")]
    assert found[0].says.startswith('There is no rule "oak-tree.gone"; the nearest is "oak-tree.')


def test_what_is_wrong_with_one_step_hides_nothing_of_another() -> None:
    policy = with_part(Part.STEP, because="")
    second = replace(a_policy().steps[0], id="oak-tree.second", because="Since {since}: day {dya}.")

    assert told(replace(policy, steps=(*policy.steps, second))) == [
        (Part.STEP, 0, "because"),
        (Part.STEP, 1, "because"),
    ]


def with_numbers(*values: int) -> SchoolPolicy:
    clause = a_policy().clauses[0].id
    numbers = tuple(StricterNumber("england.attendance-return.sessions", value, clause) for value in values)
    return replace(a_policy(), stricter=numbers)


def test_a_stricter_number_of_nought_is_asked_for_in_the_words_of_its_field() -> None:
    (fault,) = check_policy(with_numbers(0), law())

    assert fault == Fault(Part.NUMBER, 0, "value", "Type a number, 1 or more.")
    assert check_policy(with_numbers(1), law()) == ()


def test_a_number_of_the_law_that_stands_twice_is_told_beside_both() -> None:
    twice = "This number of the law stands here twice: keep one."

    assert check_policy(with_numbers(18, 16), law()) == (
        Fault(Part.NUMBER, 0, "parameter", twice),
        Fault(Part.NUMBER, 1, "parameter", twice),
    )
    assert check_policy(with_numbers(18), law()) == ()


def test_a_standing_duty_is_not_the_caretaker_s_of_the_records() -> None:
    duty = replace(a_policy().standing[0].duty, by=Role.CARETAKER)

    assert told(with_part(Part.STANDING, duty=duty)) == [(Part.STANDING, 0, "by")]


def test_a_sentence_with_a_number_that_may_be_left_out_and_is_says_what_to_do() -> None:
    policy = with_part(Part.STEP, because="Fewer than {visits_below} visits since {since}.")

    assert says(policy) == [
        "The sentence says {visits_below}, and that number is left out: type it above, or take the word out."
    ]


# -- a document ----------------------------------------------------------------------------------------------------


def document(old: str = "", new: str = "") -> bytes:
    text = write_policy_document(a_policy())
    assert old in text
    return text.replace(old, new, 1).encode("utf-8")


def faults(data: bytes) -> tuple[DocumentFault, ...]:
    return read_document(data, law()).faults


def test_a_document_without_a_fault_is_the_policy() -> None:
    read = read_document(document(), law())

    assert read.faults == ()
    assert read.policy is not None
    assert read.policy.title == "Oak Tree"


def test_a_misspelt_word_is_told_with_its_line_and_what_to_write() -> None:
    found = faults(document('title = "Oak Tree"', 'titel = "Oak Tree"'))

    assert any(fault.found.startswith("titel =") and "“title”" in fault.remedy for fault in found)
    assert all(fault.says.endswith(".") and not fault.says.endswith("..") for fault in found)
    assert all(fault.says[0].isupper() or fault.says[0] == '"' for fault in found)


def test_what_is_wrong_is_said_as_a_sentence() -> None:
    found = faults(document('title = "Oak Tree"', 'titel = "Oak Tree"'))

    assert {fault.says for fault in found} == {
        'There is no key "titel"; the nearest is "title".',
        '"title" is missing.',
    }
    brace = faults(document("{since}", "{since"))
    assert [fault.says for fault in brace] == ["A brace in the wording has no partner."]


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"title = \xff\n", "Save the file as UTF-8 text in the editor it was written with."),
        (b"title = \n", "Look at this line and the one above: a quote, a bracket or an equals sign is missing."),
        (b"a = " + b"[" * 5000, "Take the brackets out that nothing closes."),
    ],
)
def test_what_is_no_document_says_what_to_do(data: bytes, remedy: str) -> None:
    found = faults(data)

    assert [(fault.line, fault.remedy) for fault in found] == [(1, remedy)]


def test_the_first_and_the_last_line_are_shown() -> None:
    first = faults(b'colour = "red"\n' + document())
    last = faults(document() + b'colour = "red"')

    assert any((fault.line, fault.found) == (1, 'colour = "red"') for fault in first)
    assert any(fault.found == 'colour = "red"' for fault in last)
    assert faults(b"")[0].found == ""


def test_what_could_be_read_and_not_adopted_is_told_in_the_order_of_the_lines() -> None:
    empty = write_policy_document(a_policy()).replace('says = "Ring."', 'says = " "')
    empty = empty.replace('what = "Meet."', 'what = " "').replace('program = "Rings."', 'program = " "')

    found = faults(empty.encode("utf-8"))

    assert len(found) > 1
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)


def test_a_step_later_than_the_law_is_told_before_a_duty_of_nobody_further_down() -> None:
    found = faults(write_policy_document(late_and_nobodys()).encode("utf-8"))

    assert [fault.found for fault in found] == ['due = "this_week"', 'by = "caretaker"']


def late_and_nobodys() -> SchoolPolicy:
    duty = a_policy().standing[0].duty
    policy = with_part(Part.STEP, duty=replace(a_policy().steps[0].duty, act=Act.CONTACT_FAMILY), due=DueKind.THIS_WEEK)
    return put_part(policy, Part.STANDING, 0, replace(policy.standing[0], duty=replace(duty, by=Role.CARETAKER)))


def test_a_clause_that_names_a_step_with_a_fault_is_not_told_as_well() -> None:
    text = document('trigger = "ladder_day"', 'trigger = "lader_day"')

    assert [fault.found.partition(" ")[0] for fault in faults(text)] == ["trigger"]


def test_a_clause_that_names_nothing_is_told_beside_another_fault() -> None:
    policy = with_part(Part.CLAUSE, rules=("oak-tree.gone", a_policy().steps[0].id))
    text = write_policy_document(policy).replace('trigger = "ladder_day"', 'trigger = "lader_day"')

    assert [fault.found.partition(" ")[0] for fault in faults(text.encode("utf-8"))] == ["rules", "trigger"]


def test_a_duty_or_a_cited_rule_with_a_fault_is_not_told_where_a_clause_names_it() -> None:
    cited = b'\n[[cited]]\nid = "look"\ntitle = "Look"\nclauses = ["gone"]\nbeside = "england.not-seen"\ncolour = 1\n'
    text = document().replace(b"rules = [", b'rules = ["look", "meet", ')
    standing = text.replace(b'interval = "termly"', b'interval = "termy"')
    duty_id = a_policy().standing[0].id.rpartition(".")[2].encode("utf-8")
    standing = standing.replace(b'"look", "meet"', b'"' + duty_id + b'"')

    assert [fault.found.partition(" ")[0] for fault in faults(standing)] == ["interval"]
    assert "rules" not in {fault.found.partition(" ")[0] for fault in faults(text.replace(b', "meet"', b"") + cited)}


def test_a_cited_rule_whose_name_stands_without_quotes_is_told_and_the_clause_that_names_it_is_not() -> None:
    text = document().replace(b"rules = [", b'rules = ["5", ')
    cited = b'\n[[cited]]\nid = 5\ntitle = "Look"\nclauses = ["gone"]\nbeside = "england.not-seen"\n'

    assert "id" in {fault.found.partition(" ")[0] for fault in faults(text + cited)}
    assert "rules" not in {fault.found.partition(" ")[0] for fault in faults(text + cited)}
    assert "rules" in {fault.found.partition(" ")[0] for fault in faults(text)}


def test_a_clause_that_names_a_step_by_the_wrong_path_is_told_though_a_step_ends_in_that_name() -> None:
    name = a_policy().steps[0].id.removeprefix("oak-tree.")
    text = document(f'rules = ["{name}"]', f'rules = ["oak-tree.first.{name}"]')

    assert [fault.found.partition(" ")[0] for fault in faults(text)] == ["rules"]


def test_steps_that_are_no_tables_are_told_and_nothing_stops() -> None:
    found = faults(b'rule = ["ring", 2]\n' + document().partition(b"[[rule]]")[0])

    assert ('rule = ["ring", 2]', '"rule" must be a list of tables.') in {(one.found, one.says) for one in found}


def test_a_number_looser_than_the_law_is_told_in_one_sentence_with_one_stop() -> None:
    (fault,) = faults(write_policy_document(with_numbers(21)).encode("utf-8"))

    assert fault.says.endswith("sets 20; 21 would be looser.")
    assert fault.remedy == "Write 20, or a stricter number: the law can't be loosened."


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ('title = "Oak Tree"\n', "",
         "Add a line below this one: title = … (a supplied policy shows what may stand there)."),
        ("{since}", "{visits_below}", "Add the number to the step, or take the word out of the sentence."),
        ("{since}", "{since", "Close the brace after the word, or take it out."),
        ('due = "same_day"', 'due = "last_day"', "Choose another deadline for this trigger."),
    ],
)  # fmt: skip
def test_a_fault_of_a_document_says_what_to_do_about_it(old: str, new: str, remedy: str) -> None:
    (fault,) = faults(document(old, new))

    assert fault.remedy == remedy


def test_two_clauses_of_one_name_are_both_told_to_take_another() -> None:
    clause = a_policy().clauses[0]
    twins = replace(a_policy(), clauses=(clause, replace(clause, says="Ring again.")))

    found = faults(write_policy_document(twins).encode("utf-8"))

    assert {(fault.found, fault.remedy) for fault in found} == {
        (f'id = "{clause.id}"', "Give one of them another name.")
    }
    assert len(found) == 2


def test_where_there_is_no_step_at_all_a_clause_that_names_one_is_told_to_take_it_out() -> None:
    policy = replace(with_part(Part.CLAUSE, rules=("oak-tree.gone",)), steps=(), standing=())

    (fault,) = faults(write_policy_document(policy).encode("utf-8"))

    assert fault.says == 'There is no rule "oak-tree.gone".'
    assert fault.remedy == "Take the word out, or write one that the supplied policies use."


def test_faults_of_a_readable_document_are_told_by_line_though_found_in_another_order() -> None:
    policy = a_policy()
    duty = policy.standing[0]
    twins = replace(policy, standing=(replace(duty, id=policy.steps[0].id, duty=replace(duty.duty, what=" ")),))

    found = faults(write_policy_document(twins).encode("utf-8"))

    assert len(found) == 2
    assert found[0].line < found[1].line


def test_a_clause_that_names_nothing_is_told() -> None:
    policy = with_part(Part.CLAUSE, rules=("oak-tree.gone", a_policy().steps[0].id))

    found = faults(write_policy_document(policy).encode("utf-8"))

    assert len(found) == 1
    assert found[0].found.startswith("rules")


# -- the head of a document ----------------------------------------------------------------------------------------


def test_the_head_of_a_document_says_whose_it_is() -> None:
    school = read_head(write_policy_document(a_policy()))

    assert (school.kind, school.title) == (PolicyKind.SCHOOL, "Oak Tree")
    assert read_head('kind = "castle"\ntitle = "X"').kind is None
    assert read_head("title = ").title == ""
    assert read_head('about = "x"').title == ""
    assert read_head("title = ").kind is None
