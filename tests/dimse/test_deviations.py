"""Servers that do not keep to the standard, or are busy, are neither called closed nor counted exactly for it."""

import struct
from dataclasses import dataclass, field

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import PENDING
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.scope import Timing
from leadglass.model.words import CountKind, NoRecord, Outcome, Retrieval, Rung, Status
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.elements import DataSet, decode, encode, text
from leadglass.wire.pdu import AssociateReject, AssociateRequest
from leadglass.wire.queries import PATIENT, SERIES
from leadglass.wire.units import item
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Doors, Shelf, Study

HELD = tuple(Study(f"1.2.9.{number}", f"P{number}", series=(2, 2)) for number in range(3))
BUSY = AssociateReject(result=2, source=3, reason=2)
QUICK = Timing(connect_s=5.0, reply_s=5.0, again_s=(0.01, 0.02))
READING = ("records-readable", "images-retrievable", "worklist-readable")


def not_called_closed(result: TargetResult) -> bool:
    """Whether no check on reading says `ok` or that it does not apply."""
    return all(outcome(result, check) in (Outcome.UNKNOWN, Outcome.VULNERABLE) for check in READING[:2])


@dataclass
class Misspelt(Shelf):
    """Accepts with items of its own making."""

    items: bytes = b""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """What it sends instead of its acceptance."""
        caller.association.send(self.acceptance(request))
        self._doors[caller] = Doors()
        fixed = struct.pack(">H2x16s16s32x", 1, b"ANY-SCP".ljust(16), b"LEADGLASS".ljust(16))
        results = b"".join(
            item(0x21, bytes((c.id, 0, 0, 0)) + item(0x40, c.transfer_syntaxes[0].encode())) for c in request.contexts
        )
        body = fixed + results + self.items
        caller.send(struct.pack(">BxI", 2, len(body)) + body)


@pytest.mark.parametrize(
    "items",
    [
        b"",
        item(0x50, item(0x55, b"x" * 65)),
        item(0x50, item(0x52, b"1.2\x80")) + bytes(2),
        item(0x50, item(0x51, b"\0\0\x40\0") * 2 + item(0x53, b"\0")),
    ],
)
def test_an_acceptance_that_is_misspelt_opens_all_the_same(items: bytes) -> None:
    assert assessed(Misspelt(studies=HELD, items=items)).proof is Rung.RETRIEVABLE


def test_an_acceptance_that_cannot_be_read_is_dicom_and_decides_nothing() -> None:
    result = assessed(Misspelt(studies=HELD, items=b"\x50\0\xff\xff"))
    assert (dimse(result).proof, dimse(result).status) == (Rung.SPEAKS, Status.PROTOCOL_ERROR)
    assert {outcome(result, check) for check in READING} == {Outcome.UNKNOWN}


