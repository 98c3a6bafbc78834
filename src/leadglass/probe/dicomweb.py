"""DICOMweb (PS3.18) under one base path: whether it answers a stranger, shows a study, serves an instance's metadata.

Cost: one request where nothing is there; two more for a record, three more for retrieval. No object is asked for.
"""

import re
import secrets

from leadglass.model.assessment import Ledger
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession, login_of
from leadglass.probe.web_surface import retrieval_unasked, web_probe

DICOM_JSON = "application/dicom+json"
MAX_RECORD_BYTES = 65_536  # one study's record has one to two kB; a server that ignores `limit` is cut here
MAX_OTHER_NAMES = 3  # of one service that are asked for images: searching and fetching may have paths of their own
_TAG = re.compile(r"[0-9A-Fa-f]{8}\Z")
_UID = re.compile(r"[0-9][0-9.]{0,63}\Z")
_RECORD_START = re.compile(rb"""\s*\[\s*\{\s*"[0-9A-Fa-f]{8}"\s*:\s*\{""")
_STUDY_UID = re.compile(rb'"0020000D"\s*:')
_CUT_UID = rb'"%s"\s{0,9}:\s{0,9}\{[^{}]{0,99}"Value"\s{0,9}:\s{0,9}\[\s{0,9}"([0-9.]{1,64})"'
_ARCHIVE = "/dcm4chee-arc/"  # a path that is a product's own mark: a login in front of all of it is one too


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
    """What was found under one base; a UID is held here for as long as the next question needs it."""

    def __init__(self) -> None:
        self.ignored: list[str] = []
        self.readable = False
        self.study_uid: str | None = None
        self.no_record: NoRecord | None = None
        self.retrieval = Retrieval.NOT_ASKED

    def __repr__(self) -> str:
        """Without values."""
        return f"_Found(readable={self.readable})"

    @property
    def sign(self) -> str:
        """What the same service would show under another name."""
        return f"record {self.study_uid}" if self.readable else f"no record {self.no_record}"

    @property
    def proof(self) -> Rung:
        if self.retrieval is Retrieval.PROVED:
            return Rung.RETRIEVABLE
        return Rung.READABLE if self.readable else Rung.ADMITS


