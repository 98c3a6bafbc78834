"""Every path that a web server may be asked for stands in this table, with the permission that it needs.

A test compares it with what servers were really asked: one that is missing here would be sent unannounced.
"""

from leadglass.knowledge.web_roots import DCM4CHEE_PREFIX, DCM4CHEE_TITLE, DICOMWEB_ROOTS, ORTHANC_BASES, WADO_URI_PATHS
from leadglass.model.record import Record
from leadglass.model.words import Permission
from leadglass.survey.options import Options

_CONNECT, _READ, _IMAGES = Permission.CONNECT, Permission.READ_RECORD, Permission.REQUEST_IMAGES


class Question(Record):
    """One kind of request: `path` has names in braces for what is put in, `note` says what is not in the path.

    `counts` marks what is asked only to count.
    """

    permission: Permission
    path: str
    note: str = ""
    method: str = "GET"
    counts: bool = False

    @property
    def shown(self) -> str:
        """Method, path and note."""
        return f"{self.method} {self.path}{f' ({self.note})' if self.note else ''}"


_ARC = f"{DCM4CHEE_PREFIX}/aets"
QUESTIONS = (
    Question(permission=_CONNECT, path="/{nonsense}", note="how it answers what nobody serves"),
    Question(permission=_CONNECT, path="/{nonsense}/{tail}", note="the same under a root that nobody serves"),
    Question(permission=_CONNECT, path="{beside}/{nonsense}", note="beside a root that asks for a login"),
    Question(permission=_CONNECT, path="/", note="the start page, and where it leads within the server"),
    Question(permission=_CONNECT, path="{given}", note="the path that you gave, likewise"),
    Question(permission=_CONNECT, path="{base}/system"),
    Question(permission=_CONNECT, path="{base}/statistics"),
    Question(permission=_CONNECT, path="{base}/webdav/", method="PROPFIND"),
    Question(permission=_CONNECT, path=_ARC),
    Question(permission=_CONNECT, path=f"{_ARC}/{{title}}/rs/studies/count"),
    Question(permission=_CONNECT, path=f"{_ARC}/{{title}}/rs/patients/count", counts=True),
    Question(permission=_CONNECT, path=f"{_ARC}/{{title}}/rs/instances/count", counts=True),
    Question(
        permission=_CONNECT,
        path="{root}/studies",
        note="QIDO-RS for a UID that nobody has; also under a root that one leads to",
    ),
    Question(permission=_CONNECT, path="{root}/workitems", note="UPS-RS for a UID that nobody has"),
    Question(permission=_CONNECT, path="/search", note="Dicoogle, for a UID that nobody has"),
    *(Question(permission=_CONNECT, path=p, note="WADO-URI for UIDs that nobody has") for p in WADO_URI_PATHS),
    Question(permission=_CONNECT, path=f"{_ARC}/{{title}}/wado", note="likewise"),
    Question(permission=_READ, path="{base}/studies", note="Orthanc's key of one study"),
    Question(permission=_READ, path="{base}/webdav/by-dates/{folders}", method="PROPFIND"),
    Question(permission=_READ, path="{base}/webdav/by-patients/", method="PROPFIND"),
    Question(
        permission=_READ,
        path="{root}/studies",
        note="QIDO-RS for one study; where it wants a key, by StudyDate or PatientID",
    ),
    Question(
        permission=_READ,
        path="{root}/studies",
        note="pages of studies, to count them; single ones of a long list, to find its end",
        counts=True,
    ),
    Question(permission=_READ, path="{root}/instances", note="single ones, to find the end of their list", counts=True),
    Question(permission=_READ, path="{root}/workitems", note="UPS-RS for one item"),
    Question(permission=_READ, path="/search", note="Dicoogle, for one result"),
    Question(permission=_IMAGES, path="{base}/instances", note="Orthanc's key of one image"),
    Question(permission=_IMAGES, path="{base}/instances/{id}/attachments/dicom/size"),
    Question(permission=_IMAGES, path="{root}/studies/{study}/series"),
    Question(permission=_IMAGES, path="{root}/studies/{study}/series/{series}/instances"),
    Question(
        permission=_IMAGES,
        path="{root}/studies/{study}/series/{series}/instances/{instance}/metadata",
        note="never the image",
    ),
    Question(
        permission=Permission.SAMPLE_KINDS,
        path="{root}/studies",
        note="20 of the studies that were counted, by their UIDs, for the kinds of their data",
        counts=True,
    ),
)


def places(given: str, options: Options) -> dict[str, tuple[str, ...]]:
    """What {base}, {root} and {title} stand for, with the path that the user `given`."""
    own = (given, f"{given}/dicom-web") if given else ()
    titles = tuple(dict.fromkeys((*options.called_ae_titles, DCM4CHEE_TITLE)))
    roots = tuple(row.path for row in DICOMWEB_ROOTS)
    return {
        "base": tuple(dict.fromkeys((*ORTHANC_BASES, *((given,) if given else ())))),
        "root": (*own, *roots, f"{_ARC}/{{title}}/rs"),
        "title": (*titles, "the first that the server lists"),
    }


def web_lines(permission: Permission, given: str, options: Options) -> list[str]:
    """What is asked under one permission, a line for each kind of request."""
    asked = [q for q in QUESTIONS if q.permission is permission and (options.measure or not q.counts)]
    return [question.shown for question in asked if given or question.path != "{given}"]
