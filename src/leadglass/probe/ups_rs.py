"""UPS-RS, the worklist of DICOMweb (PS3.18 11), under a base that is known to be DICOMweb.

Cost: one request where nothing is there, two where it is.
"""

from leadglass.model.words import NoRecord, Permission, Rung, SurfaceKind
from leadglass.probe.dicomweb import DICOM_JSON, MAX_RECORD_BYTES, dicom_json_records, random_uid
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession
from leadglass.probe.web_surface import web_probe


async def probe_ups(session: WebSession, base: str) -> Probe | None:
    """The work items under `base`, None where there are none to be had."""
    session.begin()
    before = session.host.meter.ledger()
    path = f"{base}/workitems?StudyInstanceUID={random_uid()}&limit=1"
    answer = await session.ask(path, accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
    if answer is None or not session.served(answer, path):
        return None
    # An empty success of any other kind could be anything's; UPS-RS says 204 or DICOM JSON.
    records = dicom_json_records(answer)
    if records == 0:
        await session.learn_under(base)
    if records is None or not session.served(answer, path):
        return None
    no_record: NoRecord | None = NoRecord.NOT_ASKED
    if not records and session.host.may(Permission.READ_RECORD):
        answer = await session.ask(f"{base}/workitems?limit=1", accept=DICOM_JSON, max_body_bytes=MAX_RECORD_BYTES)
        found = dicom_json_records(answer) if answer is not None and answer.status_code < 300 else None
        refused = answer is not None and answer.status_code in REFUSED
        records = found or 0
        no_record = NoRecord.REFUSED if refused else NoRecord.NOTHING_FOUND if found == 0 else NoRecord.UNDECIDED
    session.host.meter.records += records
    return web_probe(
        session,
        SurfaceKind.UPS_RS,
        Rung.READABLE if records else Rung.ADMITS,
        session.facts(base or "/"),
        before,
        no_record=None if records else no_record,
    )