async def probe_dicomweb(session: WebSession, base: str, shown_base: str) -> Probe | None:
    """The surface under `base`, None where nothing of DICOMweb is there, or another name of what is known."""
    session.begin()
    before = session.host.meter.ledger()
    path = f"{base}/studies?StudyInstanceUID={random_uid()}&limit=1"
    answer = await session.ask(path, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
    if answer is None:
        return None
    if session.refused(answer, path):
        return await _refused(session, base, shown_base, answer, path, before)
    records = await _records(session, base, answer, path)
    if records is None:
        return None
    found = _Found()
    if records:
        _took(session, found, answer, records)
        found.ignored.append("StudyInstanceUID")
    await _read(session, base, found)
    return _surface(session, base, shown_base, found, before) if await _is_worth_telling(session, base, found) else None


async def _is_worth_telling(session: WebSession, base: str, found: _Found) -> bool:
    """Whether this is no other name of a service that is known, or one under which it gives the images as well."""
    known = session.is_known(found.sign)
    session.other_names += known
    session.note(found.sign)
    if not found.readable:
        found.retrieval = retrieval_unasked(session.host, refused=found.no_record is NoRecord.REFUSED)
        return not known
    if known and (session.other_names > MAX_OTHER_NAMES or session.is_known(f"retrievable {found.sign}")):
        return False
    found.retrieval = await prove(session, base, found.study_uid)
    proved = found.proof is Rung.RETRIEVABLE
    if proved:
        session.note(f"retrievable {found.sign}")
    return proved or not known


def _surface(session: WebSession, base: str, shown_base: str, found: _Found, before: Ledger) -> Probe:
    way = DicomwebWay(port=session.port, secure=session.tls is not None, base=base)
    return web_probe(
        session,
        SurfaceKind.DICOMWEB,
        found.proof,
        session.facts(shown_base, ignored_keys=tuple(found.ignored)),
        before,
        # Counting asks for records: a record that came unasked permits nothing.
        way=way if found.readable and session.host.may(Permission.READ_RECORD) else None,
        no_record=None if found.readable else found.no_record,
        retrieval=found.retrieval,
    )


async def _refused(
    session: WebSession, base: str, shown_base: str, answer: WebAnswer, path: str, before: Ledger
) -> Probe | None:
    """A login in front of DICOMweb, None where it stands in front of more than that."""
    above = base.rpartition("/")[0]
    if not base:
        return None  # /studies alone is no name of DICOM's
    if above and not above.startswith(_ARCHIVE):
        await session.learn_under(above)
    sign = f"refused {login_of(answer)['realm']}"
    if not session.refused(answer, path) or session.is_known(sign):
        return None
    session.note(sign)
    retrieval = retrieval_unasked(session.host, refused=True)
    facts = session.facts(shown_base, **login_of(answer))
    kind = SurfaceKind.DICOMWEB
    return web_probe(session, kind, Rung.SPEAKS, facts, before, no_record=NoRecord.REFUSED, retrieval=retrieval)


async def _records(session: WebSession, base: str, answer: WebAnswer, path: str) -> int | None:
    """How many records the first answer holds, None where it is not DICOMweb's: an empty list could be anything's."""
    records = dicom_json_records(answer) if session.served(answer, path) else None
    if records != 0 or (answer.media_type == DICOM_JSON and answer.status_code == 200):
        return records
    if not base:
        return None
    await session.learn_under(base)
    return records if session.served(answer, path) else None


def _took(session: WebSession, found: _Found, answer: WebAnswer, records: int) -> None:
    session.host.meter.records += records
    found.readable = True
    found.study_uid = _first_uid(answer, "0020000D")


async def _read(session: WebSession, base: str, found: _Found) -> None:
    """Asks for one study, where that is permitted."""
    if found.readable:
        return
    if not session.host.may(Permission.READ_RECORD):
        found.no_record = NoRecord.NOT_ASKED
        return
    path = f"{base}/studies?limit=1"
    answer = await session.ask(path, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
    records = dicom_json_records(answer) if answer is not None and session.served(answer, path) else None
    if answer is not None and records:
        _took(session, found, answer, records)
        if records > 1:
            found.ignored.append("limit")
    elif records == 0:
        found.no_record = NoRecord.NOTHING_FOUND
    else:
        refused = answer is not None and answer.status_code in REFUSED
        found.no_record = NoRecord.REFUSED if refused else NoRecord.UNDECIDED


async def prove(session: WebSession, base: str, study_uid: str | None) -> Retrieval:
    """Whether an instance's metadata is served (PS3.18 10.4.1.1.3): the object itself is never asked for."""
    host = session.host
    if not (host.may(Permission.REQUEST_IMAGES) and host.may(Permission.READ_RECORD)):
        return Retrieval.NOT_ASKED
    if study_uid is None:
        return Retrieval.UNDETERMINED
    path, template = f"{base}/studies/{study_uid}", f"{base}/studies/{{study}}"
    for level, name, tag in (("series", "series", "0020000E"), ("instances", "instance", "00080018")):
        asked, shown = f"{path}/{level}", f"{template}/{level}"
        answer = await session.ask(
            f"{asked}?limit=1", template=shown, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES * 4
        )
        if answer is not None and answer.status_code in REFUSED:
            return Retrieval.REFUSED
        if answer is None or answer.status_code != 200:
            return Retrieval.UNDETERMINED
        host.meter.records += dicom_json_records(answer) or 0
        uid = _first_uid(answer, tag)
        if uid is None:
            return Retrieval.UNDETERMINED
        path, template = f"{asked}/{uid}", f"{shown}/{{{name}}}"
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


def _first_uid(answer: WebAnswer, tag: str) -> str | None:
    """The UID of the first record, where it is one and may stand in a path."""
    if not answer.whole:  # a server that ignores `limit`
        found = re.search(_CUT_UID % tag.encode(), answer.body)
        return found[1].decode() if found else None
    records = answer.json()
    if not isinstance(records, list) or not records or not isinstance(records[0], dict):
        return None
    element = records[0].get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    uid = values[0] if isinstance(values, list) and values else None
    return uid if isinstance(uid, str) and _UID.match(uid) else None
