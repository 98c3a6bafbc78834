"""What a stranger meets at each surface of a server follows from its posture, by rules that stand here once."""

import msgspec

from leadglass.lab.habits import Capping
from leadglass.lab.population import Server
from leadglass.lab.posture import Door, Presence, Tls, WebKind
from leadglass.lab.worklist import items_of
from leadglass.model.record import Record
from leadglass.model.scope import Budget
from leadglass.model.words import CountKind, NoRecord, Retrieval, Rung, Status, SurfaceKind
from leadglass.net.identity import ANY_CALLED_AE_TITLE, CALLING_AE_TITLE


class CountTruth(Record):
    """What an archive holds, and whether a careful count of it comes to exactly that or says "at least".

    A large archive may be measured by a sample instead: then its figures are estimates, whatever a count comes to.
    """

    patients: int
    studies: int
    images: int
    kind: CountKind = CountKind.EXACT
    images_kind: CountKind = CountKind.EXACT


class SurfaceTruth(Record):
    """One way in: the rung that answers prove there, and how the questions to it end.

    `counts` is None where a surface gives no count of the archive; `worklist_items` are a readable worklist's steps,
    each of another patient.
    """

    kind: SurfaceKind
    port: int
    tls: bool
    status: Status
    rung: Rung
    retrieval: Retrieval = Retrieval.NOT_ASKED
    no_record: NoRecord | None = None
    counts: CountTruth | None = None
    worklist_items: int | None = None


_TURNED_AWAY = {Door.REFUSED: NoRecord.REFUSED, Door.ABORTED: NoRecord.REFUSED, Door.ABSENT: NoRecord.REFUSED}
_HANDED = {
    Door.OPEN: Retrieval.PROVED,
    Door.REFUSED: Retrieval.REFUSED,
    Door.ABORTED: Retrieval.REFUSED,
    Door.ABSENT: Retrieval.UNDETERMINED,  # C-GET is not offered, and C-MOVE is never sent
}


def surfaces_of(server: Server, *, title_given: bool, budget: Budget | None = None) -> tuple[SurfaceTruth, ...]:
    """The surfaces of a server as a stranger meets them, with the called AE title that it wants or without.

    `budget` is what a count may ask for at most.
    """
    if server.presence in (Presence.REFUSES, Presence.SILENT):
        return ()
    if server.presence is Presence.OTHER:
        return () if server.dimse_port is None else (_no_dicom(server.dimse_port, tls=False),)
    pages = tuple(
        SurfaceTruth(kind=SurfaceKind.WEB, port=port, tls=False, status=Status.SUCCESS, rung=Rung.OTHER)
        for port in server.same_page_ports
    )
    return (*_dimse(server, title_given, budget or Budget()), *_web(server, budget or Budget()), *pages)


def wants_title(server: Server) -> bool:
    """Whether a called AE title changes what a stranger meets."""
    title = server.dimse.called_ae_title
    return server.presence is Presence.LISTENS and title not in (None, ANY_CALLED_AE_TITLE)


def _no_dicom(port: int, *, tls: bool) -> SurfaceTruth:
    """A port that says something which is neither DICOM nor the web, or wants a certificate before it says anything."""
    status = Status.TLS_ERROR if tls else Status.PROTOCOL_ERROR
    return SurfaceTruth(kind=SurfaceKind.UNKNOWN, port=port, tls=tls, status=status, rung=Rung.OTHER)


def _dimse(server: Server, title_given: bool, budget: Budget) -> tuple[SurfaceTruth, ...]:
    port, posture = server.dimse_port, server.dimse
    if port is None:
        return ()
    tls = posture.tls is not Tls.NONE
    if posture.tls is Tls.MUTUAL:
        return (_no_dicom(port, tls=True),)
    called = title_given or not wants_title(server)
    if not called or posture.calling_ae_title not in (None, CALLING_AE_TITLE):
        rejected = SurfaceTruth(kind=SurfaceKind.DIMSE, port=port, tls=tls, status=Status.REJECTED, rung=Rung.SPEAKS)
        return (rejected,)
    surfaces = [_queries(server, port, budget, tls=tls)]
    if posture.worklist is not Door.ABSENT or posture.accepts_made_up:
        none = _why_none(server, posture.worklist)
        rung = Rung.READABLE if none is None else Rung.ADMITS
        worklist = SurfaceTruth(
            kind=SurfaceKind.WORKLIST,
            port=port,
            tls=tls,
            status=Status.SUCCESS,
            rung=rung,
            no_record=none,
            worklist_items=items_of(server.archive.patients) if none is None else None,
        )
        surfaces.append(worklist)
    return tuple(surfaces)


def _queries(server: Server, port: int, budget: Budget, *, tls: bool) -> SurfaceTruth:
    none = _why_none(server, server.dimse.queries)
    if none is None and _over_its_limit(server) and "StudyDate" in server.habits.ignores:
        none = NoRecord.UNDECIDED  # no question is narrow enough for it to answer
    if none is not None:
        return SurfaceTruth(
            kind=SurfaceKind.DIMSE, port=port, tls=tls, status=Status.SUCCESS, rung=Rung.ADMITS, no_record=none
        )
    retrieval = _HANDED[server.dimse.images]
    if server.dimse.accepts_made_up and retrieval is Retrieval.UNDETERMINED:
        retrieval = Retrieval.REFUSED  # accepted as every class is, and each request is answered 0122H
    return SurfaceTruth(
        kind=SurfaceKind.DIMSE,
        port=port,
        tls=tls,
        status=Status.SUCCESS,
        rung=Rung.RETRIEVABLE if retrieval is Retrieval.PROVED else Rung.READABLE,
        retrieval=retrieval,
        counts=_dimse_counts(server, budget),
    )


