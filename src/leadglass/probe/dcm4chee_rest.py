"""dcm4chee-arc's own REST API: the list of AE titles, and counters that tell without a record.

Cost: one request where nothing is there, two where it is. Records are asked for on its DICOMweb surface.
"""

from leadglass.knowledge.products import DCM4CHEE
from leadglass.model.target import TargetError, check_ae_title
from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Rung, SurfaceKind
from leadglass.net.web import told_number
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import WebSession
from leadglass.probe.web_surface import unread, web_probe

ROOT = "/dcm4chee-arc"
MAX_TITLES = 8  # of one archive: its own defaults are six


async def probe_dcm4chee(session: WebSession) -> tuple[Probe | None, tuple[str, ...]]:
    """The REST surface, and the AE titles that it lists."""
    session.begin()
    before = session.host.meter.ledger()
    path = f"{ROOT}/aets"
    answer = await session.ask(path, accept="application/json")
    kind = SurfaceKind.DCM4CHEE_REST
    marks = {"products": (DCM4CHEE,), "marks": (path,)}
    if session.refused(answer, path):
        facts = session.facts(ROOT, **marks)
        return web_probe(session, kind, Rung.SPEAKS, facts, before, no_record=NoRecord.REFUSED), ()
    listed = answer.json() if answer is not None and session.served(answer, path) else None
    titles = _titles(listed)
    if not titles:
        return None, ()
    base = f"{ROOT}/aets/{titles[0]}/rs"
    counter = f"{base}/studies/count"
    count = await session.ask(counter, template=f"{ROOT}/aets/{{aet}}/rs/studies/count", accept="application/json")
    counted = count is not None and session.served(count, counter) and _is_count(count.json())
    probe = web_probe(
        session,
        kind,
        Rung.ADMITS,
        session.facts(ROOT, **marks),
        before,
        way=CounterWay(port=session.port, secure=session.tls is not None, product="dcm4chee-arc", base=base)
        if counted
        else None,
        no_record=unread(session.host),
    )
    return probe, titles


def _titles(listed: object) -> tuple[str, ...]:
    """AE titles that may stand in a path, of the list that dcm4chee-arc gives."""
    titles = []
    for entry in listed[: 4 * MAX_TITLES] if isinstance(listed, list) else []:
        title = entry.get("dicomAETitle") if isinstance(entry, dict) else None
        try:
            plain = check_ae_title(title) if isinstance(title, str) else ""
        except TargetError:
            continue
        if plain and plain.replace("_", "").replace("-", "").isalnum():
            titles.append(plain)
    return tuple(dict.fromkeys(titles))[:MAX_TITLES]


def _is_count(value: object) -> bool:
    number = value.get("count") if isinstance(value, dict) else value
    return told_number(number) is not None
