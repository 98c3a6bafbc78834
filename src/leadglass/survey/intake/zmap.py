"""ZMap's output says an address and, in most of its shapes, a port; a line that was cut is told, not taken."""

import csv
from typing import Any

from leadglass.survey.intake.found import IntakeError, broken, found_at
from leadglass.survey.intake.lines import Answers, Lines, object_of

_YES, _NO = ("1", "true"), ("0", "false")
_NO_PORT = "this output of ZMap has no column sport: say with --port which port was scanned"


def from_zmap(lines: Lines, port: int | None) -> Answers:
    """ZMap's CSV, with a header or as bare addresses, and its JSON lines; `port` where it tells none.

    Raises IntakeError where neither says the port.
    """
    columns = _Columns(port)
    for number, line in lines:
        plain = line.strip()
        if not plain:
            continue
        try:
            record = columns.object(plain) if plain.startswith("{") else columns.row(plain)
        except _CutError as cut:
            yield broken(number, str(cut))
            continue
        success = str(record.get("success", "1")).lower() if record else "0"
        if success in _YES:
            yield found_at(number, record.get("saddr"), record.get("sport", port))
        elif success not in _NO:
            yield broken(number, "its success is neither 0 nor 1")


class _CutError(ValueError):
    """A line that is no whole record; the message says why."""


class _Columns:
    """What the lines of one file hold, as its header or its first record says."""

    def __init__(self, port: int | None) -> None:
        self._port = port
        self._header: list[str] | None = None
        self._tells_port = port is not None

    def object(self, line: str) -> dict[str, Any]:
        """The record of a JSON line."""
        record = object_of(line)
        if record is None or "saddr" not in record:
            raise _CutError("no record of ZMap")
        if "sport" not in record and not self._tells_port:
            raise IntakeError(_NO_PORT)
        if "sport" not in record and self._port is None:
            raise _CutError("no sport, which other lines have")
        self._tells_port = True
        return record

    def row(self, line: str) -> dict[str, Any]:
        """The record of a CSV line; nothing where it is a header."""
        cells = _cells(line)
        if "saddr" in cells:  # there are several where outputs were put together
            self._header = cells
            if "sport" not in cells and self._port is None:
                raise IntakeError(_NO_PORT)
            return {}
        if self._header is None:
            if self._port is None:
                raise IntakeError(_NO_PORT)
            return dict(zip(("saddr",), cells, strict=False))
        if len(cells) != len(self._header):
            raise _CutError(f"{len(cells)} of the header's {len(self._header)} columns")
        return dict(zip(self._header, cells, strict=True))


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        raise _CutError("a quotation mark without its other") from None
