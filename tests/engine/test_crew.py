"""Whoever works on a survey, it comes to the same: several processes, or a cluster that loses workers on the way."""

import signal
import subprocess
from pathlib import Path

import pytest

from leadglass.store.store import Store, open_store
from leadglass.survey.engine.cluster import Cluster, ClusterAddress, ClusterError
from tests.engine.cluster import all_of_cluster, cluster
from tests.engine.world import ENVIRONMENT, SMALL, begun, command, document, found, true_summary, truth, typed
from tests.peers.certificates import certificate
from tests.peers.process import free_port

LEASE = ("--lease", "3")


@pytest.mark.usefixtures("_world")
def test_several_processes_come_to_the_same_and_one_may_be_killed(tmp_path: Path) -> None:
    store = begun(tmp_path, pace="400", most_studies=SMALL)
    words = command("run", "one", "--store", store, "--workers", "3", *LEASE)
    running = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    with open_store(store) as kept:
        killed = until_at_work(kept, 3)[1]
        subprocess.run(["kill", "-KILL", killed.rpartition(" ")[2]], check=True)
    _, told = running.communicate(timeout=120)
    assert running.returncode == 0, told
    assert "a worker is gone" in told
    assert found(store) == true_summary(truth(SMALL), newer_probe=True)


@pytest.mark.usefixtures("_world")
def test_processes_end_with_the_one_that_leads(tmp_path: Path) -> None:
    store = begun(tmp_path, pace="100", most_studies=SMALL)
    running = subprocess.Popen(
        command("run", "one", "--store", store, "--workers", "2"), env=ENVIRONMENT, stderr=subprocess.DEVNULL
    )
    with open_store(store) as kept:
        numbers = [int(name.rpartition(" ")[2]) for name in until_at_work(kept, 2)]
        running.kill()
        running.wait()
        while any(Path(f"/proc/{number}").exists() for number in numbers):
            pass
    done = typed("status", "one", "--store", store)
    assert "not ended" in done.stdout


@pytest.mark.usefixtures("_world")
def test_ctrl_c_ends_several_processes_too(tmp_path: Path) -> None:
    store = begun(tmp_path, pace="300", most_studies=SMALL)
    words = command("run", "one", "--store", store, "--workers", "2")
    running = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    with open_store(store) as kept:
        until_at_work(kept, 2)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
        assert running.returncode == 130, told
        assert "a worker is gone" not in told
        assert kept.workers.present("one") == ()
        assert 0 < kept.standing("one").done < kept.standing("one").positions


@pytest.mark.usefixtures("_world")
def test_workers_of_a_cluster_reach_a_file_through_the_run(tmp_path: Path) -> None:
    store = begun(tmp_path, most_studies=SMALL)
    with cluster(tmp_path, 2) as (address, _):
        done = typed("run", "one", "--store", store, "--cluster", address)
    assert done.returncode == 0, done.stderr
    assert found(store) == true_summary(truth(SMALL), newer_probe=True)


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    store = begun(tmp_path, most_studies=SMALL)
    done = typed("run", "one", "--store", store, "--cluster", f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 2, done.stderr
    assert "no scheduler answers at tcp://127.0.0.1:" in done.stderr
    assert f"To go on: leadglass survey resume one --store {store}" in done.stderr
    with open_store(store) as kept:
        assert (kept.survey("one").holder, kept.runs("one")[0].ended_how) == (None, "failed")


@pytest.mark.usefixtures("_world")
def test_a_scheduler_that_is_lost_on_the_way_is_told_and_the_survey_goes_on(tmp_path: Path) -> None:
    store, status_file = begun(tmp_path, pace="300", most_studies=SMALL), tmp_path / "status.json"
    with all_of_cluster(tmp_path, 1) as (address, scheduler, _):
        words = command("run", "one", "--store", store, "--cluster", address, "--status-file", str(status_file))
        running = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        with open_store(store) as kept:
            until_at_work(kept, 1)
        scheduler.kill()
        _, told = running.communicate(timeout=60)
    assert running.returncode == 73, told
    assert "does not answer any more: what was written until now is safe" in " ".join(told.split())
    assert f"To go on: leadglass survey resume one --store {store}" in told
    assert document(status_file.read_text())["state"] == "failed"
    done = typed("resume", "one", "--store", store)
    assert done.returncode == 0, done.stderr
    assert found(store) == true_summary(truth(SMALL), newer_probe=True)


@pytest.mark.peers
@pytest.mark.usefixtures("_world")
def test_a_cluster_comes_to_the_same_with_a_worker_killed_and_one_frozen_past_its_lease(
    tmp_path: Path, where: str
) -> None:
    """Three workers that write to PostgreSQL, and are spoken to over TLS with certificates on both sides."""
    both, key = certificate(tmp_path / "tls")
    dask = ("--tls-ca-file", str(both), "--tls-cert", str(both), "--tls-key", str(key))
    files = ("--tls-ca", str(both), "--tls-cert", str(both), "--tls-key", str(key))
    store = begun(tmp_path, store=where, pace="250")
    with cluster(tmp_path, 3, *dask) as (address, workers):
        words = command("run", "one", "--store", store, "--cluster", address, *files, *LEASE)
        running = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        with open_store(store) as kept:
            until_at_work(kept, 3)
            workers[0].kill()
            workers[1].send_signal(signal.SIGSTOP)
            while len(kept.workers.present("one")) > 1:
                pass
            workers[1].send_signal(signal.SIGCONT)
            _, told = running.communicate(timeout=120)
            assert running.returncode == 0, told
            assert "is gone: the others take over what it had" in told
            assert len(kept.runs("one")) == 1
    assert found(store) == true_summary(truth(), newer_probe=True)
    exported = typed("export", "one", "-o", str(tmp_path / "rows"), "--format", "ndjson", "--store", store)
    assert exported.returncode == 0, exported.stderr
    assert len((tmp_path / "rows").read_text().splitlines()) == 71


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://192.0.2.1:8786", "runs anybody's code"),
        ("tcp://[2001:db8::1]:8786", "runs anybody's code"),
        ("tcp://scheduler:8786", "runs anybody's code"),
        ("tls://192.0.2.1:8786", "both sides prove who they are"),
        ("192.0.2.1", "write tls://HOST:PORT"),
        ("tls://192.0.2.1", "write tls://HOST:PORT"),
    ],
)
def test_a_cluster_in_clear_off_loopback_is_refused(address: str, told: str) -> None:
    with pytest.raises(ClusterError, match=told):
        Cluster(ClusterAddress(address=address), None)


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    store = begun(tmp_path, most_studies=SMALL)
    for words, told in (
        (("--cluster", "tcp://localhost:1", "--workers", "2"), "leave one of the two out"),
        (("--tls-ca", "x"), "are of --cluster"),
    ):
        done = typed("run", "one", "--store", store, *words)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr


def until_at_work(kept: Store, number: int) -> tuple[str, ...]:
    """The workers, once there are so many and all of them have found something to do."""
    while True:
        present = kept.workers.present("one")
        if len(present) == number and kept.runs("one")[-1].contacts > 30 * number:
            return present
