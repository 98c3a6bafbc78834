"""Surveys and their runs: who holds one, how far it has come, and what it found."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import groupby, islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, Table, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from leadglass.model.exposure import Exposure
from leadglass.model.snapshot import Lease, Listed, NewSurvey, RunRow, Standing, StoredResult, SurveyRow, SurveyState
from leadglass.model.words import Rung
from leadglass.store.errors import HeldError, StoreError
from leadglass.store.opening import open_engine, shown, told
from leadglass.store.rows import exposure_of, labels_json, labels_of, result_of
from leadglass.store.schema import ADVICE, EXPOSURE, FINDING, LISTED, RUN, SHARD, SURFACE, SURVEY, TARGET
from leadglass.store.shards import Shards
from leadglass.store.workers import Workers, forget_local

_AT_ONCE = 10_000  # rows that are written together
_READ = 500  # targets that are read together


def open_store(where: str, clock: Callable[[], float] = time.time) -> "Store":
    """The store at a path or address, made where there is none. Raises StoreError.

    `clock` gives seconds since the epoch for SQLite; PostgreSQL has its own.
    """
    return Store(open_engine(where), shown(where), clock)


class Store:
    """One database. Each method is one transaction; each raises StoreError where the database does not do its part."""

    def __init__(self, engine: Engine, name: str, clock: Callable[[], float]) -> None:
        """Made by `open_store`; `name` holds no password."""
        self.name = name
        self._engine = engine
        self._reading = engine.execution_options(reading=True)
        self._clock = clock
        self.shards = Shards(engine, self._now)
        self.workers = Workers(engine, self._now)

    def __enter__(self) -> "Store":
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Lets go of the database."""
        self._engine.dispose()

    def _now(self, connection: Connection) -> float:
        if connection.dialect.name == "sqlite":
            return self._clock()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def create(self, new: NewSurvey, shards: Iterable[tuple[int, int]], listed: Iterable[Listed]) -> None:
        """A survey with its shards and what was named one by one. Raises StoreError where its name is taken."""
        with told(self._engine), self._engine.begin() as connection:
            try:
                values = msgspec.structs.asdict(new)
                connection.execute(insert(SURVEY).values(**values, state="ready", held_until=0.0))
            except IntegrityError:
                raise StoreError(f"there is a survey {new.name} in {self.name} already: choose another name") from None
            numbered = (
                {
                    "survey": new.name,
                    "number": number,
                    "first": first,
                    "last": last,
                    "low": first,
                    "high": first,
                    "above": b"",
                    "tallies": b"{}",
                    "completed": 0,
                    "done": False,
                    "epoch": 0,
                    "lease_until": 0.0,
                }
                for number, (first, last) in enumerate(shards)
            )
            _insert(connection, SHARD, numbered)
            rows = (
                {
                    "survey": new.name,
                    "number": one.number,
                    "target": one.target,
                    "labels": labels_json(one.labels),
                    "ports": ",".join(map(str, one.ports)),
                }
                for one in listed
            )
            _insert(connection, LISTED, rows)

    def surveys(self) -> tuple[SurveyRow, ...]:
        """All of them, the oldest first."""
        with told(self._engine), self._reading.begin() as connection:
            rows = connection.execute(select(SURVEY).order_by(SURVEY.c.created, SURVEY.c.name)).all()
        return tuple(map(_survey_of, rows))

    def survey(self, name: str) -> SurveyRow:
        """One of them. Raises StoreError where there is none of that name."""
        with told(self._engine), self._reading.begin() as connection:
            row = connection.execute(select(SURVEY).where(SURVEY.c.name == name)).one_or_none()
            names = connection.execute(select(SURVEY.c.name)).scalars().all() if row is None else ()
        if row is None:
            near = get_close_matches(name, names, n=1)
            meant = f": did you mean {near[0]}?" if near else ""
            raise StoreError(f"there is no survey {name} in {self.name}{meant}")
        return _survey_of(row)

    def take(self, name: str, holder: str, hold_s: float, *, dead: str | None = None) -> None:
        """Holds a survey for `hold_s`: one run at a time. Raises HeldError where one has it, of whatever name.

        `dead` is a holder of this machine that is known to be gone: its hold counts no more, and its workers are gone
        too. All leases of the survey end.
        """
        with told(self._engine), self._engine.begin() as connection:
            now = self._now(connection)
            held = connection.execute(select(SURVEY).where(SURVEY.c.name == name).with_for_update()).one()
            if held.holder not in (None, dead) and held.held_until > now:
                raise HeldError(name, held.holder, held.held_until - now)
            values = {"holder": holder, "held_until": now + hold_s, "state": SurveyState.RUNNING.value}
            connection.execute(update(SURVEY).where(SURVEY.c.name == name).values(**values))
            self.shards.end_all(connection, name)
            if dead is not None:
                forget_local(connection, name, dead)

    def keep(self, name: str, holder: str, hold_s: float) -> bool:
        """Holds on; False where somebody else has the survey by now."""
        with told(self._engine), self._engine.begin() as connection:
            mine = (SURVEY.c.name == name) & (SURVEY.c.holder == holder)
            kept = connection.execute(update(SURVEY).where(mine).values(held_until=self._now(connection) + hold_s))
        return kept.rowcount == 1

    def end_soon(self, name: str, holder: str) -> None:
        """Its workers hear that they are to end what they have begun."""
        with told(self._engine), self._engine.begin() as connection:
            mine = (SURVEY.c.name == name) & (SURVEY.c.holder == holder)
            connection.execute(update(SURVEY).where(mine).values(state=SurveyState.STOPPING.value))

    def let_go(self, name: str, holder: str, state: SurveyState) -> None:
        """Ends the hold."""
        with told(self._engine), self._engine.begin() as connection:
            mine = (SURVEY.c.name == name) & (SURVEY.c.holder == holder)
            connection.execute(update(SURVEY).where(mine).values(holder=None, held_until=0.0, state=state.value))
            forget_local(connection, name, holder)

    def start_run(self, name: str, run: RunRow) -> int:
        """A run begins; its number, counted from 1. The number in `run` is not looked at."""
        with told(self._engine), self._engine.begin() as connection:
            most = connection.execute(select(func.max(RUN.c.number)).where(RUN.c.survey == name)).scalar()
            number = (most or 0) + 1
            values = {
                **msgspec.structs.asdict(run),
                "number": number,
                "probes": msgspec.json.encode(run.probes).decode(),
            }
            connection.execute(insert(RUN).values(survey=name, **values))
        return number

    def end_run(self, name: str, run: RunRow) -> None:
        """A run is over: its `ended` and `ended_how` are kept."""
        with told(self._engine), self._engine.begin() as connection:
            mine = (RUN.c.survey == name) & (RUN.c.number == run.number)
            connection.execute(update(RUN).where(mine).values(ended=run.ended, ended_how=run.ended_how))

    def runs(self, name: str) -> tuple[RunRow, ...]:
        """The runs of a survey in their order."""
        with told(self._engine), self._reading.begin() as connection:
            rows = connection.execute(select(RUN).where(RUN.c.survey == name).order_by(RUN.c.number)).all()
        return tuple(map(_run_of, rows))

    def listed(self, lease: Lease, numbers: Sequence[int]) -> dict[int, Listed]:
        """What was named one by one, by its number."""
        found: dict[int, Listed] = {}
        with told(self._engine), self._reading.begin() as connection:
            for start in range(0, len(numbers), _READ):
                wanted = LISTED.c.number.in_(numbers[start : start + _READ])
                for row in connection.execute(select(LISTED).where((LISTED.c.survey == lease.survey) & wanted)):
                    ports = tuple(map(int, filter(None, row.ports.split(","))))
                    labels = labels_of(row.labels)
                    found[row.number] = Listed(number=row.number, target=row.target, labels=labels, ports=ports)
        return found

    def standing(self, name: str) -> Standing:
        """How far a survey has come."""
        with told(self._engine), self._reading.begin() as connection:
            of = SHARD.c.survey == name
            sums = select(
                func.sum(SHARD.c.last - SHARD.c.first),
                func.sum(SHARD.c.completed),
                func.count().filter(SHARD.c.done.is_(False)),
            )
            positions, done, left = connection.execute(sums.where(of)).one()
            counted = select(TARGET.c.proof, func.count()).where(TARGET.c.survey == name).group_by(TARGET.c.proof)
            rungs = {row[0]: row[1] for row in connection.execute(counted)}
        return Standing(positions=int(positions or 0), done=int(done or 0), shards_left=left, rungs=rungs)

    def tallies(self, name: str) -> Iterator[bytes]:
        """What each shard counted where nothing listens: JSON of the `survey` room."""
        with told(self._engine), self._reading.begin() as connection:
            for row in connection.execute(select(SHARD.c.tallies).where(SHARD.c.survey == name)):
                yield bytes(row.tallies)

    def exposures(self, name: str) -> Iterator[Exposure]:
        """What each system that shows records gives away, by its most open surface, without the kinds of data."""
        open_ = TARGET.c.proof.in_([rung.value for rung in Rung if rung.at_least(Rung.READABLE)])
        wanted = (
            select(EXPOSURE)
            .join(TARGET, TARGET.c.id == EXPOSURE.c.target_id)
            .join(SURFACE, (SURFACE.c.target_id == TARGET.c.id) & (SURFACE.c.number == EXPOSURE.c.surface))
            .where((TARGET.c.survey == name) & open_ & (SURFACE.c.proof == TARGET.c.proof))
            .order_by(EXPOSURE.c.target_id)
        )
        with told(self._engine), self._reading.begin() as connection:
            for _, rows in groupby(connection.execute(wanted), key=lambda row: row.target_id):
                yield max(map(exposure_of, rows), key=lambda one: (one.weight, one.told))

    def results(self, name: str) -> Iterator[StoredResult]:
        """Every result in the order of its position, a few hundred in memory at a time."""
        after = -1
        while True:
            with told(self._engine), self._reading.begin() as connection:
                part = list(_results(connection, name, after))
            yield from part
            if len(part) < _READ:
                return
            after = part[-1].position


