"""One helper feeds every message whole, byte by byte, with a tail, cut at every offset, mutated and round-tripped."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import msgspec

from leadglass.wire.association import Association, Event
from leadglass.wire.errors import PeerError
from leadglass.wire.pdu import Abort
from leadglass.wire.pdu_codec import encode_pdu

_NUMBERS = (b"\0", b"\xff", b"\0\0", b"\xff\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xfe\xff\x00\xe0")


class Parser(msgspec.Struct, frozen=True, kw_only=True):
    """A function that reads what others wrote: samples of it, and the only error that may come out."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    error: type[Exception] = PeerError


def events_of(association: Association, *chunks: bytes) -> list[Event]:
    """The events of `chunks`, each taken before the next comes."""
    events: list[Event] = []
    for chunk in chunks:
        association.receive(chunk)
        events += association.events()
    return events


def feed(make: Callable[[], Association], data: bytes, *, tail: bytes, seed: int, mutations: int = 60) -> list[Event]:
    """Feeds `data` in every way and returns its events; `tail` is a whole PDU that may follow it.

    Cut at every offset gives the same events, or the first of them where the rest never comes.
    """
    whole = events_of(make(), data)
    assert events_of(make(), *(data[at : at + 1] for at in range(len(data)))) == whole, "byte by byte"
    for at in range(len(data)):
        cut = make()
        before = events_of(cut, data[:at])
        assert before == whole[: len(before)], f"cut at {at}"
        assert before + events_of(cut, data[at:]) == whole, f"in two at {at}"
    _feed_tail(make, data, tail, whole)
    for at in range(len(data)):
        _feed_ended(make, data[:at], whole)
    for mutated in mutate(data, seed, mutations):
        survive(make(), mutated)
    return whole


def _feed_tail(make: Callable[[], Association], data: bytes, tail: bytes, whole: list[Event]) -> None:
    """Bytes after a message belong to the next: whole in one go, and taken one event at a time."""
    together = events_of(make(), data + tail)
    assert together[: len(whole)] == whole, "with a tail"
    one_by_one = make()
    one_by_one.receive(data + tail)
    taken: list[Event] = []
    while (event := next(iter(one_by_one.events()), None)) is not None:
        taken.append(event)
    assert taken == together, "the loop left after each event"


def _feed_ended(make: Callable[[], Association], data: bytes, whole: list[Event]) -> None:
    """The connection ends inside: what came before is given, and the end is the peer's error or a plain end."""
    association = make()
    events = events_of(association, data)
    with suppress(PeerError):
        association.closed()
    assert association.finished
    assert events == whole[: len(events)]


def survive(association: Association, data: bytes) -> list[Event]:
    """The events of broken bytes, up to the PeerError, after which nothing but abort replies comes."""
    association.receive(data)
    events: list[Event] = []
    replies: list[bytes] = []
    while len(replies) <= len(data):
        try:
            events += association.events()
        except PeerError as error:
            replies.append(error.reply)
            continue
        assert all(reply in (b"", encode_pdu(Abort(source=reply[8], reason=reply[9]))) for reply in replies)
        return events
    raise AssertionError("an association that fails for ever")


def feed_parser(parser: Parser, seed: int, mutations: int = 200) -> int:
    """Feeds each sample whole, cut at every offset and mutated; returns how many readings succeeded."""
    readings = 0
    for number, sample in enumerate(parser.samples):
        parser.read(sample)
        cuts: Iterator[bytes] = (sample[:at] for at in range(len(sample)))
        for broken in (*cuts, sample * 2, *mutate(sample, seed + number, mutations)):
            try:
                parser.read(broken)
            except parser.error:
                continue
            readings += 1
    return readings


def mutate(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """`count` broken copies of `data`, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        broken = bytearray(data)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            _break(broken, chance)
        yield bytes(broken)


def _break(broken: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(broken) + 1)
    match chance.randrange(6):
        case 0 if at < len(broken):
            broken[at] ^= 1 << chance.randrange(8)
        case 1 if at < len(broken):
            broken[at] = chance.randrange(256)
        case 2:
            number = chance.choice(_NUMBERS)
            broken[at : at + len(number)] = number
        case 3:
            del broken[at : at + chance.randrange(1, 9)]
        case 4:
            broken[at:at] = chance.randbytes(chance.randrange(1, 9))
        case _:
            start = chance.randrange(len(broken) + 1)
            broken[at:at] = broken[start : start + chance.randrange(1, 65)]


def fragments(data: bytes, sizes: Sequence[int]) -> list[bytes]:
    """`data` cut into pieces of `sizes`; the rest is the last piece."""
    pieces, at = [], 0
    for size in sizes:
        pieces.append(data[at : at + size])
        at += size
    return [*pieces, data[at:]]
