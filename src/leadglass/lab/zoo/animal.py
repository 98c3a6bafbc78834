"""An animal is known by its name, its kind, and the target to check it by: a decorator makes one where it stands.

The name comes from the function's or the class's own, the description from the first line of its docstring.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum
from ssl import SSLContext
from typing import TypeVar

from leadglass.lab.http import Request
from leadglass.lab.zoo.caller import Caller, Gone
from leadglass.model.record import Record

Talk = Callable[[Caller], Awaitable[None]]
WebAnswer = Callable[[Request], Iterator[bytes]]
"""The bytes of one answer, part by part, perhaps without end."""

Dress = Callable[[], SSLContext]
_Thing = TypeVar("_Thing")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])|_")


class Kind(StrEnum):
    """What an animal speaks, or seems to."""

    DIMSE = "dimse"
    WEB = "web"
    TLS = "tls"


class After(StrEnum):
    """What a web animal does when its answer has ended."""

    NEXT = "next"  # reads the next request
    CLOSE = "close"  # closes the connection, without having said that it would
    HANG = "hang"  # says no more and does not close


class Animal(Record):
    """One server of the zoo; `form` is its target, with {at} for address and port.

    `talk` is one connection. `tls` makes what its listener shows of TLS, None for a listener in clear.
    """

    name: str
    kind: Kind
    description: str
    form: str
    talk: Talk
    tls: Dress | None = None


class Registry:
    """Every animal by its name, in the order in which they were written."""

    def __init__(self) -> None:
        """Empty."""
        self.animals: dict[str, Animal] = {}

    def add(self, named: object, kind: Kind, form: str, talk: Talk, tls: Dress | None = None) -> None:
        """One more. Raises ValueError for one without a description, or with another's name."""
        name = _HUMP.sub("-", getattr(named, "__name__", "")).lower().strip("-")
        description = (getattr(named, "__doc__", None) or "").strip().partition("\n")[0].rstrip(".")
        if not description:
            raise ValueError(f"the animal {name} needs a docstring that says what it does")
        if name in self.animals:
            raise ValueError(f"two animals are called {name}")
        self.animals[name] = Animal(name=name, kind=kind, description=description, form=form, talk=talk, tls=tls)


REGISTRY = Registry()


def dimse(thing: _Thing) -> _Thing:
    """Makes an animal of a function that takes a caller, or of a class whose `serve` does."""
    REGISTRY.add(thing, Kind.DIMSE, "dicom://{at}", talk_of(thing))
    return thing


def web(after: After = After.NEXT) -> Callable[[WebAnswer], WebAnswer]:
    """Makes an animal of a function that answers a request by bytes, and then goes on as `after` says."""

    def decorate(answer: WebAnswer) -> WebAnswer:
        REGISTRY.add(answer, Kind.WEB, "http://{at}", web_talk(answer, after))
        return answer

    return decorate


def tls(form: str = "dicoms://{at}") -> Callable[[Talk], Talk]:
    """Makes an animal of a function that takes a caller who wants TLS, and talks to it in clear."""

    def decorate(talk: Talk) -> Talk:
        REGISTRY.add(talk, Kind.TLS, form, talk)
        return talk

    return decorate


def dressed(talk: Talk, form: str = "dicoms://{at}") -> Callable[[Dress], Dress]:
    """Makes an animal of a function that makes what its listener shows of TLS; within it, it talks by `talk`."""

    def decorate(dress: Dress) -> Dress:
        REGISTRY.add(dress, Kind.TLS, form, talk, dress)
        return dress

    return decorate


def web_talk(answer: WebAnswer, after: After) -> Talk:
    """How a web animal talks: a request, the bytes of its answer, and so on."""

    async def talk(caller: Caller) -> None:
        while True:
            request = await caller.request()
            for part in answer(request):
                caller.send(part)
                await caller.sent()
                if caller.left:
                    raise Gone
            if after is After.HANG:
                await caller.gone()
            if after is After.CLOSE:
                caller.close()

    return talk


def talk_of(thing: object) -> Talk:
    """How an animal talks: by itself, or by a new one of its class for each caller."""
    if not isinstance(thing, type):
        return thing  # type: ignore[return-value]  # what is decorated is checked by the tests of the whole zoo

    async def talk(caller: Caller) -> None:
        await thing().serve(caller)

    return talk
