"""A store is opened by its path or address, brought to the newest schema, or refused with what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from leadglass.store.errors import ConnectionLostError, DiskFullError, StoreError

_BUSY_S = 30  # how long one writer of SQLite waits for another
_SCRIPTS = Path(__file__).parent / "migrations"


def open_engine(where: str) -> Engine:
    """The database at a path, `sqlite:///…` or `postgresql://…`, with the newest schema. Raises StoreError."""
    engine = _engine(where)
    with ExitStack() as unopened:
        unopened.callback(engine.dispose)  # a connection that nobody closes would stay with the server
        with told(engine, opening=True), engine.begin() as connection:
            _migrate(connection, shown(where))
        unopened.pop_all()
    return engine


def shown(where: str) -> str:
    """The store's name without a password."""
    return make_url(where).render_as_string(hide_password=True) if "://" in where else where


def _engine(where: str) -> Engine:
    if "://" not in where:
        path = Path(where)
        if path.is_dir():
            raise StoreError(f"{where} is a directory: name a file for the store")
        if not path.absolute().parent.is_dir():
            raise StoreError(f"there is no directory {path.absolute().parent} for the store: make it first")
        where = f"sqlite:///{where}"
    try:
        url = make_url(where)
    except ArgumentError:
        raise StoreError("a store is a file's path, or postgresql://user@host/database") from None
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _BUSY_S})
        _as_one_writer(engine)
        return engine
    if url.get_backend_name() != "postgresql":
        raise StoreError("a store is a file's path, or postgresql://user@host/database")
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=2)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError("PostgreSQL needs a further package: pip install 'leadglass[postgresql]'") from None


def _as_one_writer(engine: Engine) -> None:
    """A write-ahead log, and transactions that write from their start: none reads and then finds that it is late."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, and by nobody else
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error:
            connection.close()
            raise
        # FULL: what is committed outlives a loss of power too, for one sync a commit, of which there is one a second.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)  # readers hold up nobody
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _migrate(connection: Connection, name: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise StoreError(f"{name} was written by a newer Leadglass: use that one, or name another store")
    command.upgrade(config, "head")


@contextmanager
def told(engine: Engine, *, opening: bool = False) -> Iterator[None]:
    """Turns what the database says into words that tell what to do. Raises StoreError.

    `opening` where nothing was written yet that could be safe.
    """
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        said = str(error.orig).lower()
        name = engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=True)
        safe, again = ("", "try again") if opening else (": what was found until now is safe", "resume")
        if "disk is full" in said or "no space left" in said or "could not extend file" in said:
            raise DiskFullError(f"no room is left for {name}{safe}. Make room, then {again}") from None
        if error.connection_invalidated or "connect" in said or "server closed" in said or "terminating" in said:
            engine.dispose()
            raise ConnectionLostError(
                f"the database {name} does not answer{safe}. See that it runs and that the address and the login are "
                f"right, then {again}"
            ) from None
        if "not a database" in said or "malformed" in said:
            raise StoreError(f"{name} is no store of Leadglass: name another file") from None
        if "readonly" in said or "unable to open" in said or "permission" in said:
            raise StoreError(f"{name} cannot be written: see who may, or name another file") from None
        if "locked" in said:
            raise StoreError(f"{name} is written by another program and does not become free") from None
        raise StoreError(f"the database {name} refused: {type(error.orig).__name__}") from None
