"""Every registered parser takes broken bytes with one error only; and so it does under `python -O`."""

import subprocess
import sys

import pytest

from leadglass.wire.pdu_codec import encode_pdu
from tests.wire.feeding import feed_parser, mutate, survive
from tests.wire.fuzzed import FUZZED
from tests.wire.samples import ACCEPT, PDUS, REQUEST, acceptor, established, requestor

SEED = 20261123


@pytest.mark.parametrize("name", FUZZED)
def test_a_parser_of_the_wire_raises_one_error(name: str) -> None:
    feed_parser(FUZZED[name], SEED)


def conversation() -> bytes:
    """Every PDU after the other."""
    return b"".join(encode_pdu(pdu) for pdu in PDUS)


@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_broken_conversations_end_in_one_error(seed: int) -> None:
    for make in (acceptor, requestor, established):
        for broken in mutate(encode_pdu(REQUEST) + encode_pdu(ACCEPT) + conversation(), seed, 150):
            survive(make(), broken)


@pytest.mark.parametrize("seed", range(SEED, SEED + 2))
def test_noise_ends_in_one_error(seed: int) -> None:
    for noise in mutate(b"", seed, 80):
        for kind in range(9):
            survive(established(), bytes((kind, 0, 0, 0, 0, len(noise))) + noise)


def optimised() -> int:
    """What runs once under -O: no assert holds anything up there. Returns the number of parsers fed."""
    for number, parser in enumerate(FUZZED.values()):
        feed_parser(parser, SEED + number, mutations=40)
    for make in (acceptor, requestor, established):
        for broken in mutate(conversation(), SEED, 150):
            survive(make(), broken)
    return len(FUZZED)


def test_all_of_it_holds_under_python_optimised() -> None:
    """A child with -O, in which every assert is gone, sees PeerError alone."""
    program = "assert False\nfrom tests.wire.test_fuzz import optimised\nprint(optimised())"
    ended = subprocess.run([sys.executable, "-O", "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == str(len(FUZZED))
