"""A real server binds to every interface, so it is started only where loopback is the only one that is up."""

import os
import socket
import struct
import sys

import pytest

_IFF_UP = 1
_SIOCGIFFLAGS = 0x8913


def require_isolation() -> None:
    """Fails where another interface than loopback is up, with the way to run these tests."""
    up = sorted(name for _, name in socket.if_nameindex() if not name.startswith("lo") and _is_up(name))
    in_the_open = sys.platform != "linux" and os.environ.get("LEADGLASS_TEST_IN_THE_OPEN") == "yes"
    if up and not in_the_open:
        pytest.fail(
            f"real servers would be reachable over {', '.join(up)}: run `make test`, or "
            "`tests/isolated.sh python -m pytest tests -m peers`",
            pytrace=False,
        )


def _is_up(name: str) -> bool:
    if sys.platform != "linux":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        answer = fcntl.ioctl(asking, _SIOCGIFFLAGS, struct.pack("16sH14x", name.encode("ascii"), 0))
    return bool(struct.unpack_from("H", answer, 16)[0] & _IFF_UP)
