"""What may be changed in a module: each mutant is one small fault that a test ought to notice.

Words are not mutated: no text literal, docstring or type hint. Nor are assertions for the type checker, imports,
decorators and the bodies of protocols, which nobody runs.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
_LONGEST_SHOWN = 110

_COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES: Final = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
}
_REPLACED_BY_ARGUMENT: Final = {"reversed": "tuple", "sorted": "list"}
_SEVERITIES: Final = {
    "NOW": "TODAY",
    "TODAY": "THIS_WEEK",
    "THIS_WEEK": "TODAY",
    "WATCH": "THIS_WEEK",
    "INCOMPLETE": "WATCH",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One place in a tree and what takes the place of what stands there."""

    holder: ast.AST
    field: str
    index: int | None
    new: ast.AST

    def swap(self) -> Edit:
        """Put the new node in, and return the edit that takes it out again."""
        held = getattr(self.holder, self.field)
        if self.index is None:
            setattr(self.holder, self.field, self.new)
            return Edit(self.holder, self.field, None, held)
        old, held[self.index] = held[self.index], self.new
        return Edit(self.holder, self.field, self.index, old)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where, what, and whether it stands inside a function, so that a running program can be given it."""

    path: Path
    scope: str
    line: int
    change: str
    in_function: bool
    edit: Edit
    scope_hash: str

    @property
    def module(self) -> str:
        """The module's dotted name."""
        parts = self.path.relative_to(PROJECT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def name(self) -> str:
        """What the mutant is called in the results and in the list of accepted ones: no line, which moves."""
        return f"{self.module.removeprefix('cme_desktop.')} | {self.scope} | {self.change}"


class MutatedModule:
    """A module's tree and its mutants, in the order of the text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tree = ast.parse(path.read_text(encoding="utf-8"))
        self.mutants = tuple(self._named(_Finder(path, self._tree).find()))

    @staticmethod
    def _named(found: Iterator[Mutant]) -> Iterator[Mutant]:
        """Number those of one name, so that each has its own."""
        seen: dict[str, int] = {}
        for mutant in found:
            number = seen[mutant.name] = seen.get(mutant.name, 0) + 1
            if number == 1:
                yield mutant
            else:
                change = f"{mutant.change} #{number}"
                yield Mutant(
                    mutant.path,
                    mutant.scope,
                    mutant.line,
                    change,
                    mutant.in_function,
                    mutant.edit,
                    mutant.scope_hash,
                )

    def code(self, mutant: Mutant | None = None) -> object:
        """Compile the module, with the mutant in it or as it stands."""
        if mutant is None:
            return compile(self._tree, str(self.path), "exec", dont_inherit=True)
        undo = mutant.edit.swap()
        try:
            return compile(self._tree, str(self.path), "exec", dont_inherit=True)
        finally:
            undo.swap()


class _Finder:
    """Walk a module's tree and find every place that may be changed."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self._path = path
        self._tree = tree
        self._scope: list[str] = []
        self._hash = ""
        self._functions = 0

    def find(self) -> Iterator[Mutant]:
        yield from self._walk_field(self._tree, "body")

    def _name_table(self, node: ast.AST) -> Iterator[Mutant]:
        """Walk a table or number of the module under its name."""
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        self._scope.append(target.id if isinstance(target, ast.Name) else "module")
        self._hash = _hash_of(node)
        yield from self._walk(node)
        self._scope.pop()

    def _walk(self, node: ast.AST) -> Iterator[Mutant]:
        for field in node._fields:
            if (type(node), field) not in _NOT_MUTATED_FIELDS:
                yield from self._walk_field(node, field)

    def _walk_field(self, holder: ast.AST, field: str) -> Iterator[Mutant]:
        value = getattr(holder, field, None)
        places = enumerate(value) if isinstance(value, list) else ((None, value),)
        for index, node in places:
            if isinstance(node, ast.AST) and not _is_left_alone(node):
                for new in _alternatives(node, at_top=not self._functions, holder=holder):
                    yield self._mutant(node, Edit(holder, field, index, new))
                yield from self._enter(node)

    def _enter(self, node: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            is_outermost = not self._scope
            if is_outermost or isinstance(node, ast.FunctionDef):
                outer, self._hash = self._hash, _hash_of(node)
            self._scope.append(node.name)
            if isinstance(node, ast.FunctionDef):
                yield from self._walk_field(node.args, "defaults")
                yield from self._walk_field(node.args, "kw_defaults")
                self._functions += 1
            yield from self._walk_field(node, "body")
            if isinstance(node, ast.FunctionDef):
                self._functions -= 1
            self._scope.pop()
            if is_outermost or isinstance(node, ast.FunctionDef):
                self._hash = outer
        elif not self._scope:
            yield from self._name_table(node)
        elif not _is_negative_number(node):
            yield from self._walk(node)

    def _mutant(self, node: ast.AST, edit: Edit) -> Mutant:
        ast.copy_location(edit.new, node)
        ast.fix_missing_locations(edit.new)
        change = _say_change(node, edit)
        line = getattr(node, "lineno", 1)
        return Mutant(
            self._path, ".".join(self._scope) or "module", line, change, self._functions > 0, edit, self._hash
        )


_NOT_MUTATED_FIELDS: Final = {
    (ast.AnnAssign, "annotation"),
    (ast.AnnAssign, "target"),
    (ast.arg, "annotation"),
    (ast.FormattedValue, "format_spec"),
    (ast.ExceptHandler, "type"),
}


def _hash_of(node: ast.AST) -> str:
    return hashlib.sha256(ast.unparse(node).encode("utf-8")).hexdigest()[:12]


def _is_left_alone(node: ast.AST) -> bool:
    """Whether neither the node nor anything in it is mutated."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_negative_number(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)


def _say_change(node: ast.AST, edit: Edit) -> str:
    """Say what was and what is; of a short piece also what it stands in, of a list only what is gone."""
    match node, edit.new:
        case ((ast.Set() | ast.Tuple() | ast.List()), (ast.Set() | ast.Tuple() | ast.List())):
            gone = next((was for was in node.elts if was not in edit.new.elts), node)
            return f"without {_shown(gone)}"
        case ast.Dict(), ast.Dict():
            gone = next((key for key in node.keys if key not in edit.new.keys and key is not None), node)
            return f"without {_shown(gone)}"
        case ast.comprehension(), ast.comprehension():
            gone = next((test for test in node.ifs if test not in edit.new.ifs), node)
            return f"without if {_shown(gone)}"
    change = f"{_shown(node)} → {_shown(edit.new)}"
    if isinstance(node, ast.Constant | ast.Slice | ast.UnaryOp) and not isinstance(edit.holder, ast.stmt):
        return f"{change} in {_shown(edit.holder)}"
    return change


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        word = "if" if isinstance(node, ast.If) else "while"
        return f"{word} {_shown(node.test)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


# -- what takes a node's place -----------------------------------------------------------------------------------


def _alternatives(node: ast.AST, *, at_top: bool, holder: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _of_comparison(node)
        case ast.BoolOp():
            yield from _of_bool_op(node)
        case ast.UnaryOp():
            yield from _of_unary(node)
        case ast.BinOp() if not _is_of_words(node):
            if type(node.op) in _ARITHMETIC:
                yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.Call():
            yield from _of_call(node)
        case ast.Attribute(value=ast.Name(id="Severity"), attr=word) if word in _SEVERITIES:
            yield ast.Attribute(node.value, _SEVERITIES[word], ast.Load())
        case ast.Slice():
            yield from _of_slice(node)
        case ast.comprehension():
            yield from _of_comprehension(node)
        case ast.Set() | ast.Dict() | ast.Tuple() | ast.List():
            yield from _of_display(node, at_top=at_top, holder=holder)
        case ast.stmt():
            yield from _of_statement(node)


def _of_comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)


def _of_bool_op(node: ast.BoolOp) -> Iterator[ast.AST]:
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _of_unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        assert isinstance(value, int)
        yield ast.Constant(1 - value)
        yield ast.Constant(-1 - value)
    else:
        yield node.operand


def _is_of_words(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name):
        word = node.func.id
        if word in _NAMES:
            yield ast.Call(ast.Name(_NAMES[word], ast.Load()), node.args, node.keywords)
        elif word in _REPLACED_BY_ARGUMENT:
            yield ast.Call(ast.Name(_REPLACED_BY_ARGUMENT[word], ast.Load()), node.args[:1], [])
        elif word == "filter":
            yield node.args[1]
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _NAMES:
        yield ast.Call(ast.Attribute(node.func.value, _NAMES[node.func.attr], ast.Load()), node.args, node.keywords)


def _of_slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _of_comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for place in range(len(node.ifs)):
        yield ast.comprehension(node.target, node.iter, [*node.ifs[:place], *node.ifs[place + 1 :]], node.is_async)


def _of_display(node: ast.Set | ast.Dict | ast.Tuple | ast.List, *, at_top: bool, holder: ast.AST) -> Iterator[ast.AST]:
    """Leave out one element of a set or a table; of a tuple only where it is a list of things, not a record."""
    if isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            keys, values = node.keys, node.values
            yield ast.Dict([*keys[:place], *keys[place + 1 :]], [*values[:place], *values[place + 1 :]])
        return
    is_list = isinstance(node, ast.Set) or (
        isinstance(node.ctx, ast.Load)
        and (isinstance(holder, ast.Compare | ast.For | ast.comprehension) or (at_top and _is_assignment(holder)))
    )
    if is_list and len(node.elts) > 1:
        for place in range(len(node.elts)):
            rest = [*node.elts[:place], *node.elts[place + 1 :]]
            yield ast.Set(rest) if isinstance(node, ast.Set) else type(node)(rest, ast.Load())


def _is_assignment(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign)


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If():
            if not _is_negated_otherwise(node.test):
                yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
            yield ast.If(ast.Constant(value=False), node.body, node.orelse)
        case ast.While():
            yield ast.While(ast.Constant(value=False), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not _is_nothing(value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign():
            if type(node.op) in _ARITHMETIC:
                yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) if not _makes_itself(node):
            yield ast.Pass()
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            yield ast.Pass()


def _makes_itself(node: ast.Assign) -> bool:
    """Whether this is an object's own field, without which nothing of it works."""
    target = node.targets[0]
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"


def _is_nothing(value: ast.expr) -> bool:
    """Whether nobody could tell the value from None."""
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _is_negated_otherwise(test: ast.expr) -> bool:
    """Whether another mutant already turns the question round."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def list_modules() -> tuple[Path, ...]:
    """List the modules that are mutated: the policy and the calendar."""
    policy = sorted((PROJECT / "cme_desktop" / "policy").rglob("*.py"))
    return (PROJECT / "cme_desktop" / "domain" / "calendar.py", *policy)
