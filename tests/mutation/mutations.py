"""What may be changed in a module: each mutant is one small fault that a test ought to notice.

Words are not mutated: no text literal, docstring or type hint. Nor are assertions for the type checker, imports,
decorators and the bodies of protocols, which nobody runs.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.mutation.changes import alternatives

PROJECT: Final = Path(__file__).parents[2]
_LONGEST_SHOWN = 110


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
        """The module's dotted name; of a module outside the project its file's."""
        inside = self.path.is_relative_to(PROJECT)
        parts = self.path.relative_to(PROJECT).with_suffix("").parts if inside else (self.path.stem,)
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
            yield mutant if number == 1 else replace(mutant, change=f"{mutant.change} #{number}")

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
                for new in alternatives(node, at_top=not self._functions, holder=holder):
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
        # the loop inside a comprehension has no line of its own: what it runs through has
        line = node.iter.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 1)
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
            return _say_gone(node.elts, edit.new.elts)
        case ast.Dict(), ast.Dict():
            return _say_gone(node.keys, edit.new.keys)
        case ast.comprehension(), ast.comprehension():
            return _say_gone(node.ifs, edit.new.ifs)
    change = f"{_shown(node)} → {_shown(edit.new)}"
    if isinstance(node, ast.Constant | ast.Slice | ast.UnaryOp) and not isinstance(edit.holder, ast.stmt):
        return f"{change} in {_shown(edit.holder)}"
    return change


def _say_gone(before: Sequence[ast.expr | None], after: Sequence[ast.expr | None]) -> str:
    gone = next((each for each in before if each is not None and each not in after), None)
    return "without what is spread out" if gone is None else f"without {_shown(gone)}"


def _shown(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        word = "if" if isinstance(node, ast.If) else "while"
        return f"{word} {_shown(node.test)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def list_modules() -> tuple[Path, ...]:
    """List the modules that are mutated: the policy and the calendar."""
    policy = sorted((PROJECT / "cme_desktop" / "policy").rglob("*.py"))
    return (PROJECT / "cme_desktop" / "domain" / "calendar.py", *policy)
