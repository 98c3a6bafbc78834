"""The pace of a survey is allotted here and nowhere else: what its workers hold never adds up to more than all."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, select

from leadglass.model.snapshot import Allotment, SurveyState
from leadglass.store.opening import told
from leadglass.store.schema import RUN, SHARD, SURVEY, WORKER


class Workers:
    """The workers of every survey in one database. Each method is one transaction, and may raise StoreError."""

    def __init__(self, engine: Engine, now: Callable[[Connection], float]) -> None:
        """`now` gives seconds since the epoch by the store's clock."""
        self._engine = engine
        self._now = now

    def report(self, survey: str, run: int, worker: str, lease_s: float) -> Allotment:
        """A worker is there, and holds what it is given for `lease_s`.

        That is its part, or less where others have not given up what is too much: they hear of it when they report.
        The pace is for those who have shards: while none is free, a worker without one has no part in it.
        """
        with told(self._engine), self._engine.begin() as connection:
            now = self._now(connection)
            row = held(connection, survey, run)
            if row.holder != row.run_holder or row.held_until <= now:
                connection.execute(delete(WORKER).where(_is(survey, worker)))
                return Allotment(share=0.0, stop=True, over=True)
            others = self._others(connection, survey, worker, now)
            at_work = self._at_work(connection, survey, {worker, *(other.name for other in others)}, now)
            rest = 1.0 - sum(other.share for other in others)
            share = max(0.0, min(1 / len(at_work), rest)) if worker in at_work else 0.0
            connection.execute(delete(WORKER).where(_is(survey, worker)))
            connection.execute(insert(WORKER).values(survey=survey, name=worker, share=share, until=now + lease_s))
        return Allotment(share=share, stop=row.state == SurveyState.STOPPING, over=False)

    def leave(self, survey: str, worker: str) -> None:
        """A worker is gone: what it held is free."""
        with told(self._engine), self._engine.begin() as connection:
            connection.execute(delete(WORKER).where(_is(survey, worker)))

    def present(self, survey: str) -> tuple[str, ...]:
        """The workers whose time is not over."""
        with told(self._engine), self._engine.begin() as connection:
            rows = self._others(connection, survey, "", self._now(connection))
        return tuple(row.name for row in rows)

    def _at_work(self, connection: Connection, survey: str, there: set[str], now: float) -> set[str]:
        """Who of the workers that are `there` has a shard, or may have one at once."""
        unfinished = (SHARD.c.survey == survey) & (SHARD.c.done.is_(False))
        free = select(SHARD.c.number).where(unfinished & (SHARD.c.lease_until <= now)).limit(1)
        if connection.execute(free).first() is not None:
            return there
        holders = select(SHARD.c.holder).distinct().where(unfinished)
        return there & set(connection.execute(holders).scalars())

    def _others(self, connection: Connection, survey: str, worker: str, now: float) -> list[Row[Any]]:
        there = (WORKER.c.survey == survey) & (WORKER.c.name != worker) & (WORKER.c.until > now)
        return list(connection.execute(select(WORKER).where(there).order_by(WORKER.c.name)).all())


def held(connection: Connection, survey: str, run: int) -> Any:
    """The survey as it is held, with the holder that started `run`; nobody takes it over until the transaction ends."""
    mine = (RUN.c.survey == SURVEY.c.name) & (RUN.c.number == run)
    wanted = select(SURVEY.c.holder, SURVEY.c.held_until, SURVEY.c.state, RUN.c.holder.label("run_holder"))
    joined = wanted.join(RUN, mine).where(SURVEY.c.name == survey)
    return connection.execute(joined.with_for_update(of=SURVEY)).one()


def forget_local(connection: Connection, survey: str, holder: str) -> None:
    """The processes that work beside a holder that is gone are gone with it: they have its name with their numbers."""
    local = WORKER.c.name.startswith(f"{holder.rpartition(', process ')[0]}, process ", autoescape=True)
    connection.execute(delete(WORKER).where((WORKER.c.survey == survey) & local))


def _is(survey: str, worker: str) -> ColumnElement[bool]:
    return (WORKER.c.survey == survey) & (WORKER.c.name == worker)
