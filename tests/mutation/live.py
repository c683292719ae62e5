"""Give a running program a mutant: new code into the functions that are there, and empty caches where it matters."""

from __future__ import annotations

import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutations import PROJECT, Mutant, MutatedModule

Key = tuple[str, int]
"""A function's qualified name and first line."""


class NotLiveError(Exception):
    """The change can't be given to functions that exist already: the program must be imported anew with it."""


def functions_of_program() -> dict[str, dict[Key, list[FunctionType]]]:
    """Every function of the program that exists, by file, name and first line."""
    found: dict[str, dict[Key, list[FunctionType]]] = {}
    root = str(PROJECT / "cme_desktop")
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(root):
            code = each.__code__
            key = (code.co_qualname, code.co_firstlineno)
            found.setdefault(code.co_filename, {}).setdefault(key, []).append(each)
    return found


Codes = dict[Key, list[CodeType]]


def give(mutant: Mutant, module: MutatedModule, before: Codes, functions: dict[Key, list[FunctionType]]) -> None:
    """Put the mutant's code into every function that it changes; ``before`` is the module's code without it."""
    after = codes_of(module.code(mutant))
    changed = {key for key, codes in after.items() if codes != before.get(key)}
    given = False
    for key in changed:
        for function in functions.get(key, ()):
            if len(after[key]) > 1:
                raise NotLiveError
            try:
                function.__code__ = after[key][0]
            except ValueError as error:
                raise NotLiveError from error
            given = True
    if not given:
        raise NotLiveError


def codes_of(code: object) -> Codes:
    """Find the code of every function of a module's."""
    found: Codes = {}
    waiting = [code]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, CodeType):
            found.setdefault((each.co_qualname, each.co_firstlineno), []).append(each)
            waiting += each.co_consts
    return found


# -- what is kept from one test to the next ----------------------------------------------------------------------


class Kept:
    """The caches of the program and its tests: of functions, and of properties worked out once."""

    def __init__(self) -> None:
        self._functions: list[Any] = []
        self._values: list[tuple[dict[str, object], tuple[str, ...]]] = []
        self.look_again()

    def look_again(self) -> None:
        """Find the caches that there are now."""
        objects = gc.get_objects()
        self._functions = [each for each in objects if _is_cached_function(each)]
        once = {each: _worked_out_once(each) for each in objects if isinstance(each, type) and _is_ours(each)}
        once = {each: names for each, names in once.items() if names}
        self._values = [(each.__dict__, once[type(each)]) for each in objects if type(each) in once]

    def forget(self) -> None:
        """Empty them all."""
        for function in self._functions:
            function.cache_clear()
        for values, names in self._values:
            for name in names:
                values.pop(name, None)


def _is_cached_function(each: object) -> bool:
    return type(each) is functools._lru_cache_wrapper and _is_ours(each)


def _is_ours(each: object) -> bool:
    return str(getattr(each, "__module__", "")).startswith(("cme_desktop", "tests"))


def _worked_out_once(kind: type) -> tuple[str, ...]:
    return tuple(
        name
        for each in kind.__mro__
        for name, value in vars(each).items()
        if isinstance(value, functools.cached_property)
    )


def read_each_situation_once() -> None:
    """Keep each situation as it was read: reading takes longer than judging, and few mutants have to do with it."""
    from cme_desktop.importers import situations

    read = situations.read_situation
    once = functools.cache(read)
    for module in list(sys.modules.values()):
        if getattr(module, "read_situation", None) is read:
            module.read_situation = once  # type: ignore[attr-defined]


# -- at import ---------------------------------------------------------------------------------------------------


class MutantImporter(importlib.abc.MetaPathFinder):
    """Import one module with a mutant in it."""

    def __init__(self, mutant: Mutant, module: MutatedModule) -> None:
        self._mutant = mutant
        self._code = module.code(mutant)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Say how the module is imported; None for every other."""
        if fullname != self._mutant.module:
            return None
        file = self._mutant.path
        loader = _CodeLoader(fullname, str(file), self._code)
        places = [str(file.parent)] if file.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(fullname, file, loader=loader, submodule_search_locations=places)


class _CodeLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, code: object) -> None:
        super().__init__(fullname, path)
        self._code = code

    def get_code(self, fullname: str) -> Any:
        """Give the mutant's code in place of the file's."""
        return self._code
