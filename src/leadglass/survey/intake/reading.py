"""A file of another tool is opened, its form recognised, and read as a stream."""

import gzip
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from leadglass.survey.intake.found import MAX_LINE_BYTES, Broken, Found, IntakeError, broken
from leadglass.survey.intake.lines import (
    Answers,
    Lines,
    from_censys,
    from_list,
    from_masscan_json,
    from_masscan_list,
    from_shodan,
)
from leadglass.survey.intake.nmap import from_nmap
from leadglass.survey.intake.zmap import from_zmap


class Form(StrEnum):
    """Whose output a file is, and of which kind."""

    LIST = "list"
    MASSCAN_JSON = "masscan-json"
    MASSCAN_LIST = "masscan-list"
    ZMAP = "zmap"
    NMAP = "nmap"
    SHODAN = "shodan"
    CENSYS = "censys"


_BY_LINE: dict[Form, Callable[[Lines, int | None], Answers]] = {
    Form.LIST: from_list,
    Form.MASSCAN_JSON: from_masscan_json,
    Form.MASSCAN_LIST: from_masscan_list,
    Form.ZMAP: from_zmap,
    Form.SHODAN: from_shodan,
    Form.CENSYS: from_censys,
}
_LOOK = 4096
_OPENS_RECORDS = re.compile(r"\[\s*(?:\{|\]|$)")  # a list of hosts may begin with [2001:db8::1]:104


def read_found(path: Path, form: Form | None = None, port: int | None = None) -> Iterator[Found | Broken]:
    """What a file says listens, line by line; gzip is unpacked. None as `form` recognises it. Raises IntakeError."""
    try:
        with _opened(path) as file:
            known = form or recognised(_beginning(path))
            if known is Form.NMAP:
                yield from from_nmap(file)
                return
            yield from _by_line(file, known, port)
    except (OSError, EOFError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else "it is cut short or no gzip file"
        raise IntakeError(f"{path} cannot be read: {words}") from None


def recognised(beginning: bytes) -> Form:
    """The form of a file by its first bytes. Raises IntakeError."""
    text = beginning.decode("utf-8-sig", "replace").lstrip()
    first = text.partition("\n")[0]
    marks = (
        (Form.NMAP, text.startswith("<?xml") or "<nmaprun" in text),
        (Form.MASSCAN_LIST, text.startswith(("#masscan", "open tcp "))),
        (Form.MASSCAN_JSON, _OPENS_RECORDS.match(text) is not None or ('"ports"' in first and '"ip"' in first)),
        (Form.ZMAP, "saddr" in first),
        (Form.SHODAN, '"ip_str"' in text),
        (Form.CENSYS, first.startswith("{") and '"ip"' in text),
        (Form.LIST, bool(text) and not text.startswith(("{", "<"))),
    )
    for form, is_it in marks:
        if is_it:
            return form
    raise IntakeError(f"this is no output that is known: say with --form which it is ({', '.join(Form)})")


def _by_line(file: BinaryIO, form: Form, port: int | None) -> Iterator[Found | Broken]:
    skipped: list[Broken] = []

    def lines() -> Iterator[tuple[int, str]]:
        number = 0
        while data := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(data) > MAX_LINE_BYTES:
                while data and not data.endswith(b"\n"):
                    data = file.readline(MAX_LINE_BYTES)
                skipped.append(broken(number, f"a line of more than {MAX_LINE_BYTES:,} bytes"))
                continue
            yield number, data.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")

    for answer in _BY_LINE[form](lines(), port):
        yield from skipped
        skipped.clear()
        yield answer
    yield from skipped


def _opened(path: Path) -> BinaryIO:
    file = path.open("rb")
    if file.read(2) == b"\x1f\x8b":
        file.close()
        return gzip.open(path, "rb")  # type: ignore[return-value]  # it reads as one
    file.seek(0)
    return file


def _beginning(path: Path) -> bytes:
    with _opened(path) as file:
        return file.read(_LOOK)
