"""Machines of a dask cluster work on one run: each of its workers does the duty that a process here would do.

A scheduler runs whatever code it is handed: off loopback it is spoken to over TLS, with certificates on both sides.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec

from leadglass.model.record import Record
from leadglass.model.target import literal_address
from leadglass.store.errors import ConnectionLostError
from leadglass.store.store import Store
from leadglass.survey.engine.cluster_worker import Letters, at_worker
from leadglass.survey.engine.crew import Ending, WorkersLostError
from leadglass.survey.engine.desk import Post
from leadglass.survey.engine.remote import answer

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_S = 10.0
_LOOK_S = 1.0  # between two looks at who has come, gone or ended
_log = logging.getLogger(__name__)


class ClusterError(ValueError):
    """A cluster that cannot be used as asked; the message says what to do."""


class ClusterAddress(Record):
    """A scheduler, and the files that prove both sides to each other; `ca` signs everyone's certificate."""

    address: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def checked(self) -> "ClusterAddress":
        """The same. Raises ClusterError where it is no address, or a way that anybody else could take too."""
        scheme, separator, rest = self.address.partition("://")
        host, colon, port = rest.rpartition(":")
        if scheme not in {"tcp", "tls"} or not separator or not colon or not port.isdigit() or not host:
            raise ClusterError(f"{self.address} is no scheduler: write tls://HOST:PORT")
        files = (self.ca, self.certificate, self.key)
        if scheme == "tls" and not all(files):
            raise ClusterError("tls:// needs --tls-ca, --tls-cert and --tls-key: both sides prove who they are")
        for file in files:
            if file is not None and not file.is_file():
                raise ClusterError(f"there is no file {file}")
        address = literal_address(host.strip("[]"))
        if scheme == "tcp" and host != "localhost" and (address is None or not address.is_loopback):
            raise ClusterError(
                "tcp:// is for loopback alone, since a scheduler in clear runs anybody's code: start it with "
                "--tls-ca-file, --tls-cert and --tls-key, and write tls://HOST:PORT"
            )
        return self


class Cluster:
    """Every worker of a dask cluster, those that come later too."""

    def __init__(self, cluster: ClusterAddress, where: str | None) -> None:
        """`where` is the address of a store that workers open by themselves, None where they ask this process for it.

        Raises ClusterError.
        """
        self._cluster, self._where = cluster.checked(), where

    async def work(self, store: Store, post: Post, stop: asyncio.Event) -> None:
        """See `Crew`. Raises ClusterError where no scheduler answers, ConnectionLostError where it does no longer."""
        async with AsyncExitStack() as stack:
            stack.enter_context(self._lost())
            client = await self._connected(stack)
            mail = f"leadglass-{uuid4().hex}"
            answering = asyncio.get_running_loop().create_task(_answer(client, mail, store))
            try:
                await _Following(client, mail, self._where, post, store).until_done(stop, answering)
            finally:
                answering.cancel()
                await asyncio.gather(answering, return_exceptions=True)

    async def _connected(self, stack: AsyncExitStack) -> "Client":
        try:
            client: Client = await stack.enter_async_context(self._client())
        except OSError:
            proof = " and that --tls-ca signs its certificate" if self._cluster.ca is not None else ""
            raise ClusterError(
                f"no scheduler answers at {self._cluster.address}: see that it runs there (dask scheduler){proof}"
            ) from None
        return client

    @contextmanager
    def _lost(self) -> Iterator[None]:
        """Whatever dask says of a connection that is gone (each is an OSError) becomes words that say what to do."""
        try:
            yield
        except OSError:
            raise ConnectionLostError(
                f"the scheduler {self._cluster.address} does not answer any more: what was written until now is safe. "
                "See that it runs and that its workers are there, then resume"
            ) from None

    def _client(self) -> Any:
        try:
            from distributed import Client, Security  # noqa: PLC0415 - an extra, and slow to import
        except ModuleNotFoundError:
            raise ClusterError("a cluster needs a further package: pip install 'leadglass[cluster]'") from None
        security = None
        if self._cluster.ca is not None:
            security = Security(
                tls_ca_file=str(self._cluster.ca),
                tls_client_cert=str(self._cluster.certificate),
                tls_client_key=str(self._cluster.key),
                require_encryption=True,
            )
        options = {"timeout": _CONNECT_S, "asynchronous": True, "set_as_default": False}
        return Client(self._cluster.address, security=security, **options)


class _Following:
    """Hands the work to whoever is there, and follows it to its end."""

    def __init__(self, client: "Client", mail: str, where: str | None, post: Post, store: Store) -> None:
        self._client, self._mail, self._where, self._post, self._store = client, mail, where, post, store
        self._given: dict[str, Future | None] = {}  # None: it failed, and is given nothing any more
        self._failed = ""

    async def until_done(self, stop: asyncio.Event, answering: "asyncio.Task[None]") -> None:
        ending = Ending(self._store, self._post.survey, asyncio.get_running_loop().time)
        told = False
        while True:
            await self._follow(set(await self._client.nthreads()))
            at_work = any(future is not None for future in self._given.values())
            if await ending.reached(stop=stop.is_set(), at_work=at_work):
                return
            if not at_work and self._failed:
                raise WorkersLostError(self._failed)
            if not at_work and not told:
                told = True
                _log.warning("the cluster has no worker: waiting for one (dask worker SCHEDULER)")
            await asyncio.wait((answering,), timeout=_LOOK_S)
            if answering.done():
                answering.result()

    async def _follow(self, present: set[str]) -> None:
        for worker, future in list(self._given.items()):
            if worker not in present:
                del self._given[worker]
                if future is not None and not future.done():
                    await future.cancel(force=True)
                    _log.warning("the worker %s is gone: the others take over what it had", worker)
            elif future is not None and future.done():
                self._given[worker] = None
                failure = await future.exception() if future.status == "error" else None
                if failure is not None:
                    self._failed = f"the worker {worker} failed: {failure}"
                    _log.warning("%s", self._failed)
        for worker in sorted(present - self._given.keys()):
            box = f"{self._mail}-{uuid4().hex}"
            self._given[worker] = self._client.submit(
                at_worker,
                Letters(questions=self._mail, answers=box),
                self._where,
                msgspec.json.encode(self._post),
                key=box,
                workers=[worker],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )


async def _answer(client: "Client", mail: str, store: Store) -> None:
    """Answers the workers' letters, one after another: the store has one writer."""
    from distributed import Queue  # noqa: PLC0415 - an extra

    questions = await Queue(mail, client=client)
    while True:
        box, number, asked = await questions.get()
        said = await asyncio.to_thread(answer, store, bytes(asked))
        answers = await Queue(box, client=client)
        await answers.put((number, said))
