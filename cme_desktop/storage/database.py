"""The encrypted records: one SQLite file, opened with its key, one transaction a use case.

A writer begins with BEGIN IMMEDIATE, so that two writers wait for each other at the start and not half way; a reader
sees one moment of the records throughout. What a transaction has saved is on the disk (``synchronous=FULL``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlcipher3.dbapi2
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, configure_mappers

from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.backup import RecordsCount, copy_under_key, count_records
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import flush_file, flush_folder, take_place
from cme_desktop.storage.in_place import InPlace
from cme_desktop.storage.journal import begin_entries, write_entries
from cme_desktop.storage.local_disk import refuse_network_share
from cme_desktop.storage.log_end import refuse_cut_log
from cme_desktop.storage.row_seals import watch_rows
from cme_desktop.storage.schema import bring_up_to_date, build_schema
from cme_desktop.storage.sqlite_errors import RecordsError, RecordsInUseError, in_the_offices_words

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

    from cme_desktop.storage.instance_lock import InstanceLock
    from cme_desktop.storage.journal import Author

KEY_BYTES: Final = 32
_PRAGMAS: Final = (
    "PRAGMA cipher_log_level = none",
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # a Mac's disk would else keep what is saved in its own memory
    "PRAGMA temp_store = MEMORY",
)
_WAIT_SECONDS: Final = 5.0


class Database:
    """The open records. Threads may share it; each transaction has a connection of its own.

    ``author`` signs what is written; None as long as nobody sits at the desk.
    """

    def __init__(self, engine: Engine, *, path: Path, key: bytes, lock: InstanceLock | None = None) -> None:
        self.path = path
        self.key = key
        self._lock = lock
        self._engine = engine
        self._place = InPlace(path)
        self._ready: list[_Desk] = []
        self.author: Author | None = None

    @property
    def is_alone(self) -> bool:
        """Whether no other copy of the program can be at these records meanwhile."""
        return self._lock is not None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that writes: all of it is saved at the end, or, on an error, none."""
        self._place.refuse_gone()
        with in_the_offices_words(), self._desk() as desk, desk.connection.begin():
            desk.begin("BEGIN IMMEDIATE")  # now: two writers wait for each other here, not half way
            begin_entries(desk.db)
            yield desk.db
            write_entries(desk.db, self.author)
            if desk.db.in_transaction():
                desk.db.commit()  # writes what the session still holds; the connection saves it
        self._place.refuse_unkept()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that reads one moment of the records; what is written in it is thrown away."""
        self._place.refuse_gone()
        with in_the_offices_words(), self._desk() as desk, closing(desk.connection.begin()):
            desk.begin("BEGIN")
            with desk.db.no_autoflush:
                yield desk.db

    @contextmanager
    def _desk(self) -> Iterator[_Desk]:
        try:
            desk = self._ready.pop()
        except IndexError:
            desk = _Desk(self._engine)
        try:
            yield desk
        finally:
            if desk.db.in_transaction() or desk.db.identity_map:
                desk.db.close()
            self._ready.append(desk)

    def change_key(self, new_key: bytes, *, sealed: Callable[[], None]) -> None:
        """Write the records anew under another key, and work on in them; no transaction may be open.

        ``sealed`` is called when the new file is whole and before it takes the old one's place: from then on either key
        may be the one that opens. A failure before leaves the old file as it was; after, ``key`` is the one that opens.
        """
        fresh = self.path.with_name(self.path.name + ".new-key")
        try:
            self._write_anew(fresh, new_key)
            sealed()
            flush_file(fresh)
            take_place(fresh, self.path)
            self.key, self._engine = new_key, _make_engine(self.path, new_key)
            self._place = InPlace(self.path)
            flush_folder(self.path.parent)
        except OSError as error:
            raise RecordsError(
                "The records could not be given a new key.",
                detail=say_why(error),
                remedy="Nothing is lost. Close the program and open it again: it is tried again then.",
            ) from None
        with suppress(OSError):  # the records are in their place; what is left beside goes the next time
            remove_database_files(fresh)

    def _write_anew(self, to: Path, key: bytes) -> None:
        remove_database_files(to)
        try:
            with in_the_offices_words():
                copied = copy_under_key(
                    connect=lambda: connect(self.path, self.key), connect_to=lambda path: connect(path, key), to=to,
                    key=key,
                )  # fmt: skip
            self._let_go()
            self._refuse_company(copied)
        except CmeError:
            with suppress(OSError):  # half a copy would keep a full disk full
                remove_database_files(to)
            raise

    def _refuse_company(self, copied: RecordsCount) -> None:
        """Refuse to take the file from under a command that has it open, or that wrote since it was copied."""
        with in_the_offices_words(), closing(connect(self.path, self.key)) as alone:
            alone.execute("PRAGMA busy_timeout = 0")
            alone.execute("PRAGMA journal_mode = DELETE")  # refused by SQLite to all but the only one there
            if count_records(alone) != copied:
                raise RecordsInUseError(
                    "The records can't get a new key just now.",
                    detail="Another copy of the program wrote to them.",
                    remedy="Close it. The new key comes when the records are opened next.",
                )

    def sweep(self) -> bool:
        """Leave nothing of what was deleted in the file or beside it; False where another copy of the program reads it.

        No transaction may be open. The write-ahead log is folded in and emptied, and the file written anew without its
        empty pages.
        """
        self._let_go()
        with closing(connect(self.path, self.key)) as raw, suppress(sqlcipher3.dbapi2.OperationalError):
            raw.execute("PRAGMA secure_delete = ON").fetchall()
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        return False

    def close(self) -> None:
        """Let go of the file, and of the lock on it; the write-ahead log is folded into the file."""
        self._let_go()
        if self._lock is not None:
            self._lock.release()

    def _let_go(self) -> None:
        for desk in self._ready:
            desk.connection.close()
        self._ready.clear()
        self._engine.dispose()


class _Desk:
    """A connection with a session that works on it, kept ready from one transaction to the next.

    Making both anew took a third of the time of saving an outcome. The session joins the connection's transaction: it
    can undo the whole of it, and never saves by itself.
    """

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()
        self.db = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")

    def begin(self, how: str) -> None:
        """Begin the driver's own transaction; it never does so by itself."""
        self.connection.connection.cursor().execute(how)


