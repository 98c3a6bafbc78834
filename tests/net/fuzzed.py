"""The parsers of `net`: a scope file is read whole or refused with ScopeError."""

import tempfile
from pathlib import Path

from leadglass.net.scope_entries import EntryError, parse_entry
from leadglass.net.scope_errors import ScopeError
from leadglass.net.scope_file import parse_scope, read_scope
from leadglass.net.scope_keys import EXAMPLE
from leadglass.net.scope_lists import read_entries, read_names
from leadglass.net.toml_places import TomlError, parse_toml
from tests.wire.feeding import Parser


def _from_file(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scope.toml")
        path.write_bytes(data)
        Path(folder, "never.txt").write_text("192.0.2.0/24  # asked not to be touched\n", encoding="utf-8")
        return read_scope(path)


def _entries(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "targets.csv")
        path.write_bytes(data)
        return list(read_entries(path, (("country", "DE"),)))


def _names(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "never.txt")
        path.write_bytes(data)
        return list(read_names(path))


FUZZED = {
    "leadglass.net.scope_entries.parse_entry": Parser(
        read=lambda data: parse_entry(data.decode("utf-8", "replace")),
        samples=(b"192.0.2.0/24", b"192.0.2.1-192.0.2.9", b"2001:db8::/64", b"pacs.example"),
        error=EntryError,
    ),
    "leadglass.net.scope_lists.read_entries": Parser(
        read=_entries, samples=(b"192.0.2.0/24,owner=Field Radiology\npacs.example  # ours\n",), error=ScopeError
    ),
    "leadglass.net.scope_lists.read_names": Parser(
        read=_names, samples=(b"192.0.2.0/24\npacs.example  # asked\n",), error=ScopeError
    ),
    "leadglass.net.scope_file.parse_scope": Parser(
        read=lambda data: parse_scope(data.decode("utf-8", "replace")), samples=(EXAMPLE.encode(),), error=ScopeError
    ),
    "leadglass.net.scope_file.read_scope": Parser(
        read=_from_file,
        samples=(b'authority="J"\ncontact="c"\ntargets=["a.example"]\nopt_out="never.txt"',),
        error=ScopeError,
    ),
    "leadglass.net.toml_places.parse_toml": Parser(
        read=lambda data: parse_toml(data.decode("utf-8", "replace")), samples=(EXAMPLE.encode(),), error=TomlError
    ),
}
