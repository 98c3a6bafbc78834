"""A plain client counts the studies of a list that comes in pieces of any size, none of them twice."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from bench.ask_qido import read

from bench import ask_qido

STUDIES = 57
LIST = b"[" + b",".join([b'{"00100020":{"vr":"LO"},"0020000D":{"vr":"UI","Value":["1.2.3"]}}'] * STUDIES) + b"]"


class _Serving(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A list, or nothing."""
        self.send_response(200 if self.path == "/studies" else 404)
        self.send_header("Content-Length", str(len(LIST)))
        self.end_headers()
        self.wfile.write(LIST)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A server of one list."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Serving) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("block_bytes", [1, 2, 7, 9, 10, 11, 64, 1 << 18])
def test_no_study_is_lost_or_counted_twice_between_two_pieces(
    block_bytes: int, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_qido, "_BLOCK_BYTES", block_bytes)
    found = read(port, "/studies")
    assert (found.records, found.body_bytes) == (STUDIES, len(LIST))


def test_what_is_no_answer_is_no_empty_archive(port: int) -> None:
    with pytest.raises(RuntimeError, match="404"):
        read(port, "/nothing")
