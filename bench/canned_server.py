"""The floor of a server on this machine: the next canned answer for whatever comes, and nothing is read.

`python -m bench.canned_server PORT`.
"""

import select
import socket
import sys
import threading

from bench.telling import tell_until_closed
from leadglass.lab.negotiation import negotiate
from leadglass.lab.posture import OPEN
from leadglass.net.associate import request
from leadglass.net.dialogue import QUERY_SYNTAXES
from leadglass.wire.commands import Command, CommandField, encode_command
from leadglass.wire.fragments import fragment
from leadglass.wire.pdu import ReleaseReply
from leadglass.wire.pdu_codec import encode_pdu
from leadglass.wire.uids import VERIFICATION

_ECHO = Command(field=CommandField.C_ECHO_RSP, responded_message_id=1, affected_sop_class_uid=VERIFICATION, status=0)
_SAID = (
    encode_pdu(negotiate(OPEN, request("ANY-SCP", [(VERIFICATION, QUERY_SYNTAXES)]))),
    fragment(1, encode_command(_ECHO), 0, is_command=True),
    encode_pdu(ReleaseReply()),
)


def _serve(heard: socket.socket, ready: select.epoll) -> None:
    callers: dict[int, tuple[socket.socket, list[bytes]]] = {}
    while True:
        for number, _ in ready.poll():
            if number == heard.fileno():
                caller, _ = heard.accept()
                ready.register(caller.fileno(), select.EPOLLIN)
                callers[caller.fileno()] = (caller, list(_SAID))
                continue
            caller, left = callers[number]
            if caller.recv(65_536) and left:
                caller.send(left.pop(0))
            else:
                del callers[number]
                caller.close()


def main() -> None:
    """Listens on every address of loopback."""
    heard = socket.socket()
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    heard.bind(("0.0.0.0", int(sys.argv[1])))  # noqa: S104 - of the loopback device alone
    heard.listen(4096)
    ready = select.epoll()
    ready.register(heard.fileno(), select.EPOLLIN)
    threading.Thread(target=_serve, args=(heard, ready), daemon=True).start()
    print("ready", flush=True)
    tell_until_closed()


if __name__ == "__main__":
    main()
