"""A list that nobody limits comes as it is made, and any place of a list is reached without what stands before it."""

import asyncio
import json
from collections.abc import Iterator, Mapping

import pytest

from leadglass.lab.archive import Archive, Rows, Values, selection
from leadglass.lab.archive.columns import Columns
from leadglass.lab.archive.rows import images_of
from leadglass.lab.http import Request, answer_http
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web import WebSite
from leadglass.net.listener import Listener
from leadglass.net.stream import Stream
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, SERIES, STUDY

SPEC = ArchiveSpec(seed=3, studies=3_001, patients=1_207, images=20_011)
ARCHIVE = Archive(SPEC)
UIDS = [record[tags.STUDY_INSTANCE_UID] for record in ARCHIVE.records(STUDY)]


def find(level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None) -> Iterator[Values]:
    """The records that match."""
    return ARCHIVE.records(level, dict(wanted), start, most)


def answered(request: str, kind: WebKind = WebKind.ORTHANC) -> tuple[dict[str, str], bytes]:
    """The headers and the raw body of an answer to a request."""
    site = WebSite(WebPosture(kind=kind), SPEC, find)

    async def serve(stream: Stream, called_on: str) -> None:
        await answer_http(stream, site.answer)

    async def run() -> bytes:
        listener = Listener(serve)
        reader, writer = await asyncio.open_connection("127.0.0.1", await listener.start())
        writer.write(f"{request}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        await listener.stop()
        return answer

    head, _, body = asyncio.run(run()).partition(b"\r\n\r\n")
    fields = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name.lower(): value for name, _, value in fields}, body


def unchunked(body: bytes) -> list[bytes]:
    """The chunks of a body (RFC 9112 7.1)."""
    chunks = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        chunks.append(rest[:length])
        assert rest[length : length + 2] == b"\r\n"
        body = rest[length + 2 :]
    assert chunks.pop() == b"", "the last chunk says that there is no other"
    return chunks


def test_an_unbounded_list_comes_in_parts_and_whole() -> None:
    headers, body = answered("GET /dicom-web/studies HTTP/1.1")
    assert headers["transfer-encoding"] == "chunked"
    assert headers["content-type"] == "application/dicom+json"
    chunks = unchunked(body)
    assert len(chunks) > 10
    assert max(map(len, chunks)) < 2 * (1 << 16)
    assert [one["0020000D"]["Value"][0] for one in json.loads(b"".join(chunks))] == UIDS


@pytest.mark.parametrize("query", ["?limit=2", "?limit=2&offset=1500", "?StudyInstanceUID=1.2.3"])
def test_a_short_one_has_its_length(query: str) -> None:
    headers, body = answered(f"GET /dicom-web/studies{query} HTTP/1.1")
    assert headers["content-length"] == str(len(body))
    start = 1500 if "offset" in query else 0
    expected = UIDS[start : start + 2] if "limit" in query else []
    assert [one["0020000D"]["Value"][0] for one in json.loads(body)] == expected


def test_the_head_of_an_unbounded_list_has_no_body() -> None:
    headers, body = answered("HEAD /dicom-web/studies HTTP/1.1", kind=WebKind.DICOMWEB)
    assert headers["content-type"] == "application/dicom+json"
    assert not body


def test_records_are_made_when_their_part_is_sent() -> None:
    made: list[object] = []

    def counted(level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None) -> Iterator[Values]:
        for record in find(level, wanted, start, most):
            made.append(record)
            yield record

    site = WebSite(WebPosture(kind=WebKind.DICOMWEB), SPEC, counted)
    reply = site.answer(Request(method="GET", path="/dicom-web/studies", query={}, headers={}))
    assert reply.parts is not None
    assert len(made) == 1, "one tells whether there is anything"
    next(reply.parts)
    assert 1 < len(made) < SPEC.studies // 10


@pytest.mark.parametrize(("level", "narrower"), [(STUDY, None), (SERIES, None), (IMAGE, None), (IMAGE, "CT")])
def test_what_stands_from_a_place_on_is_the_rest_of_the_list(level: str, narrower: str | None) -> None:
    """Also where a key of a series narrows, of which studies tell nothing."""
    keys = {tags.MODALITY: narrower} if narrower else {}
    whole = list(ARCHIVE.records(level, keys))
    assert len(whole) > 1_000
    for place in (0, 1, 2, 7, 500, len(whole) // 2, len(whole) - 1):
        assert list(ARCHIVE.records(level, keys, place, 3)) == whole[place : place + 3]
    assert list(ARCHIVE.records(level, keys, len(whole) - 2)) == whole[-2:]
    assert not list(ARCHIVE.records(level, keys, len(whole)))
    assert not list(ARCHIVE.records(level, keys, 3 * len(whole), 1))


def test_the_last_image_is_reached_without_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def counted(spec: ArchiveSpec, columns: Columns, rows: Rows) -> Iterator[Rows]:
        nonlocal made
        for images in images_of(spec, columns, rows):
            made += len(images)
            yield images

    monkeypatch.setattr(selection, "images_of", counted)
    [last] = ARCHIVE.records(IMAGE, {}, SPEC.images - 1, 1)
    assert last[tags.STUDY_INSTANCE_UID] == UIDS[-1]
    assert 0 < made < 1_000
