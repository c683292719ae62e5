"""A credential store for tests: the library's own kind of backend, which keeps its secrets in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryStore(KeyringBackend):
    """Keeps secrets for as long as a test runs; ``refuses`` is what it answers with instead."""

    priority: ClassVar[float] = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own
        self.held: dict[tuple[str, str], str] = {}
        self.refuses: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _answer(self) -> None:
        if self.refuses is not None:
            raise self.refuses


@contextmanager
def credential_store() -> Iterator[MemoryStore]:
    """Let the program find this store, and the one before afterwards."""
    before, store = keyring.get_keyring(), MemoryStore()
    keyring.set_keyring(store)
    try:
        yield store
    finally:
        keyring.set_keyring(before)