@dataclass
class Busy(Shelf):
    """Rejects for the moment whoever calls, after so many associations, and as often as it is told."""

    after: int = 1
    times: int = 10**6
    rejected: int = 0

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Temporarily congested."""
        if self.associations >= self.after and self.rejected < self.times:
            self.rejected += 1
            caller.send(caller.association.send(BUSY))
            await caller.gone()
        await super().requested(caller, request)


def test_a_server_that_is_busy_for_a_moment_is_asked_again() -> None:
    shelf = Busy(studies=HELD, times=2)
    assert assessed(shelf, timing=QUICK).proof is Rung.RETRIEVABLE
    assert shelf.rejected == 2


def test_a_server_that_stays_busy_has_refused_nothing_and_is_left_alone() -> None:
    shelf = Busy(studies=HELD)
    result = assessed(shelf, timing=QUICK)
    assert (result.proof, dimse(result).facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert {outcome(result, check) for check in READING} == {Outcome.UNKNOWN}
    assert shelf.rejected <= 30


@dataclass
class Answering(Shelf):
    """Answers association requests by the title, with a rejection, or not at all where there is None."""

    by_title: dict[str, AssociateReject | None] = field(default_factory=dict)
    close: bool = False

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """As the title says."""
        title = request.called_ae_title
        if title not in self.by_title:
            await super().requested(caller, request)
            return
        reply = self.by_title[title]
        if reply is not None:
            caller.send(caller.association.send(reply))
        elif self.close:
            caller.close()
        await caller.gone()


@pytest.mark.parametrize("close", [True, False])
def test_a_title_that_was_given_is_tried_whatever_the_made_up_one_met(close: bool) -> None:
    shelf = Answering(studies=HELD, by_title={"ANY-SCP": None}, close=close)
    result = assessed(shelf, "GOOD", timing=Timing(connect_s=5.0, reply_s=0.5))
    assert result.proof is Rung.RETRIEVABLE


@pytest.mark.parametrize("met", [BUSY, None])
def test_what_the_given_title_met_counts(met: AssociateReject | None) -> None:
    """That the made-up caller was turned away by name says nothing of the title that the owner gave."""
    unknown_caller = AssociateReject(result=1, source=1, reason=3)
    shelf = Answering(by_title={"ANY-SCP": unknown_caller, "GOOD": met}, close=True)
    result = assessed(shelf, "GOOD", timing=QUICK)
    assert result.proof is Rung.SPEAKS
    assert {outcome(result, check) for check in READING} == {Outcome.UNKNOWN}


@dataclass
class Ignoring(Shelf):
    """Does not heed one of the keys above a level."""

    ignored: int = tags.SERIES_INSTANCE_UID

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """As if it had not been asked for."""
        return super().matching({tag: value for tag, value in wanted.items() if tag != self.ignored}, level)


@pytest.mark.parametrize("ignored", [tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID])
def test_a_key_that_is_ignored_counts_no_image(ignored: int) -> None:
    exposure = dimse(assessed(Ignoring(studies=HELD, ignored=ignored, counts=False))).exposure
    assert exposure is not None
    assert exposure.images is None or (exposure.images.kind is CountKind.AT_LEAST and exposure.images.count <= 12)
    assert any("ignores" in limit for limit in exposure.limits)


class Foreign(Shelf):
    """Names one patient in letters that are not ASCII, and answers at PATIENT level or for a patient alone."""

    async def find(self, caller: Caller, message: Message) -> None:
        """Bytes are compared, as such servers do."""
        asked = {e.tag: e.value.strip(b" \0") for e in _decoded(caller, message) if isinstance(e.value, bytes)}
        level, wanted = asked.get(tags.QUERY_RETRIEVE_LEVEL, b"").decode(), asked.get(tags.PATIENT_ID, b"")
        if level != PATIENT and not wanted:
            caller.send(caller.response(message, 0xA900))
            return
        names = {b"M\xdcLLER": 2, b"TWO": 1}
        for name, studies in names.items():
            for number in range(1 if level == PATIENT else studies) if wanted in (b"", name) else ():
                uid = f"1.2.{len(name)}.{number}"
                values = {tags.PATIENT_ID: name, tags.STUDY_INSTANCE_UID: uid.encode()}
                values |= {tags.NUMBER_OF_STUDY_RELATED_INSTANCES: b"1"}
                record = tuple(type(text(tag))(tag=tag, vr=text(tag).vr, value=values.get(tag, b"")) for tag in asked)
                caller.send(caller.response(message, PENDING, encode(record, explicit=caller.explicit(message))))
        caller.send(caller.response(message, 0))


def _decoded(caller: Caller, message: Message) -> DataSet:
    return decode(message.data, explicit=caller.explicit(message))


def test_a_patient_whose_id_is_not_ascii_is_asked_for_as_it_came() -> None:
    exposure = dimse(assessed(Foreign())).exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies) == (Count.exact(2), Count.exact(3))


class Empty(Shelf):
    """Answers every query with one pending response that says nothing."""

    data: bytes | None = None

    async def find(self, caller: Caller, message: Message) -> None:
        """Pending, success."""
        caller.send(caller.response(message, PENDING, self.data))
        caller.send(caller.response(message, 0))


@pytest.mark.parametrize("data", [None, b"", encode((text(tags.STUDY_INSTANCE_UID),), explicit=True), b"\x07" * 25])
def test_an_answer_that_names_nobody_is_no_record(data: bytes | None) -> None:
    server = Empty()
    server.data = data
    result = assessed(server)
    assert result.proof is Rung.ADMITS
    assert outcome(result, "records-readable") is Outcome.UNKNOWN


class Implicit(Shelf):
    """Sends Implicit VR where Explicit was agreed."""

    def vr(self, caller: Caller, message: Message) -> bool:
        """Whatever was agreed."""
        return False

    async def find(self, caller: Caller, message: Message) -> None:
        """Encoded in the wrong VR."""
        wanted = self.values(caller, message)
        for values in self.matching(wanted, wanted.get(tags.QUERY_RETRIEVE_LEVEL, "")):
            caller.send(caller.response(message, PENDING, encode(self.answered(wanted, values), explicit=False)))
        caller.send(caller.response(message, 0))


def test_records_in_the_other_vr_are_read() -> None:
    exposure = dimse(assessed(Implicit(studies=HELD))).exposure
    assert exposure is not None
    assert exposure.studies == Count.exact(3)


@dataclass
class Getting(Shelf):
    """Answers a C-GET of something that exists with a status of its own."""

    status: int = 0xC411

    async def get(self, caller: Caller, message: Message) -> None:
        """One failed."""
        found = int(bool(self.matching(self.values(caller, message), SERIES)))
        caller.send(
            caller.response(message, self.status if found else 0, remaining=0, completed=0, failed=found, warning=0)
        )


@pytest.mark.parametrize(
    ("status", "retrieval"),
    [(0xC000, Retrieval.PROVED), (0xC0FF, Retrieval.PROVED), (0xC411, Retrieval.UNDETERMINED)],
)
def test_only_the_statuses_of_the_design_prove_retrieval(status: int, retrieval: Retrieval) -> None:
    assert dimse(assessed(Getting(studies=HELD, status=status))).retrieval is retrieval


class SlowForDates(Shelf):
    """Never answers a question about dates."""

    async def find(self, caller: Caller, message: Message) -> None:
        """Nothing, or as always."""
        if self.values(caller, message).get(tags.STUDY_DATE):
            await caller.gone()
        await super().find(caller, message)


def test_minimal_keys_are_asked_of_a_server_that_is_slow_over_dates() -> None:
    result = assessed(SlowForDates(studies=HELD), measure=False, timing=Timing(connect_s=5.0, reply_s=0.4))
    assert result.proof is Rung.RETRIEVABLE


def test_one_record_is_not_proved_by_asking_for_all() -> None:
    """A server that heeds dates is asked for single weeks first."""
    many = tuple(Study(f"1.2.{n}", f"P{n}", day=f"20{16 + n % 10}{1 + n % 12:02}{1 + n % 28:02}") for n in range(2000))
    shelf = Shelf(studies=many)
    result = assessed(shelf, measure=False)
    assert result.proof is Rung.RETRIEVABLE
    assert result.cost.records_received < 200


def test_figures_of_one_title_name_the_others() -> None:
    result = assessed(Shelf(studies=HELD, titles={"A": Doors(), "B": Doors()}), "A", "B")
    assert result.exposure is not None
    assert result.exposure.studies == Count.at_least(len(HELD))
    assert any("B may open other archives" in limit for limit in result.exposure.limits)


class Hasty(Shelf):
    """Sends the last record with the final status."""

    async def find(self, caller: Caller, message: Message) -> None:
        """Success and a record in one."""
        wanted = self.values(caller, message)
        records = [
            encode(self.answered(wanted, values), explicit=caller.explicit(message))
            for values in self.matching(wanted, wanted.get(tags.QUERY_RETRIEVE_LEVEL, ""))
        ]
        for data in records[:-1]:
            caller.send(caller.response(message, PENDING, data))
        caller.send(caller.response(message, 0, records[-1] if records else None))


@pytest.mark.parametrize("held", [1, 3])
def test_a_record_that_comes_with_the_final_status_is_one(held: int) -> None:
    result = assessed(Hasty(studies=HELD[:held]))
    assert result.proof.at_least(Rung.READABLE)
    exposure = dimse(result).exposure
    assert exposure is not None
    assert exposure.studies == Count.exact(held)


@dataclass
class FewContexts(Shelf):
    """Aborts what proposes more contexts than it has room for."""

    room: int = 4

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """As it says."""
        if len(request.contexts) > self.room:
            caller.abort()
        await super().requested(caller, request)


def test_an_association_request_that_is_aborted_is_not_refused() -> None:
    result = assessed(FewContexts(studies=HELD, room=0), "GIVEN")
    assert dimse(result).proof is Rung.SPEAKS
    assert outcome(result, "records-readable") is Outcome.UNKNOWN
    assert outcome(result, "associations-open") is Outcome.UNKNOWN
