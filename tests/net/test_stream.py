"""Every wait of a connection has its own deadline, the later ones and the earlier ones."""

import asyncio

import pytest

from leadglass.model.scope import Budget
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.meter import Meter
from leadglass.net.stream import Stream


def test_an_earlier_deadline_after_a_later_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(asyncio.TimerHandle, "when")  # uvloop's that end at once have none

    async def waits() -> tuple[bytes, float]:
        loop = asyncio.get_running_loop()
        stream = Stream(Meter(Budget()), loop)
        loop.call_later(0.01, stream.data_received, b"one")
        first = await stream.read(loop.time() + 60, Step.QUERY)
        begun = loop.time()
        with pytest.raises(StepFailed) as failure:
            await stream.read(loop.time() + 0.05, Step.QUERY)
        assert failure.value.status is Status.IO_TIMEOUT
        return first, loop.time() - begun

    first, took_s = asyncio.run(waits())
    assert first == b"one"
    assert 0.05 <= took_s < 30
