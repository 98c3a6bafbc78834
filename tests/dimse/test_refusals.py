"""Only what refuses is a refusal: no upper layer that gives up, and no context that was refused without a reason."""

from dataclasses import dataclass

import pytest

from leadglass.lab.zoo.caller import Caller, Gone
from leadglass.model.scope import Budget
from leadglass.model.words import NoRecord, Outcome, Retrieval, Rung, SurfaceKind
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import CommandField
from leadglass.wire.pdu import Abort, AssociateAccept, AssociateRequest, ContextResult
from leadglass.wire.uids import (
    PATIENT_ROOT_FIND,
    PATIENT_ROOT_MOVE,
    STUDY_ROOT_FIND,
    STUDY_ROOT_MOVE,
    VERIFICATION,
    WORKLIST_FIND,
)
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Doors, Shelf, Study

HELD = tuple(Study(f"1.2.9.{number}", f"P{number}") for number in range(3))
MODELS = (STUDY_ROOT_FIND, PATIENT_ROOT_FIND)
MOVES = (STUDY_ROOT_MOVE, PATIENT_ROOT_MOVE)
GETS_SHUT = {"ANY-SCP": Doors(get=False)}


@dataclass
class Aborting(Shelf):
    """Ends the association over requests of one kind, as `source` (PS3.8 Table 9-26)."""

    source: int = 2
    over: CommandField = CommandField.C_FIND_RQ

    async def asked(self, caller: Caller, message: Message) -> None:
        """Over all of them."""
        if message.command.field is self.over:
            caller.send(caller.association.send(Abort(source=self.source, reason=0)))
            caller.close()
        await super().asked(caller, message)


@pytest.mark.parametrize(
    ("source", "no_record", "expected"),
    [(0, NoRecord.REFUSED, Outcome.OK), (2, NoRecord.UNDECIDED, Outcome.UNKNOWN)],
)
def test_only_the_application_refuses_a_query(source: int, no_record: NoRecord, expected: Outcome) -> None:
    result = assessed(Aborting(studies=HELD, source=source))
    assert dimse(result).facts.no_record is no_record
    assert outcome(result, "records-readable") is expected


@pytest.mark.parametrize(("source", "retrieval"), [(0, Retrieval.REFUSED), (2, Retrieval.UNDETERMINED)])
def test_only_the_application_refuses_an_image(source: int, retrieval: Retrieval) -> None:
    server = Aborting(studies=HELD, source=source, over=CommandField.C_GET_RQ)
    assert dimse(assessed(server)).retrieval is retrieval


@dataclass
class Choosy(Shelf):
    """Answers contexts by their SOP class with a result, and accepts one an association where `one` is set."""

    results: tuple[tuple[str, int], ...] = ()
    one: bool = False

    def acceptance(self, request: AssociateRequest) -> AssociateAccept:
        """By the table, then by what was accepted already."""
        accept = super().acceptance(request)
        contexts: list[ContextResult] = []
        for context, asked in zip(accept.contexts, request.contexts, strict=True):
            result = dict(self.results).get(asked.abstract_syntax, 0)
            if self.one and any(other.result == 0 for other in contexts):
                result = 2
            contexts.append(ContextResult(id=context.id, result=result, transfer_syntax=context.transfer_syntax))
        return AssociateAccept(
            called_ae_title=accept.called_ae_title,
            calling_ae_title=accept.calling_ae_title,
            contexts=tuple(contexts),
            user_information=accept.user_information,
        )


def refusing(sop_classes: tuple[str, ...], result: int) -> tuple[tuple[str, int], ...]:
    """The same result for each."""
    return tuple((sop_class, result) for sop_class in sop_classes)


@pytest.mark.parametrize(
    ("result", "expected"), [(1, Outcome.OK), (2, Outcome.UNKNOWN), (3, Outcome.OK), (4, Outcome.UNKNOWN)]
)
def test_a_context_that_is_refused_for_no_reason_refuses_no_query(result: int, expected: Outcome) -> None:
    server = Choosy(studies=HELD, results=refusing(MODELS, result))
    assert outcome(assessed(server), "records-readable") is expected