def _survey_of(row: Any) -> SurveyRow:
    values = {field: getattr(row, field) for field in SurveyRow.__struct_fields__}
    return SurveyRow(**{**values, "state": SurveyState(row.state), "plan": bytes(row.plan)})


def _run_of(row: Any) -> RunRow:
    values = {field: getattr(row, field) for field in RunRow.__struct_fields__}
    return RunRow(**{**values, "probes": msgspec.json.decode(row.probes), "settings": bytes(row.settings)})


def _results(connection: Connection, name: str, after: int) -> Iterator[StoredResult]:
    wanted = (TARGET.c.survey == name) & (TARGET.c.position > after)
    targets = connection.execute(select(TARGET).where(wanted).order_by(TARGET.c.position).limit(_READ)).all()
    ids = [target.id for target in targets]
    surfaces = _by_target(connection.execute(_of(SURFACE, ids).order_by(SURFACE.c.number)))
    exposures = _by_target(connection.execute(_of(EXPOSURE, ids)))
    advised = select(FINDING, ADVICE.c.record.label("text")).join(ADVICE, ADVICE.c.digest == FINDING.c.advice)
    findings = _by_target(connection.execute(advised.where(FINDING.c.target_id.in_(ids)).order_by(FINDING.c.number)))
    for target in targets:
        judged = [(row, row.text) for row in findings.get(target.id, ())]
        yield result_of(target, surfaces.get(target.id, ()), exposures.get(target.id, ()), judged)


def _of(table: Table, ids: list[int]) -> Select[Any]:
    return select(table).where(table.c.target_id.in_(ids))


def _by_target(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.target_id, []).append(row)
    return found


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    remaining = iter(rows)
    while part := list(islice(remaining, _AT_ONCE)):
        connection.execute(insert(table), part)
