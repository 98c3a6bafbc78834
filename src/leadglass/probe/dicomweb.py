"""DICOMweb (PS3.18) under one base path: whether it answers a stranger, shows a study, serves an instance's metadata.

Cost: one request where nothing is there; two more for a record, three more for retrieval. No object is asked for.
"""

import re
import secrets
from urllib.parse import quote

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession
from leadglass.probe.web_surface import retrieval_unasked, web_probe

DICOM_JSON = "application/dicom+json"
MAX_RECORD_BYTES = 65_536  # one study's record has one to two kB; a server that ignores `limit` is cut here
_TAG = re.compile(r"[0-9A-Fa-f]{8}\Z")
_UID = re.compile(r"[0-9.]{1,64}\Z")
_RECORD_START = re.compile(rb"""\s*\[\s*\{\s*"[0-9A-Fa-f]{8}"\s*:\s*\{""")
_STUDY_UID = re.compile(rb'"0020000D"\s*:')


def random_uid() -> str:
    """A UID that exists nowhere (PS3.5 B.2)."""
    return f"2.25.{secrets.randbits(122)}"


def dicom_json_records(answer: WebAnswer) -> int | None:
    """How many records an answer holds, None where it is not the DICOM JSON model (PS3.18 F.2).

    An answer that was cut counts the records whose beginning was seen.
    """
    if answer.status_code == 204:
        return 0
    if answer.media_type not in (DICOM_JSON, "application/json"):
        return None
    if not answer.whole:
        return max(1, len(_STUDY_UID.findall(answer.body))) if _RECORD_START.match(answer.body) else None
    records = answer.json()
    if not isinstance(records, list):
        return None
    return len(records) if all(_is_record(record) for record in records) else None


def _is_record(record: object) -> bool:
    return (
        isinstance(record, dict)
        and bool(record)
        and all(isinstance(tag, str) and _TAG.match(tag) for tag in record)
        and all(isinstance(value, dict) and isinstance(value.get("vr"), str) for value in record.values())
    )


class _Found:
    """What was found under one base; UIDs are held here for as long as the next question needs them."""

    def __init__(self) -> None:
        self.ignored: list[str] = []
        self.readable = False
        self.no_record: NoRecord | None = None


async def probe_dicomweb(session: WebSession, base: str, shown_base: str) -> Probe | None:
    """The surface under `base`, None where nothing of DICOMweb is there. Raises StepFailed for a spent budget."""
    session.begin()
    before = session.host.meter.ledger()
    path = f"{base}/studies?StudyInstanceUID={random_uid()}&limit=1"
    answer = await session.ask(path, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
    if answer is None:
        return None
    kind = SurfaceKind.DICOMWEB
    if session.refused(answer, path):
        retrieval = retrieval_unasked(session.host, refused=True)
        facts = session.facts(shown_base)
        return web_probe(session, kind, Rung.SPEAKS, facts, before, no_record=NoRecord.REFUSED, retrieval=retrieval)
    records = dicom_json_records(answer) if session.served(answer, path) else None
    if records is None:
        return None
    found = _Found()
    if records:
        session.host.meter.records += records
        found.readable = True
        found.ignored.append("StudyInstanceUID")
    await _read(session, base, found)
    retrieval = Retrieval.NOT_ASKED
    if found.readable:
        retrieval = await prove(session, base)
    elif found.no_record is NoRecord.REFUSED:
        retrieval = Retrieval.REFUSED
    proof = Rung.RETRIEVABLE if retrieval is Retrieval.PROVED else Rung.READABLE if found.readable else Rung.ADMITS
    return web_probe(
        session,
        kind,
        proof,
        session.facts(shown_base, ignored_keys=tuple(found.ignored)),
        before,
        way=DicomwebWay(port=session.port, secure=session.tls is not None, base=base) if found.readable else None,
        no_record=None if found.readable else found.no_record,
        retrieval=retrieval,
    )


async def _read(session: WebSession, base: str, found: _Found) -> None:
    """Asks for one study, where that is permitted."""
    if not session.host.may(Permission.READ_RECORD):
        found.no_record = NoRecord.NOT_ASKED
        return
    if found.readable:
        return
    path = f"{base}/studies?limit=1"
    answer = await session.ask(path, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
    records = dicom_json_records(answer) if answer is not None and session.served(answer, path) else None
    if records:
        session.host.meter.records += records
        found.readable = True
        if records > 1:
            found.ignored.append("limit")
    elif records == 0:
        found.no_record = NoRecord.NOTHING_FOUND
    else:
        refused = answer is not None and answer.status_code in REFUSED
        found.no_record = NoRecord.REFUSED if refused else NoRecord.UNDECIDED


async def prove(session: WebSession, base: str) -> Retrieval:
    """Whether an instance's metadata is served (PS3.18 10.4.1.1.3): the object itself is never asked for."""
    if not session.host.may(Permission.REQUEST_IMAGES):
        return Retrieval.NOT_ASKED
    path, template = base, base
    for level, tag in (("studies", "0020000D"), ("series", "0020000E"), ("instances", "00080018")):
        asked = f"{path}/{level}"
        answer = await session.ask(
            f"{asked}?limit=1",
            template=f"{template}/{level}",
            accept=DICOM_JSON,
            max_body_bytes=MAX_RECORD_BYTES * 4,
        )
        records = answer.json() if answer is not None and answer.status_code == 200 else None
        if answer is not None and answer.status_code in REFUSED:
            return Retrieval.REFUSED
        uid = _first_uid(records, tag)
        if uid is None:
            return Retrieval.UNDETERMINED
        session.host.meter.records += len(records) if isinstance(records, list) else 0
        path, template = f"{asked}/{quote(uid)}", f"{template}/{level}/{{{level}}}"
    return await _metadata(session, f"{path}/metadata", f"{template}/metadata")


async def _metadata(session: WebSession, path: str, template: str) -> Retrieval:
    """The verdict of an instance's metadata, of which no more is read than shows what it is."""
    answer = await session.ask(path, template=template, accept=DICOM_JSON, max_body_bytes=1024)
    if answer is not None and answer.status_code in REFUSED:
        return Retrieval.REFUSED
    served = answer is not None and answer.status_code == 200 and answer.media_type in (DICOM_JSON, "application/json")
    if answer is not None and served and _RECORD_START.match(answer.body):
        session.host.meter.records += 1
        return Retrieval.PROVED
    return Retrieval.UNDETERMINED


def _first_uid(records: object, tag: str) -> str | None:
    """The UID of the first record, where it is one and may stand in a path."""
    if not isinstance(records, list) or not records or not isinstance(records[0], dict):
        return None
    element = records[0].get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    uid = values[0] if isinstance(values, list) and values else None
    return uid if isinstance(uid, str) and _UID.match(uid) else None