def test_a_server_that_takes_one_context_at_a_time_is_read_all_the_same() -> None:
    """Verification is the first that is proposed."""
    server = Choosy(studies=HELD, one=True)
    result = assessed(server)
    assert result.proof.at_least(Rung.READABLE)
    assert result.exposure is not None
    assert result.exposure.studies is not None
    assert result.exposure.studies.count == len(HELD)


def test_a_worklist_behind_one_context_at_a_time_is_found() -> None:
    titles = {"ANY-SCP": Doors(find=False, worklist=True)}
    result = assessed(Choosy(studies=HELD, one=True, titles=titles))
    assert dimse(result, SurfaceKind.WORKLIST).proof is Rung.READABLE


def test_retrieval_is_proved_where_one_context_is_taken_at_a_time() -> None:
    assert dimse(assessed(Choosy(studies=HELD, one=True))).retrieval is Retrieval.PROVED


class Vanishing(Choosy):
    """Ends an association for which a worklist alone is proposed."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """As it says."""
        if [context.abstract_syntax for context in request.contexts] == [WORKLIST_FIND]:
            caller.abort()
            raise Gone
        await super().requested(caller, request)


@pytest.mark.parametrize("connections", [None, 3])
def test_a_worklist_that_was_never_asked_for_is_not_known_to_be_missing(connections: int | None) -> None:
    """The server refused its context for no reason, and then our own budget, or the server, ended the question."""
    refused = refusing((*MODELS, WORKLIST_FIND), 2)
    budget = None if connections is None else Budget(max_connections=connections)
    result = assessed((Choosy if connections else Vanishing)(results=refused), budget=budget)
    assert outcome(result, "worklist-readable") is Outcome.UNKNOWN
    answered = assessed(Choosy(results=refused))
    assert outcome(answered, "worklist-readable") is Outcome.NOT_APPLICABLE


def test_a_worklist_that_is_not_known_is_not_asked_for_again() -> None:
    server = Choosy(studies=HELD, results=refusing((WORKLIST_FIND,), 3))
    plain = Choosy(studies=HELD, results=refusing((WORKLIST_FIND,), 2))
    assessed(server)
    assessed(plain)
    assert plain.associations == server.associations + 1


@pytest.mark.parametrize(("moves", "expected"), [(0, Outcome.UNKNOWN), (1, Outcome.OK), (3, Outcome.OK)])
def test_a_refused_get_says_nothing_of_a_move_that_was_accepted(moves: int, expected: Outcome) -> None:
    server = Choosy(studies=HELD, titles=GETS_SHUT, results=refusing(MOVES, moves))
    result = assessed(server)
    assert dimse(result).retrieval is Retrieval.REFUSED
    assert outcome(result, "images-retrievable") is expected


class WantsNames(Shelf):
    """Ends the association over a query that does not ask for the patient's name."""

    async def find(self, caller: Caller, message: Message) -> None:
        """As a program does that was written for one viewer."""
        if tags.PATIENT_NAME not in self.values(caller, message):
            caller.abort()
        await super().find(caller, message)

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """Nobody's name is told."""
        return [{**values, tags.PATIENT_NAME: ""} for values in super().matching(wanted, level)]


def test_a_server_that_wants_the_keys_that_viewers_send_is_read_and_counted() -> None:
    result = assessed(WantsNames(studies=HELD))
    assert result.proof.at_least(Rung.READABLE)
    assert result.exposure is not None
    assert result.exposure.studies is not None
    assert result.exposure.studies.count == len(HELD)


def test_contexts_are_named_as_they_were_first_answered() -> None:
    facts = dimse(assessed(Choosy(studies=HELD, one=True))).facts.dimse
    assert facts is not None
    assert [context.name for context in facts.contexts if context.accepted] == ["Verification"]
    assert VERIFICATION in {context.sop_class_uid for context in facts.contexts}
