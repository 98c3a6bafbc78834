"""A canary is found in whatever dress it comes: plain, encoded, quoted, upside down in hexadecimal."""

import base64
import json
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

MIN_LENGTH = 6  # a shorter value would be found by chance


def dresses(canary: str) -> Iterator[bytes]:
    """The ways in which a value may stand in a text, a log or a file, in lower case."""
    plain = canary.encode("utf-8")
    yield plain.lower()
    yield canary.encode("utf-16-le").lower()
    yield canary.encode("utf-16-be").lower()
    yield plain.hex().encode("ascii")
    yield b" ".join(f"{byte:02x}".encode("ascii") for byte in plain)
    yield "".join(f"\\x{byte:02x}" for byte in plain).encode("ascii")
    yield urllib.parse.quote(canary, safe="").encode("ascii").lower()
    yield json.dumps(canary)[1:-1].encode("ascii").lower()
    yield canary.replace("^", " ").encode("utf-8").lower()
    yield canary.replace("^", ", ").encode("utf-8").lower()
    yield plain[::-1].lower()


def base64_dresses(canary: str) -> Iterator[bytes]:
    """The part of its base64 that is the same whatever stands before and after it, for each of three offsets."""
    plain = canary.encode("utf-8")
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + plain)
        yield encoded[(0, 2, 3)[offset] + (1 if offset else 0) : -4]


def found(haystack: bytes, canaries: Iterable[str]) -> set[str]:
    """The canaries that `haystack` holds in any dress."""
    lower = haystack.lower()
    return {
        canary
        for canary in canaries
        if len(canary) >= MIN_LENGTH
        and (
            any(dress in lower for dress in dresses(canary))
            or any(dress in haystack for dress in base64_dresses(canary) if len(dress) >= MIN_LENGTH)
        )
    }


def found_in_files(folder: Path, canaries: Iterable[str]) -> dict[str, set[str]]:
    """The files under `folder` that hold a canary, by their contents and by their names."""
    wanted = tuple(canaries)
    leaks = {}
    for path in folder.rglob("*"):
        held = found(str(path.relative_to(folder)).encode("utf-8"), wanted)
        if path.is_file():
            held |= found(path.read_bytes(), wanted)
        if held:
            leaks[str(path)] = held
    return leaks
