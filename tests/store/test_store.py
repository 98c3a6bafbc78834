"""What goes into a store comes out as it was, from SQLite and from PostgreSQL."""

import gc
from pathlib import Path

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from leadglass.model.snapshot import SurveyState
from leadglass.store import opening
from leadglass.store.errors import DiskFullError, HeldError, StoreError
from leadglass.store.opening import open_engine
from leadglass.store.schema import METADATA
from leadglass.store.store import Store, open_store
from tests.report import samples
from tests.store.made import AT, batch, begun, run, stored

EVERY = (
    samples.open_orthanc(),
    samples.rejecting_dcmqrscp(),
    samples.not_reached(),
    samples.nothing_found(),
    samples.budget_ended(),
    samples.sampled(),
)


def test_the_migrated_schema_is_the_one_in_the_code(where: str) -> None:
    engine = open_engine(where)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_opening_again_changes_nothing(where: str) -> None:
    with open_store(where) as store:
        begun(store)
    with open_store(where) as store:
        assert [survey.name for survey in store.surveys()] == ["one"]


def test_every_result_comes_back_as_it_was(store: Store) -> None:
    number = begun(store)
    lease = store.shards.lease("one", "me", 60, number)
    assert lease is not None
    results = [stored(n, result) for n, result in enumerate(EVERY)]
    store.shards.commit(lease, number, batch(len(results), *results))
    assert list(store.results("one")) == results
    assert sum(store.standing("one").rungs.values()) == len(results)


def test_a_store_of_an_older_version_is_brought_up_to_date(where: str) -> None:
    """What was stored before knew nothing of retrievable images; all else is there."""
    with open_store(where) as store:
        number = begun(store)
        lease = store.shards.lease("one", "me", 60, number)
        assert lease is not None
        store.shards.commit(lease, number, batch(1, stored(0, samples.budget_ended())))
        before = list(store.results("one"))
    engine = open_engine(where)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        names = {column["name"] for column in inspect(connection).get_columns("exposure")}
        assert "images_low" in names
        assert not any(name.startswith("retrievable") for name in names)
    engine.dispose()
    with open_store(where) as store:
        assert list(store.results("one")) == before


def test_results_are_read_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.store.store._READ", 2)
    number = begun(store)
    lease = store.shards.lease("one", "me", 60, number)
    assert lease is not None
    store.shards.commit(lease, number, batch(5, *(stored(n) for n in (4, 0, 2, 1, 3))))
    assert [one.position for one in store.results("one")] == [0, 1, 2, 3, 4]
    assert sorted(store.listed(lease, [1, 2, 6])) == [1, 2, 6]
    assert store.listed(lease, [6])[6].ports == (104, 11112)


def test_what_each_open_system_gives_away_is_read_once_a_system(store: Store) -> None:
    """By its most open surface: the same archive is behind several."""
    number = begun(store)
    lease = store.shards.lease("one", "me", 60, number)
    assert lease is not None
    results = (samples.open_orthanc(), samples.nothing_found(), samples.sampled(), samples.not_reached())
    store.shards.commit(lease, number, batch(4, *(stored(n, one) for n, one in enumerate(results))))
    found = list(store.exposures("one"))
    plain = [msgspec.structs.replace(one.exposure, kinds=None) for one in (results[0], results[2]) if one.exposure]
    assert found == plain
    assert [one.result.five_hundred for one in store.results("one")] == [one.five_hundred for one in results]


def test_a_name_is_taken_once(store: Store) -> None:
    begun(store)
    with pytest.raises(StoreError, match="choose another name"):
        begun(store)
    with pytest.raises(StoreError, match="did you mean one"):
        store.survey("ome")


def test_one_run_at_a_time_and_the_holder_is_named(store: Store) -> None:
    begun(store)
    store.let_go("one", "me", SurveyState.READY)
    store.take("one", "ann", 60)
    for name in ("bob", "ann"):  # two runs may have one name, and are two all the same
        with pytest.raises(HeldError, match="ann"):
            store.take("one", name, 60)
    store.take("one", "bob", 60, dead="ann")
    assert not store.keep("one", "ann", 60)
    assert store.keep("one", "bob", 60)
    store.let_go("one", "bob", SurveyState.STOPPED)
    assert store.survey("one").state is SurveyState.STOPPED
    store.take("one", "ann", 60)


def test_runs_are_numbered_and_ended(store: Store) -> None:
    assert begun(store) == 1
    assert store.start_run("one", run()) == 2
    store.end_run("one", msgspec.structs.replace(run(), number=2, ended=AT, ended_how="interrupted"))
    first, second = store.runs("one")
    assert (first.ended, second.ended, second.ended_how) == (None, AT, "interrupted")
    assert second.probes == {"dimse": 1}


def test_a_store_of_a_newer_version_is_refused(where: str) -> None:
    engine = open_engine(where)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer Leadglass"):
        open_store(where)
    gc.collect()  # a connection that was left open would tell so


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, and long enough to be looked at as one" * 9)
    with pytest.raises(StoreError, match="no store of Leadglass"):
        open_store(str(tmp_path / "text"))
    with pytest.raises(StoreError, match="is a directory"):
        open_store(str(tmp_path))
    with pytest.raises(StoreError, match="no directory"):
        open_store(str(tmp_path / "nowhere" / "store.db"))
    with pytest.raises(StoreError, match="postgresql://"):
        open_store("mysql://localhost/x")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # psycopg's, of a connection that failed
def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="does not answer") as told:
        open_store("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in str(told.value)
    gc.collect()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "s.db")) as store:
        number = begun(store)
        lease = store.shards.lease("one", "me", 60, number)
        assert lease is not None
        store.shards.commit(lease, number, batch(1, stored(0)))
        with store._engine.begin() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()

        def few_pages(connection, _record):  # type: ignore[no-untyped-def]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        from sqlalchemy import event  # noqa: PLC0415 - of this test alone

        event.listen(store._engine, "connect", few_pages)
        many = tuple(stored(n) for n in range(1, 10))
        with pytest.raises(DiskFullError, match="Make room"):
            store.shards.commit(lease, number, batch(10, *many))
        assert [one.position for one in store.results("one")] == [0]
