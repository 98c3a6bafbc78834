"""The parsers of `net`: a scope file is read whole or refused with ScopeError."""

import tempfile
from pathlib import Path

from leadglass.net.scope_file import ScopeError, parse_scope, read_scope
from leadglass.net.scope_keys import EXAMPLE
from leadglass.net.toml_places import TomlError, parse_toml
from tests.wire.feeding import Parser


def _from_file(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scope.toml")
        path.write_bytes(data)
        Path(folder, "never.txt").write_text("192.0.2.0/24  # asked not to be touched\n", encoding="utf-8")
        return read_scope(path)


FUZZED = {
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
