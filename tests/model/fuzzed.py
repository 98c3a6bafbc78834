"""The parsers of `model`: what a user typed is read or refused with TargetError."""

from leadglass.model.target import TargetError, parse_target
from tests.wire.feeding import Parser

_TARGETS = (
    "pacs.example",
    "192.0.2.1:11112",
    "[2001:db8::1]:104",
    "2001:db8::1",
    "dicom://ITSAET@192.0.2.1:104",
    "dicoms://h\u00f6st.example",
    "https://[::1]:8443/dicom-web/",
)

FUZZED = {
    "leadglass.model.target.parse_target": Parser(
        read=lambda data: parse_target(data.decode("utf-8", "replace")),
        samples=tuple(target.encode() for target in _TARGETS),
        error=TargetError,
    ),
}
