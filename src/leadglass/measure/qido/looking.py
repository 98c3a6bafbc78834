"""One place in a QIDO-RS list is looked at: whether a record stands there is known, and nothing of it is kept.

Cost: one request a place, which brings one record at most where the server heeds `limit`.
"""

import secrets
from collections.abc import Callable
from enum import Enum

from leadglass.measure.outcome import broken_off
from leadglass.measure.qido.records import Level, says_more, told_total, value, whole_records
from leadglass.model.record import Record
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.web import WebAnswer, WebClient

MAX_RECORD_BYTES = 65_536  # one record has about 2 kB; a server that ignores `limit` is cut off here
_NO_SUCH_PLACE = (404, 416)  # RFC 9110 15.5.5, 15.5.17
_NOT_OF_THE_PLACE = (401, 403, 407, 408, 429)  # who asks and how often, not which place was asked for


class There(Enum):
    """What stands at a place."""

    RECORD = "record"
    NOTHING = "nothing"
    REFUSED = "refused"
    """An error that may be of this place: a limit on `offset`, or the server's word for nothing."""
    UNKNOWN = "unknown"
    """No answer that tells it: asking on is of no use."""


class Look(Record):
    """`uid` is a keyed hash of the record's, `known` that it was read before.

    `told` is how many there are by the server's word, `more` that it has more than it sent.
    """

    there: There
    uid: int = 0
    known: bool = False
    why: str = ""
    told: int | None = None
    more: bool = False


class Places:
    """The places of one list, by one way."""

    def __init__(
        self,
        host: Host,
        client: WebClient,
        way: DicomwebWay,
        level: Level,
        *,
        dates: str = "",
        knows: Callable[[bytes], bool] | None = None,
    ) -> None:
        """Nothing is asked yet. `dates` narrows to a range of study dates; `knows` tells UIDs that were read."""
        self._host = host
        self._client = client
        self._way = way
        self._level = level
        self._dates = dates
        self._knows = knows
        self._salt = secrets.token_bytes(16)
        self.asked = 0
        self.busy_s = 0.0

    async def look(self, offset: int) -> Look:
        """What stands at a place. Never raises for what the peer does."""
        meter = self._host.meter
        before = meter.busy_s
        try:
            meter.check_query(Step.QUERY)
            self.asked += 1
            answer = await self._client.ask(
                self._path(offset), accept=self._way.accept, max_body_bytes=MAX_RECORD_BYTES
            )
        except StepFailed as failure:
            spent = failure.status is Status.BUDGET_SPENT
            return _unknown(broken_off(meter) if spent else f"the answers broke off: {failure.detail}")
        finally:
            self.busy_s += meter.busy_s - before
        return self._judged(answer, offset)

    def _path(self, offset: int) -> str:
        way, key = self._way, self._way.matching
        if self._dates:
            key = f"StudyDate={self._dates}"
        return f"{way.base}/{self._level.path}{way.slash}?{f'{key}&' if key else ''}limit=1&offset={offset}"

    def _judged(self, answer: WebAnswer, offset: int) -> Look:
        status = answer.status_code
        if status == 204:
            return Look(there=There.NOTHING, told=told_total(answer, offset, 0))
        if status == 200:
            return self._read(answer, offset)
        why = f"the server answered with HTTP status {status}"
        if not 400 <= status < 500 or status in _NOT_OF_THE_PLACE:
            return _unknown(why)
        return Look(there=There.NOTHING if status in _NO_SUCH_PLACE else There.REFUSED, why=why)

    def _read(self, answer: WebAnswer, offset: int) -> Look:
        """What a list holds; every record that came is counted, those too that nobody asked for."""
        listed = answer.json()
        records = listed if isinstance(listed, list) else list(whole_records(answer.body))
        received = [record for record in records if isinstance(record, dict)]
        self._host.meter.records += len(received)
        told = told_total(answer, offset, len(received))
        if len(received) > 1:
            return _unknown("the server ignores `limit`: it gave more records than were asked for")
        if not isinstance(listed, list) or len(received) < len(listed):
            return _unknown("the server gave something else than a list of records")
        if not received:
            return Look(there=There.NOTHING, told=told)
        uid = value(received[0], self._level.uid)
        if not uid.strip(b" \0"):
            return _unknown(f"the server lists something else under /{self._level.path}")
        digest = hash(self._salt + uid.rstrip(b"\0 "))
        known = self._knows is not None and self._knows(uid)
        return Look(there=There.RECORD, uid=digest, known=known, told=told, more=says_more(answer))


def _unknown(why: str) -> Look:
    return Look(there=There.UNKNOWN, why=why)
