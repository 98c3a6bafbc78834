"""A laptop that was closed for an hour holds no lease any more, and knows it before it connects to anybody."""

import inspect
import time

import pytest

from leadglass.model.snapshot import Lease, Progress
from leadglass.net.errors import StepFailed
from leadglass.survey.engine.lease_clock import lease_seconds
from leadglass.survey.engine.share import Share
from leadglass.survey.engine.worker import Worker


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux has the clock")
def test_a_lease_ends_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = inspect.signature(Worker).parameters["seconds"].default
    progress = Progress(low=0, high=0)
    lease = Lease(survey="one", shard=0, first=0, last=9, epoch=1, holder="me", until=0, progress=progress)
    share = Share(lease, seconds() + 30, seconds)
    share.check()
    real, asleep = time.clock_gettime, 3600.0
    monkeypatch.setattr(time, "clock_gettime", lambda clock: real(clock) + asleep * (clock == time.CLOCK_BOOTTIME))
    with pytest.raises(StepFailed):
        share.check()


def test_the_clock_goes_on() -> None:
    first = lease_seconds()
    assert 0 <= lease_seconds() - first < 60
