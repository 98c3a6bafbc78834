"""Runs `leadglass ARGUMENTS` with one place broken: `python crashing.py PLACE ARGUMENTS`.

Every place but `nowhere` raises an exception whose message is a patient's record, as a bug might; `leak` logs one,
which the search must find.
"""

import logging
import sys
from collections.abc import Callable
from typing import Any

from leadglass.cli.app import run
from leadglass.measure.drawn import Drawn
from leadglass.measure.kinds.classify import Classified
from leadglass.measure.retrieving.lots import Lots
from leadglass.measure.sampling.asking import Asker
from leadglass.measure.tally import Tally
from leadglass.net.empty_handed import Asked
from leadglass.net.stream import Stream
from leadglass.net.web import WebAnswer
from leadglass.probe.reading import Seen
from leadglass.report import document, page, terminal
from leadglass.wire.picker import Picker

_last: list[bytes] = [b"nothing was read"]


def _record() -> str:
    return repr(_last[-1])


def _then(owner: Any, name: str, after: Callable[[Any], None]) -> None:
    """Calls the original with its arguments, then `after` with the first of them."""
    original = getattr(owner, name)

    def patched(self: Any, *arguments: Any, **named: Any) -> Any:
        result = original(self, *arguments, **named)
        after(arguments[0] if arguments else self)
        return result

    setattr(owner, name, patched)


def _raising(kind: type[BaseException]) -> Callable[[Any], None]:
    def raise_it(value: Any) -> None:
        raise kind(repr(value))

    return raise_it


def _report(*_: Any, **__: Any) -> str:
    raise RuntimeError(_record())


def _sampled(_: Any) -> None:
    raise RuntimeError(_record())


def _group(value: Any) -> None:
    raise ExceptionGroup(repr(value), [ValueError(repr(value)), KeyError(value)])


def _collected(self: Any) -> None:
    raise ValueError(_record())


def _leak(value: Any) -> None:
    logging.getLogger("leadglass.measure").debug("counting %s", value)


def _break(place: str) -> None:
    _then(Picker, "pick", _last.append)
    match place:
        case "pick":
            _then(Picker, "pick", _raising(RuntimeError))
        case "pick-group":
            _then(Picker, "pick", _group)
        case "pick-interrupted":
            _then(Picker, "pick", _raising(KeyboardInterrupt))
        case "pick-exit":
            _then(Picker, "pick", _raising(MemoryError))
        case "tally":
            _then(Tally, "patient", _raising(ValueError))
        case "seen":
            _then(Seen, "take", _raising(KeyError))
        case "stream":
            _then(Stream, "data_received", _raising(RuntimeError))
        case "web":
            _then(WebAnswer, "json", _raising(RuntimeError))
        case "kinds":
            _then(Classified, "take", _raising(RuntimeError))
        case "drawn":
            _then(Drawn, "draw", lambda _: _then(Drawn, "keys", lambda drawn: _raising(LookupError)(drawn._keys)))
        case "lots":
            _then(Lots, "drawn", lambda lots: _raising(IndexError)([one.study for one in lots._few or lots._places]))
        case "asked":
            _then(Asked, "identifier", lambda asked: _raising(AttributeError)((asked._study, asked._image)))
        case "sampled":
            _then(Asker, "unit", _sampled)
        case "collected":
            Seen.__del__ = _collected  # type: ignore[attr-defined]
        case "report":
            for module in (document, page, terminal):
                module.render = _report  # type: ignore[attr-defined]
        case "leak":
            _then(Tally, "patient", _leak)


if __name__ == "__main__":
    _break(sys.argv.pop(1))
    run()