def open_database(path: Path, key: bytes, *, lock: InstanceLock | None = None) -> Database:
    """Open the records that are there, bringing an older schema up to date after a verified backup.

    ``lock`` is let go when the database is closed.

    Raises ``RecordsError`` for a wrong key, a file that is none of ours, one from a newer version, or one on a share.
    """
    refuse_network_share(path.parent)
    if not path.is_file():
        raise RecordsError(
            "There are no records here.",
            detail=f"{path.name} is not in the folder of the records.",
            remedy="Set up the records, bring back a backup, or choose another folder.",
        )
    if path.stat().st_size == 0:
        raise RecordsError(
            "The records file is empty.",
            detail="It may have been copied by half, or the disk failed.",
            remedy="Choose “Bring a backup back…” where the password is asked for.",
        )
    with in_the_offices_words():
        if lock is not None:  # else another copy of the program may be writing the log just now
            refuse_cut_log(path, connect=lambda: connect(path, key))
        bring_up_to_date(path, connect=lambda: connect(path, key), connect_to=lambda to: connect(to, key))
    return Database(_make_engine(path, key), path=path, key=key, lock=lock)


def fits(path: Path, key: bytes) -> bool:
    """Whether this key opens the records."""
    try:
        with in_the_offices_words(), closing(connect(path, key)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except CmeError:
        return False
    return True


def load_libraries() -> None:
    """Load what unlocking and the first reading need, so that nothing but the key and the records is waited for."""
    for module in (
        "cryptography.hazmat.primitives.ciphers.aead",
        "cryptography.hazmat.primitives.kdf.argon2",
        "cryptography.hazmat.primitives.hpke",
        "cryptography.hazmat.primitives.asymmetric.ed25519",
    ):
        import_module(module)
    configure_mappers()


def create_database(path: Path, key: bytes) -> Database:
    """Make new, empty records; refuse where there are some. A failure half way leaves no file."""
    refuse_network_share(path.parent)
    if path.exists():
        raise RecordsError(
            "There are records here already.",
            detail=f"{path.name} is already in the folder of the records.",
            remedy="Open them, or choose an empty folder.",
        )
    try:
        with in_the_offices_words():
            path.parent.mkdir(parents=True, exist_ok=True)
            build_schema(connect=lambda: connect(path, key, create=True))
    except OSError as error:
        raise RecordsError(
            "The folder of the records can't be written.",
            detail=say_why(error),
            remedy="Choose a folder in which you may write.",
        ) from None
    except BaseException:
        with suppress(OSError):  # what could not be written can't be deleted either: the first error is the one to tell
            remove_database_files(path)
        raise
    return Database(_make_engine(path, key), path=path, key=key)


def remove_database_files(path: Path) -> None:
    """Delete a database file with its write-ahead log."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def connect(path: Path, key: bytes, *, create: bool = False) -> Any:
    """Open one raw driver connection with the key and our pragmas, in autocommit; ``create`` may make the file."""
    if len(key) != KEY_BYTES:
        raise ValueError("the key of the records has 32 bytes")
    connection = sqlcipher3.dbapi2.connect(
        f"{path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_WAIT_SECONDS,
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_engine(path: Path, key: bytes) -> Engine:
    # The address names no real file: the key and the path are in no echo or error. A file address gives a real pool.
    engine = create_engine(
        "sqlite:///records.cme",
        creator=lambda: connect(path, key),
        module=sqlcipher3.dbapi2,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _leave_transactions_to_us)
    return engine


def _leave_transactions_to_us(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    watch_rows(connection)
