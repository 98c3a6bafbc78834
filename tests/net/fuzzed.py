"""The parsers of `net`: a scope file is read whole or refused with ScopeError."""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from leadglass.net.scope_entries import EntryError, networks_of, parse_entry
from leadglass.net.scope_file import ScopeError, parse_scope, read_scope
from leadglass.net.scope_keys import EXAMPLE
from leadglass.net.scope_lists import read_entries, read_names
from leadglass.net.toml_places import TomlError, parse_toml
from tests.wire.feeding import Parser


def _from_file(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scope.toml")
        path.write_bytes(data)
        Path(folder, "never.txt").write_text("192.0.2.0/24  # asked not to be touched\n", encoding="utf-8")
        Path(folder, "targets.csv").write_text("192.0.2.4,country=DE  # there\n", encoding="utf-8")
        return read_scope(path)


def _lines(reading: Callable[[Path], Iterable[object]]) -> Callable[[bytes], object]:
    """How the lines of a file that holds these bytes are read."""

    def read(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "list")
            path.write_bytes(data)
            return list(reading(path))

    return read


WHOLE = b"""authority="J"
contact="c"
opt_out=[]
targets=["192.0.2.1-192.0.2.9",{entry="192.0.2.0/24",country="DE"},{file="targets.csv",kind="x"}]
ports={dimse=[104],web=[80]}
depth="touch"
pace={per_second=200,per_network=2.5}
hours={open=["22:00-06:00"],zone="Europe/Berlin"}"""
FUZZED = {
    "leadglass.net.scope_file.parse_scope": Parser(
        read=lambda data: parse_scope(data.decode("utf-8", "replace")), samples=(EXAMPLE.encode(),), error=ScopeError
    ),
    "leadglass.net.scope_file.read_scope": Parser(
        read=_from_file,
        samples=(b'authority="J"\ncontact="c"\ntargets=["a.example"]\nopt_out="never.txt"', WHOLE),
        error=ScopeError,
    ),
    "leadglass.net.scope_entries.parse_entry": Parser(
        read=lambda data: networks_of(parse_entry(data.decode("utf-8", "replace"))),
        samples=(
            b"192.0.2.1",
            b"2001:db8::/32",
            b"192.0.2.1-192.0.2.9",
            b"2001:db8::1-2001:db8::9",
            b"my-pacs.example",
        ),
        error=EntryError,
    ),
    "leadglass.net.scope_lists.read_entries": Parser(
        read=_lines(read_entries), samples=(b"# all\n192.0.2.1-192.0.2.9,country=DE,owner=J # x\n",), error=ScopeError
    ),
    "leadglass.net.scope_lists.read_names": Parser(
        read=_lines(read_names), samples=(b"# all\n192.0.2.0/24\npacs.example\n",), error=ScopeError
    ),
    "leadglass.net.toml_places.parse_toml": Parser(
        read=lambda data: parse_toml(data.decode("utf-8", "replace")), samples=(EXAMPLE.encode(),), error=TomlError
    ),
}
