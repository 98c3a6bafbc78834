"""Responses arrive whole however they are cut, and a question asked again is answered from the same bytes."""

from itertools import count, takewhile

import pytest

from leadglass.lab import rendering
from leadglass.lab.archive import Archive
from leadglass.lab.rendering import BATCH, Rendering
from leadglass.lab.service import Service
from leadglass.lab.shelf import Shelf
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import encode
from leadglass.wire.queries import STUDY, identifier
from leadglass.wire.uids import STUDY_ROOT_FIND

SPEC = ArchiveSpec(seed=8, studies=1_000, patients=400, images=9_000)
KEYS = (tags.STUDY_INSTANCE_UID, tags.PATIENT_NAME, tags.STUDY_DATE)


def asked(date: str = "") -> Message:
    """A question for all studies, or for those of a date."""
    command = Command(
        field=CommandField.C_FIND_RQ, message_id=3, affected_sop_class_uid=STUDY_ROOT_FIND, has_data_set=True
    )
    question = identifier(STUDY, *KEYS, study_date=date)
    return Message(context_id=5, command=command, data=encode(question, explicit=True))


def read(rendered: Rendering) -> list[bytes]:
    """All batches."""
    return list(takewhile(bool, map(rendered.batch, count())))


def pieces(data: bytes) -> list[tuple[bool, bytes]]:
    """Commands and data sets in these P-DATA-TFs, put together again (PS3.8 9.3.5)."""
    found: list[tuple[bool, bytes]] = []
    at, open_piece = 0, b""
    while at < len(data):
        assert data[at] == 4
        end = at + 6 + int.from_bytes(data[at + 2 : at + 6], "big")
        at += 6
        while at < end:
            size = int.from_bytes(data[at : at + 4], "big")
            assert data[at + 4] == 5
            control, open_piece = data[at + 5], open_piece + data[at + 6 : at + 4 + size]
            if control & 2:
                found.append((bool(control & 1), open_piece))
                open_piece = b""
            at += 4 + size
        assert at == end
    assert not open_piece
    return found


@pytest.mark.parametrize("limit", [0, 64, 200, 16_384])
def test_every_response_is_whole_and_no_two_are_alike(limit: int) -> None:
    """Also where the peer takes only small PDUs."""
    service = Service(Archive(SPEC), shelf=Shelf(0))
    batches = read(service.responses(asked(), STUDY_ROOT_FIND, explicit=True, max_pdu_length=limit))
    assert len(batches) == -(-SPEC.studies // BATCH)
    found = pieces(b"".join(batches))
    assert [is_command for is_command, _ in found] == [True, False] * SPEC.studies
    assert len({piece for is_command, piece in found if not is_command}) == SPEC.studies
    assert len({piece for is_command, piece in found if is_command}) == 1
    if limit:
        whole, at = b"".join(batches), 0
        while at < len(whole):
            size = int.from_bytes(whole[at + 2 : at + 6], "big")
            assert size <= limit
            at += 6 + size


def test_a_question_that_was_asked_before_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept once it is whole; one that is too long, or was left in the middle, is made anew."""
    service = Service(Archive(SPEC), shelf=Shelf(1 << 20))

    def rendered(date: str = "") -> Rendering:
        return service.responses(asked(date), STUDY_ROOT_FIND, explicit=True, max_pdu_length=16_384)

    first = rendered()
    first.batch(0)
    assert rendered() is not first
    rest = read(first)
    assert rendered() is first
    assert read(first) == rest
    assert first.batch(1000) == b""
    monkeypatch.setattr(rendering, "MAX_KEPT_BYTES", 100)
    later = rendered("20200101-")
    assert len(read(later)) > 2
    assert rendered("20200101-") is not later
