"""A shard is leased to one worker at a time, and who writes late is refused: results are kept exactly once."""

from collections.abc import Callable

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from leadglass.model.snapshot import Batch, Lease, Progress, StoredResult, SurveyState
from leadglass.store.errors import LeaseLostError
from leadglass.store.opening import told
from leadglass.store.rows import rows_of, with_target
from leadglass.store.schema import ADVICE, EXPOSURE, FINDING, RUN, SHARD, SURFACE, TARGET
from leadglass.store.workers import held


class Shards:
    """The shards of every survey in one database. Each method is one transaction, and may raise StoreError."""

    def __init__(self, engine: Engine, now: Callable[[Connection], float]) -> None:
        """`now` gives seconds since the epoch by the store's clock."""
        self._engine = engine
        self._now = now

    def lease(self, survey: str, holder: str, lease_s: float, run: int) -> Lease | None:
        """A shard that nobody works on, for `lease_s`; None where there is none now, or the run is to end.

        Positions that were promised and are not done may have been contacted before: they are counted with the run.
        """
        with told(self._engine), self._engine.begin() as connection:
            now, run_of = self._now(connection), held(connection, survey, run)
            if run_of.holder != run_of.run_holder or run_of.state != SurveyState.RUNNING:
                return None
            free = (SHARD.c.survey == survey) & (SHARD.c.done.is_(False)) & (SHARD.c.lease_until <= now)
            wanted = select(SHARD).where(free).order_by(SHARD.c.number).limit(1).with_for_update(skip_locked=True)
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            values = {"holder": holder, "epoch": row.epoch + 1, "lease_until": now + lease_s}
            connection.execute(update(SHARD).where(_is(survey, row.number)).values(**values))
            unsure = row.high - row.first - row.completed
            if unsure:
                _add(connection, survey, run, repeated=unsure)
        progress = Progress(low=row.low, high=row.high, above=bytes(row.above), tallies=bytes(row.tallies))
        return Lease(
            survey=survey,
            shard=row.number,
            first=row.first,
            last=row.last,
            epoch=row.epoch + 1,
            holder=holder,
            until=now + lease_s,
            progress=progress,
        )

    def renew(self, lease: Lease, lease_s: float) -> Lease:
        """The lease, for `lease_s` from now. Raises LeaseLostError."""
        with told(self._engine), self._engine.begin() as connection:
            now = self._checked(connection, lease)
            connection.execute(update(SHARD).where(_is(lease.survey, lease.shard)).values(lease_until=now + lease_s))
        return msgspec.structs.replace(lease, until=now + lease_s)

    def promise(self, lease: Lease, high: int) -> None:
        """Positions below `high` are about to be contacted. Raises LeaseLostError."""
        with told(self._engine), self._engine.begin() as connection:
            self._checked(connection, lease)
            connection.execute(update(SHARD).where(_is(lease.survey, lease.shard)).values(high=high))

    def commit(self, lease: Lease, run: int, batch: Batch) -> None:
        """Results and the progress that they make, all or nothing. Raises LeaseLostError."""
        with told(self._engine), self._engine.begin() as connection:
            now = self._checked(connection, lease)
            self._write(connection, lease.survey, run, batch.results)
            progress = batch.progress
            above = sum(byte.bit_count() for byte in progress.above)
            values = {
                **msgspec.structs.asdict(progress),
                "completed": progress.low - lease.first + above,
                "done": batch.done,
                "lease_until": 0.0 if batch.done else max(now, lease.until),
            }
            connection.execute(update(SHARD).where(_is(lease.survey, lease.shard)).values(**values))
            _add(connection, lease.survey, run, contacts=batch.contacts)

    def give_back(self, lease: Lease) -> None:
        """Nobody works on the shard any more. Raises LeaseLostError."""
        with told(self._engine), self._engine.begin() as connection:
            self._checked(connection, lease)
            connection.execute(
                update(SHARD).where(_is(lease.survey, lease.shard)).values(lease_until=0.0, epoch=lease.epoch + 1)
            )

    def count_late(self, survey: str, run: int, contacts: int) -> None:
        """Connections of a worker whose lease was over: their results were not kept."""
        with told(self._engine), self._engine.begin() as connection:
            _add(connection, survey, run, late=contacts)

    def left(self, survey: str) -> int:
        """How many shards are not done."""
        with told(self._engine), self._engine.begin() as connection:
            open_ = (SHARD.c.survey == survey) & (SHARD.c.done.is_(False))
            return int(connection.execute(select(func.count()).select_from(SHARD).where(open_)).scalar_one())

    def end_all(self, connection: Connection, survey: str) -> None:
        """No lease of the survey holds any more, and who still has one is refused."""
        of = (SHARD.c.survey == survey) & (SHARD.c.done.is_(False))
        connection.execute(update(SHARD).where(of).values(lease_until=0.0, epoch=SHARD.c.epoch + 1))

    def _checked(self, connection: Connection, lease: Lease) -> float:
        """The time, where the lease holds. Raises LeaseLostError."""
        wanted = select(SHARD.c.epoch, SHARD.c.lease_until).where(_is(lease.survey, lease.shard)).with_for_update()
        row = connection.execute(wanted).one()
        now = self._now(connection)
        if row.epoch != lease.epoch or row.lease_until <= now:
            raise LeaseLostError(f"shard {lease.shard} of {lease.survey}")
        return now

    def _write(self, connection: Connection, survey: str, run: int, results: tuple[StoredResult, ...]) -> None:
        if not results:
            return
        every = [rows_of(stored, survey, run) for stored in results]
        self._advise(connection, {digest: text for rows in every for digest, text in rows.advice.items()})
        inserted = connection.execute(
            insert(TARGET).returning(TARGET.c.id, sort_by_parameter_order=True), [rows.target for rows in every]
        )
        ids = inserted.scalars().all()
        for table, kind in ((SURFACE, "surfaces"), (EXPOSURE, "exposures"), (FINDING, "findings")):
            numbered = [
                row for id_, rows in zip(ids, every, strict=True) for row in with_target(getattr(rows, kind), id_)
            ]
            if numbered:
                connection.execute(insert(table), numbered)

    def _advise(self, connection: Connection, advice: dict[str, str]) -> None:
        new = [{"digest": digest, "record": text} for digest, text in sorted(advice.items())]
        if not new:
            return
        made = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
        connection.execute(made(ADVICE).on_conflict_do_nothing(), new)


def _is(survey: str, shard: int) -> ColumnElement[bool]:
    return (SHARD.c.survey == survey) & (SHARD.c.number == shard)


def _add(connection: Connection, survey: str, run: int, **counts: int) -> None:
    changed = {name: RUN.c[name] + count for name, count in counts.items()}
    connection.execute(update(RUN).where((RUN.c.survey == survey) & (RUN.c.number == run)).values(changed))
