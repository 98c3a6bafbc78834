"""The search finds what it is for: a canary in every dress, at every offset, and in a file's name."""

import base64
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers import archive
from tests.privacy.searching import MIN_LENGTH, found, found_in_files

CANARY = "Quagmire^Zephyrine"
LEAKS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda value: f"patient {value} seen".encode(),
    "upper": lambda value: value.upper().encode(),
    "repr of bytes": lambda value: repr(value.encode() + b" \0").encode(),
    "utf-16": lambda value: value.encode("utf-16"),
    "hex": lambda value: value.encode().hex().encode(),
    "hex dump": lambda value: value.encode().hex(" ").upper().encode(),
    "quoted": lambda value: urllib.parse.quote(value).encode(),
    "json": lambda value: json.dumps({"name": value}).encode(),
    "as a person writes it": lambda value: value.replace("^", ", ").encode(),
    **{
        f"base64 after {offset}": lambda value, offset=offset: base64.b64encode(  # type: ignore[misc]
            b"x" * offset + value.encode() + b"yz"
        )
        for offset in range(4)
    },
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_it_is_found_in_every_dress(leak: Callable[[str], bytes]) -> None:
    assert found(b"before " + leak(CANARY) + b" after", [CANARY]) == {CANARY}


def test_a_uid_in_base64_is_found() -> None:
    uid = archive.study_uid(1)
    assert found(base64.b64encode(b"ab" + uid.encode()), archive.canaries()) >= {uid}


def test_it_is_found_in_files_and_their_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log").write_text(f"... {CANARY} ...")
    (tmp_path / "Quagmire").write_text("nothing")
    leaks = found_in_files(tmp_path, [CANARY, "Quagmire"])
    assert sorted(leaks) == [str(tmp_path / "Quagmire"), str(tmp_path / "deep" / "log")]


def test_nothing_is_found_where_nothing_is() -> None:
    assert not found(b"3 studies of 2 patients, 2011 to 2017, CT and MR" * 10, archive.canaries())


def test_every_canary_is_long_enough_to_be_told_from_chance() -> None:
    assert len(archive.canaries()) > 60
    assert not [canary for canary in archive.canaries() if len(canary) < MIN_LENGTH]
