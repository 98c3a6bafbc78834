"""A command or data set becomes P-DATA-TFs that the peer can take (PS3.8 9.3.5, E; PS3.8 D.1)."""

from leadglass.wire.errors import LocalError
from leadglass.wire.limits import ANNOUNCED_MAX_PDU_LENGTH
from leadglass.wire.pdu import P_DATA_TF
from leadglass.wire.pdu_codec import PDU_HEADER, PDV_HEADER

_OVERHEAD = 6  # one data value's length, context id and control header


def fragment(context_id: int, data: bytes, max_pdu_length: int, *, is_command: bool) -> bytes:
    """`data` in P-DATA-TFs of one data value each, none longer than `max_pdu_length` (0: the peer sets no limit).

    Raises LocalError where the peer's limit leaves no room for data.
    """
    # A limit above our own is not used: a larger PDU saves nothing and would be built in one piece.
    room = min(max_pdu_length or ANNOUNCED_MAX_PDU_LENGTH, ANNOUNCED_MAX_PDU_LENGTH) - _OVERHEAD
    if room < 2:
        raise LocalError("the peer accepts no PDU that could hold data")
    room -= room % 2
    kind = 1 if is_command else 0
    out = []
    for at in range(0, len(data) or 1, room):
        part = data[at : at + room]
        control = kind | (2 if at + room >= len(data) else 0)
        out.append(PDU_HEADER.pack(P_DATA_TF, len(part) + _OVERHEAD))
        out.append(PDV_HEADER.pack(len(part) + 2, context_id, control) + part)
    return b"".join(out)
