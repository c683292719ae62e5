"""What takes a piece's place: for each kind of piece the small faults that somebody might make in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

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


def alternatives(node: ast.AST, *, at_top: bool, holder: ast.AST) -> Iterator[ast.AST]:
    """Make each piece that may take the node's place; the node is at the top of its module, or in a function."""
    if isinstance(node, ast.Set | ast.Dict | ast.Tuple | ast.List):
        yield from _of_display(node, at_top=at_top, holder=holder)
    for kind, changed in _CHANGES:
        if isinstance(node, kind):
            yield from changed(node)


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


def _of_arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _ARITHMETIC and not _is_of_words(node):
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)


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


def _of_choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield ast.IfExp(node.test, node.orelse, node.body)


def _of_severity(node: ast.Attribute) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Name) and node.value.id == "Severity" and node.attr in _SEVERITIES:
        yield ast.Attribute(node.value, _SEVERITIES[node.attr], ast.Load())


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
    """Whether the value is None, or as empty: who asks whether there is anything could not tell them apart."""
    if isinstance(value, ast.Tuple):
        return not value.elts
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False or not value.value)


def _is_negated_otherwise(test: ast.expr) -> bool:
    """Whether another mutant already turns the question round."""
    if isinstance(test, ast.Compare):
        return len(test.ops) == 1
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


_CHANGES: Final[tuple[tuple[type[ast.AST], Callable[[Any], Iterator[ast.AST]]], ...]] = (
    (ast.Compare, _of_comparison),
    (ast.BoolOp, _of_bool_op),
    (ast.UnaryOp, _of_unary),
    (ast.BinOp, _of_arithmetic),
    (ast.Constant, _of_constant),
    (ast.IfExp, _of_choice),
    (ast.Call, _of_call),
    (ast.Attribute, _of_severity),
    (ast.Slice, _of_slice),
    (ast.comprehension, _of_comprehension),
    (ast.stmt, _of_statement),
)
