"""The first association: is it DICOM, under which title is a stranger let in, who answers, which contexts are taken.

Cost: one association for each called AE title; C-ECHO rides on it. Reading, retrieving and storing contexts are only
proposed here: nothing is requested in them.
"""

import msgspec

from leadglass.knowledge.rejections import rejection_in_words
from leadglass.model.facts import Attempt, Context, DimseFacts, Rejection
from leadglass.model.record import Record
from leadglass.model.text import clean
from leadglass.model.words import Status, Step
from leadglass.net.associate import BrokenAnswer, NotDicom, Rejected
from leadglass.net.dialogue import Dialogue
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.questions import Line
from leadglass.wire.pdu import AssociateAccept
from leadglass.wire.uids import (
    PATIENT_ROOT_FIND,
    PATIENT_ROOT_GET,
    PATIENT_ROOT_MOVE,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    STUDY_ROOT_MOVE,
    VERIFICATION,
    WORKLIST_FIND,
)

NAMES = {
    VERIFICATION: "Verification",
    STUDY_ROOT_FIND: "Study Root Query/Retrieve - FIND",
    STUDY_ROOT_GET: "Study Root Query/Retrieve - GET",
    STUDY_ROOT_MOVE: "Study Root Query/Retrieve - MOVE",
    PATIENT_ROOT_FIND: "Patient Root Query/Retrieve - FIND",
    PATIENT_ROOT_GET: "Patient Root Query/Retrieve - GET",
    PATIENT_ROOT_MOVE: "Patient Root Query/Retrieve - MOVE",
    WORKLIST_FIND: "Modality Worklist - FIND",
}
PROPOSED = tuple(NAMES)
_ANSWERS = (Status.SUCCESS, Status.REJECTED, Status.ABORTED)


class Contact(Record):
    """What the first associations came to: `line` is None where none was accepted.

    `failure` is the last step that did not succeed; `speaks` names another protocol that answered; `broken` says that
    DICOM answered, and not as it should.
    """

    facts: DimseFacts
    line: Line | None
    offered: frozenset[str]
    status: Status
    step: Step | None
    detail: str
    speaks: str | None = None
    broken: bool = False

    @property
    def failure(self) -> StepFailed | None:
        """How the association failed, None where it did not."""
        return StepFailed(self.status, self.step, self.detail) if self.step is not None else None

    @property
    def is_dicom(self) -> bool:
        """Whether an answer was one of DICOM's."""
        return self.broken or any(attempt.status in _ANSWERS for attempt in self.facts.attempts)


async def make_contacts(
    host: Host, port: int, *, tls: bool, titles: tuple[str, ...], hello_s: float | None = None
) -> tuple[Contact, ...]:
    """Asks under one title after another, unless the port speaks something else, or nothing listens there.

    Gives a contact for each title that was let in, or the last refusal where none was; each knows all attempts.
    `hello_s` is how long each answer is waited for, None for as long as any other.
    """
    made: list[Contact] = []
    for title in titles:
        made.append(await _attempt(Line(host, port, tls=tls, called_ae_title=title), hello_s))
        if _is_over(made[-1]):
            break
    attempts = tuple(attempt for contact in made for attempt in contact.facts.attempts)
    admitted = [contact for contact in made if contact.line is not None]
    if not admitted:  # an answer of DICOM's tells more than a silence under another title
        admitted = [contact for contact in made if contact.is_dicom][-1:]
    return tuple(_with_attempts(contact, attempts) for contact in admitted or made[-1:])


def _is_over(contact: Contact) -> bool:
    """Whether another title would meet the same: silence and a hang-up may be meant for one title alone."""
    return contact.speaks is not None or contact.step is Step.CONNECT or contact.status not in _MAY_BE_THE_TITLE


_MAY_BE_THE_TITLE = (
    Status.SUCCESS,
    Status.REJECTED,
    Status.ABORTED,
    Status.CONNECTION_CLOSED,
    Status.CONNECTION_RESET,
    Status.IO_TIMEOUT,
    Status.PROTOCOL_ERROR,
)


def read_contexts(proposed: tuple[str, ...], accept: AssociateAccept) -> tuple[Context, ...]:
    """The answers to `proposed` contexts, which were numbered 1, 3, 5 and so on."""
    results = {context.id: context for context in accept.contexts}
    found = []
    for index, uid in enumerate(proposed):
        answer = results.get(2 * index + 1)
        result = answer.result if answer is not None else 255
        syntax = clean(answer.transfer_syntax) if answer is not None and result == 0 else None
        found.append(
            Context(
                sop_class_uid=uid,
                name=NAMES.get(uid, ""),
                accepted=result == 0,
                result=result,
                transfer_syntax_uid=syntax,
            )
        )
    return tuple(found)


async def _attempt(line: Line, hello_s: float | None) -> Contact:
    title = line.called_ae_title
    try:
        async with line.associate(PROPOSED, within_s=hello_s) as dialogue:
            facts = _identity(dialogue, title)
            echo = await _echo(dialogue)
    except StepFailed as failure:
        return _failed(title, failure)
    facts = DimseFacts(
        attempts=(Attempt(called_ae_title=title, status=Status.SUCCESS),),
        called_ae_title=title,
        implementation_class_uid=facts.implementation_class_uid,
        implementation_version_name=facts.implementation_version_name,
        max_pdu_length=facts.max_pdu_length,
        contexts=facts.contexts,
        echo=echo,
    )
    offered = frozenset(context.sop_class_uid for context in facts.contexts if context.accepted)
    return Contact(facts=facts, line=line, offered=offered, status=Status.SUCCESS, step=None, detail="")


def _identity(dialogue: Dialogue, title: str) -> DimseFacts:
    information = dialogue.accept.user_information
    version = information.implementation_version_name
    uid = information.implementation_class_uid
    return DimseFacts(
        called_ae_title=title,
        implementation_class_uid=None if uid is None else clean(uid),
        implementation_version_name=None if version is None else clean(version),
        max_pdu_length=information.max_pdu_length,
        contexts=read_contexts(PROPOSED, dialogue.accept),
    )


async def _echo(dialogue: Dialogue) -> str:
    """The status of C-ECHO as four hexadecimal digits, or the word for how it failed."""
    if dialogue.context(VERIFICATION) is None:
        return "context not accepted"
    try:
        return f"{await dialogue.echo():04X}"
    except StepFailed as failure:
        return failure.status.value


def _failed(title: str, failure: StepFailed) -> Contact:
    rejection = None
    detail = failure.detail
    if isinstance(failure, Rejected):
        given = failure.rejection
        detail = rejection_in_words(given.result, given.source, given.reason)
        rejection = Rejection(result=given.result, source=given.source, reason=given.reason, words=detail)
    attempt = Attempt(called_ae_title=title, status=failure.status, detail=detail, rejection=rejection)
    return Contact(
        facts=DimseFacts(attempts=(attempt,)),
        line=None,
        offered=frozenset(),
        status=failure.status,
        step=failure.step,
        detail=detail,
        speaks=failure.speaks if isinstance(failure, NotDicom) else None,
        broken=isinstance(failure, BrokenAnswer),
    )


def no_contact(title: str, status: Status, step: Step, detail: str) -> Contact:
    """What stands for a contact where not even an association could be asked for."""
    return _failed(title, StepFailed(status, step, detail))


def _with_attempts(contact: Contact, attempts: tuple[Attempt, ...]) -> Contact:
    facts = msgspec.structs.replace(contact.facts, attempts=attempts)
    return msgspec.structs.replace(contact, facts=facts)
