"""How one DIMSE service is reached, by `probe` and `measure` alike: one association at a time, asked for at need."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import msgspec

from leadglass.model.facts import Query
from leadglass.model.words import Status, Step
from leadglass.net.associate import Rejected, associate, request
from leadglass.net.dialogue import QUERY_SYNTAXES, Dialogue
from leadglass.net.ends import FindEnd
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.wire.elements import DataSet
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import AssociateRequest
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND

MODEL_NAMES = {STUDY_ROOT_FIND: "study-root", PATIENT_ROOT_FIND: "patient-root"}
_TRANSIENT = 2  # PS3.8 Table 9-21: rejected for the moment


class Line:
    """A port of a host under one called AE title."""

    def __init__(self, host: Host, port: int, *, tls: bool, called_ae_title: str) -> None:
        """Opens nothing."""
        self.host = host
        self.port = port
        self.tls = tls
        self.called_ae_title = called_ae_title
        self.offer: Offer | None = None

    @asynccontextmanager
    async def associate(
        self,
        sop_classes: tuple[str, ...],
        syntaxes: tuple[str, ...] = QUERY_SYNTAXES,
        within_s: float | None = None,
    ) -> AsyncIterator[Dialogue]:
        """An association that proposes `sop_classes`, answered `within_s`. Raises StepFailed, Rejected where it was.

        Where the server is busy for the moment, and says so, it is asked again after a while, and after a longer one.
        """
        asked = request(self.called_ae_title, [(uid, syntaxes) for uid in sop_classes])
        async with AsyncExitStack() as stack:
            yield await self._open(stack, asked, within_s)

    async def _open(self, stack: AsyncExitStack, asked: AssociateRequest, within_s: float | None) -> Dialogue:
        for wait_s in (*self.host.timing.again_s, None):
            self.offer = Offer() if self.tls else None
            tls = self.offer.context if self.offer else None
            try:
                return await stack.enter_async_context(associate(self.host, self.port, asked, tls, within_s))
            except Rejected as rejected:
                if wait_s is None or rejected.rejection.result != _TRANSIENT:
                    raise
                await asyncio.sleep(wait_s)
        raise LocalError("an association that was neither opened nor refused")


class Questions:
    """One C-FIND after another in one context; an association that a question ended is asked for anew.

    Use inside `questions`.
    """

    def __init__(self, line: Line, sop_class_uid: str, model: str) -> None:
        """`model` names the information model in facts."""
        self.line = line
        self.sop_class_uid = sop_class_uid
        self.model = model
        self.asked: list[Query] = []
        self.out_of_budget = False
        """Whether the last question was ended, or kept from being asked, by the budget."""
        self._open: AbstractAsyncContextManager[Dialogue] | None = None
        self._dialogue: Dialogue | None = None

    async def ask(self, level: str, keys: str, identifier: DataSet, take: Callable[[bytes, bool], bool]) -> FindEnd:
        """One question; `take` gets each record and whether it is in Explicit VR. Never raises for the peer.

        `keys` tells in the facts what was asked, without values of records.
        """
        try:
            dialogue = await self._ready()
            context = dialogue.context(self.sop_class_uid)
            explicit = context is not None and context[1]
            end = await dialogue.find(self.sop_class_uid, identifier, _reading(take, explicit))
        except StepFailed as failure:
            end = FindEnd(status=failure.status, records=0, detail=failure.detail, asked=False)
        self.out_of_budget = end.status is Status.BUDGET_SPENT
        self._note(level, keys, end)
        return end

    def _note(self, level: str, keys: str, end: FindEnd) -> None:
        """Questions of one kind with one outcome become one fact, however often they were asked."""
        query = Query(
            model=self.model,
            level=level,
            keys=keys,
            status=end.status,
            records=end.records,
            dimse_status=None if end.dimse_status is None else f"{end.dimse_status:04X}",
            detail=end.detail,
        )
        for index, known in enumerate(self.asked):
            if msgspec.structs.replace(known, records=0, times=1) == msgspec.structs.replace(query, records=0):
                self.asked[index] = msgspec.structs.replace(
                    known, records=known.records + query.records, times=known.times + 1
                )
                return
        self.asked.append(query)

    async def close(self) -> None:
        """Releases the association that is open."""
        if self._open is not None:
            opened, self._open, self._dialogue = self._open, None, None
            await opened.__aexit__(None, None, None)

    async def _ready(self) -> Dialogue:
        if self._dialogue is not None and self._dialogue.alive:
            return self._dialogue
        await self.close()
        self.line.host.meter.check_query(Step.QUERY)  # or an association would be opened for nothing
        opened = self.line.associate((self.sop_class_uid,))
        self._dialogue = await opened.__aenter__()
        self._open = opened
        return self._dialogue


def first_only(data: bytes, explicit: bool) -> bool:
    """Takes a record that only its coming tells about, and asks for no more."""
    return False


def _reading(take: Callable[[bytes, bool], bool], explicit: bool) -> Callable[[bytes], bool]:
    """Reads records as agreed, and in the other VR once where a server does not keep to it."""

    def read(data: bytes) -> bool:
        nonlocal explicit
        try:
            return take(data, explicit)
        except PeerError:
            go_on = take(data, not explicit)
            explicit = not explicit
            return go_on

    return read


@asynccontextmanager
async def questions(line: Line, sop_class_uid: str, model: str) -> AsyncIterator[Questions]:
    """Questions whose last association is released whatever happens."""
    asking = Questions(line, sop_class_uid, model)
    try:
        yield asking
    finally:
        await asking.close()