def _why_none(server: Server, door: Door) -> NoRecord | None:
    """Why a door gives no record, None where it gives one."""
    if door is not Door.OPEN:
        return _TURNED_AWAY[door]
    return None if server.archive.studies else NoRecord.NOTHING_FOUND


def _over_its_limit(server: Server) -> bool:
    """Whether the server answers a question for everything with a failure and no record."""
    limit = server.habits.limit
    return server.habits.capping is Capping.NOTHING and limit is not None and server.archive.studies > limit


def _dimse_counts(server: Server, budget: Budget) -> CountTruth:
    """A limit of the server, or of the one who counts, leaves "at least"."""
    archive, habits = server.archive, server.habits
    ends = [end for end in (habits.limit, habits.drops_after, budget.max_records) if end is not None]
    kind = CountKind.AT_LEAST if archive.studies > min(ends) else CountKind.EXACT
    # Without counts each study is looked into: what its images are is asked below it, within the budget.
    below = archive.studies if habits.counts else archive.studies + archive.images
    images_kind = CountKind.AT_LEAST if kind is CountKind.AT_LEAST or below > budget.max_records else CountKind.EXACT
    return CountTruth(
        patients=archive.patients, studies=archive.studies, images=archive.images, kind=kind, images_kind=images_kind
    )


def _web(server: Server, budget: Budget) -> tuple[SurfaceTruth, ...]:
    posture, port = server.web, server.web_port
    if posture is None or port is None:
        return ()
    tls = posture.tls is not Tls.NONE
    if posture.tls is Tls.MUTUAL:
        return (_no_dicom(port, tls=True),)
    shown = _SHUT[posture.kind] if posture.login else _PAGES[posture.kind]
    surfaces = [
        SurfaceTruth(kind=kind, port=port, tls=tls, status=Status.SUCCESS, rung=rung, no_record=none)
        for kind, rung, none in shown
    ]
    if posture.login or posture.kind is WebKind.VIEWER:
        return tuple(surfaces)
    held = server.archive
    counters = CountTruth(patients=held.patients, studies=held.studies, images=held.images)
    if posture.kind is WebKind.ORTHANC:
        # Orthanc tells a file's size to whoever may have the file; where it does not, nobody refused anything.
        surfaces.append(_records(SurfaceKind.ORTHANC_REST, server, port, tls, counters, Retrieval.UNDETERMINED))
    elif posture.kind is WebKind.DCM4CHEE:
        surfaces = [msgspec.structs.replace(surface, counts=counters) for surface in surfaces]
    paged = CountKind.AT_LEAST if held.studies > budget.max_records else CountKind.EXACT
    listed = msgspec.structs.replace(counters, kind=paged, images_kind=paged)
    surfaces.append(_records(SurfaceKind.DICOMWEB, server, port, tls, listed, Retrieval.REFUSED))
    return tuple(surfaces)


def _records(
    kind: SurfaceKind, server: Server, port: int, tls: bool, counts: CountTruth, without: Retrieval
) -> SurfaceTruth:
    """A web service that gives records to anybody, and images too unless its posture says otherwise."""
    surface = SurfaceTruth(kind=kind, port=port, tls=tls, status=Status.SUCCESS, rung=Rung.ADMITS)
    if not server.archive.studies:
        counted = counts if kind is SurfaceKind.ORTHANC_REST else None
        return msgspec.structs.replace(surface, no_record=NoRecord.NOTHING_FOUND, counts=counted)
    images = server.web is not None and server.web.images
    return msgspec.structs.replace(
        surface,
        rung=Rung.RETRIEVABLE if images else Rung.READABLE,
        retrieval=Retrieval.PROVED if images else without,
        counts=counts,
    )


# A bare DICOMweb service behind a login shows no mark of DICOM; a product's own login names the product.
_SHUT: dict[WebKind, tuple[tuple[SurfaceKind, Rung, NoRecord | None], ...]] = {
    WebKind.DICOMWEB: ((SurfaceKind.WEB, Rung.OTHER, None),),
    WebKind.ORTHANC: ((SurfaceKind.ORTHANC_REST, Rung.SPEAKS, None),),
    WebKind.DCM4CHEE: ((SurfaceKind.DCM4CHEE_REST, Rung.SPEAKS, None),),
    WebKind.VIEWER: ((SurfaceKind.VIEWER, Rung.SPEAKS, None),),
}
# What an open service shows beside its records: a page, or counters.
_PAGES: dict[WebKind, tuple[tuple[SurfaceKind, Rung, NoRecord | None], ...]] = {
    WebKind.DICOMWEB: (),
    WebKind.ORTHANC: ((SurfaceKind.VIEWER, Rung.ADMITS, NoRecord.UNDECIDED),),
    WebKind.DCM4CHEE: ((SurfaceKind.DCM4CHEE_REST, Rung.ADMITS, NoRecord.UNDECIDED),),
    WebKind.VIEWER: ((SurfaceKind.VIEWER, Rung.ADMITS, NoRecord.UNDECIDED),),
}
