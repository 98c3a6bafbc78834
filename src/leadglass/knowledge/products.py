"""A product is recognised by marks that stand here in tables, each row with its source and how far to trust it.

An Implementation Class UID alone decides nothing: programs borrow each other's (PS3.7 D.3.3.2 forbids parsing it),
so a row matches on the pair of class UID and version name.
"""

import re
from enum import StrEnum

from leadglass.model.record import Record

USUAL_DIMSE_PORTS = (104, 11112, 4242, 2761, 2762, 5678)
USUAL_WEB_PORTS = (80, 443, 8042, 8080, 8443)

ORTHANC = "Orthanc"
DCM4CHEE = "dcm4chee-arc"
DCMTK = "DCMTK"
CONQUEST = "Conquest"
DICOOGLE = "Dicoogle"
ANY_OTHER = "any other server"
DCMTK_TOOLKIT = "DCMTK toolkit (also Orthanc)"
DCM4CHE_TOOLKIT = "dcm4che toolkit (also dcm4chee-arc and Dicoogle)"


class Grade(StrEnum):
    """How far a row is to be trusted."""

    OWN_SOURCE = "in the product's own source or documentation"
    SEEN = "seen in a real exchange or file"
    LISTED = "in somebody else's list only"
    GENERAL = "general knowledge, without a source"


class DimseIdentity(Record):
    """One pair that an association shows: an Implementation Class UID and a version name.

    `class_uid` is exact, or a prefix where it ends in a dot. `version_name` is a pattern for the whole name; its group
    `version` is the version, where the name tells it. `version_in_uid` says that the rest of the UID is the version.
    `products` are the products that show this pair: they are told apart by other surfaces only.
    """

    name: str
    class_uid: str
    version_name: str
    products: tuple[str, ...]
    grade: Grade
    source: str
    version_in_uid: bool = False

    def matches(self, class_uid: str, version_name: str) -> bool:
        """Whether both halves of the pair fit."""
        prefix = self.class_uid.endswith(".")
        fits = class_uid.startswith(self.class_uid) if prefix else class_uid == self.class_uid
        return fits and re.fullmatch(self.version_name, version_name) is not None

    def version(self, class_uid: str, version_name: str) -> str | None:
        """The version that a matching pair tells, None where it tells none."""
        if self.version_in_uid:
            return class_uid.removeprefix(self.class_uid)
        found = re.fullmatch(self.version_name, version_name)
        return found.groupdict().get("version") if found else None


def _row(
    name: str,
    class_uid: str,
    version_name: str,
    grade: Grade,
    source: str,
    *,
    products: tuple[str, ...] = (),
    version_in_uid: bool = False,
) -> DimseIdentity:
    return DimseIdentity(
        name=name,
        class_uid=class_uid,
        version_name=version_name,
        products=products or (name,),
        grade=grade,
        source=source,
        version_in_uid=version_in_uid,
    )


_OWN, _SEEN = Grade.OWN_SOURCE, Grade.SEEN

DIMSE_IDENTITIES = (
    _row(
        DCMTK_TOOLKIT,
        "1.2.276.0.7230010.3.0.",
        r"OFFIS_DCMTK_\d+",
        _OWN,
        "DCMTK dcuid.h; Orthanc never overrides it",
        products=(ORTHANC, DCMTK),
        version_in_uid=True,
    ),
    _row("Horos or OsiriX", "1.2.276.0.7238010.5.0.3.5.4", r"OSIRIX", _OWN, "Horos dcuid.h"),
    _row(
        DCM4CHE_TOOLKIT,
        "1.2.40.0.13.1.3",
        r"dcm4che-(?P<version>\d[0-9.]*).*",
        _OWN,
        "dcm4che Implementation.java",
        products=(DCM4CHEE, DICOOGLE),
    ),
    _row("dcm4che 1 toolkit", "1.2.40.0.13.1.1", r"DCM4CHE.*", _OWN, "dcm4che 1 Impl.java"),
    _row("dcm4che 1 toolkit", "1.2.40.0.13.1.1.1", r"DCM4CHE.*", _OWN, "dcm4che 1 Impl.java"),
    _row("fo-dicom toolkit", "1.3.6.1.4.1.30071.8", r"fo-dicom (?P<version>\d[0-9.]*).*", _OWN, "fo-dicom source"),
    _row("ClearCanvas ImageServer", "1.3.6.1.4.1.25403.1.1.1", r"Dicom 0\.1", _OWN, "ClearCanvas source"),
    _row(
        "pynetdicom toolkit",
        "1.2.826.0.1.3680043.9.3811.",
        r"PYNETDICOM_\d+",
        _OWN,
        "pynetdicom source",
        version_in_uid=True,
    ),
    _row(
        CONQUEST,
        "1.2.826.0.1.3680043.2.135.1066.101",
        r"(?P<version>\d+\.\d+\.\d+[0-9a-z]*)/(?:WIN32|OTHER)",
        _OWN,
        "Conquest version.h, and a real exchange",
    ),
    _row("ruby-dicom toolkit", "1.2.826.0.1.3680043.8.641", r"RUBY-DCM_.*", _OWN, "ruby-dicom source"),
    _row(
        "go-netdicom toolkit (the dicompot decoy shows it)",
        "1.2.826.0.1.3680043.9.7133.1.1",
        r"GODICOM_1_1",
        _OWN,
        "go-dicom and dicompot source",
    ),
    _row(
        "dicom-rs toolkit",
        "2.25.175220362680028036156011002668768058626",
        r"DICOM-rs (?P<version>0\.10\.\d+)",
        _OWN,
        "dicom-rs source, version 0.10; the UID changes with the version",
    ),
    _row("LEADTOOLS toolkit", "1.2.840.114257.1123456", r"LTPACSF V\d+", _OWN, "LEADTOOLS samples"),
    _row("Merge toolkit", "2.16.840.1.113669.2.1.1", r"MergeCOM3_\d+", _OWN, "Merge toolkit placeholder, and files"),
    _row(
        "Fujifilm Synapse",
        "1.2.840.113845.1.1",
        r"Syn(?P<version>\d+(?:,\d+)*)",
        _SEEN,
        "file metadata and a decoy's profile",
    ),
    _row("GE Advantage Workstation", "1.2.840.113619.6.144", r"AW\d.*", _SEEN, "files"),
    _row("Siemens MR", "1.3.12.2.1107.5.2", r"MR_V.*", _SEEN, "a real exchange"),
    _row("Agfa (Mitra) Broker", "1.2.124.113532.3320", r"BROKER(?P<version>[0-9.]+)", _SEEN, "pynetdicom issue 240"),
)


def dimse_identity(class_uid: str | None, version_name: str | None) -> DimseIdentity | None:
    """The row that the pair fits, None where half of it is missing or no row knows it."""
    if not class_uid or not version_name:
        return None
    return next((row for row in DIMSE_IDENTITIES if row.matches(class_uid, version_name)), None)


class Defaults(Record):
    """What a product ships with: ports, called AE titles, and whether strangers may store (None: not known)."""

    product: str
    dimse_ports: tuple[int, ...]
    called_ae_titles: tuple[str, ...]
    web_ports: tuple[int, ...]
    strangers_may_store: bool | None
    source: str


def _defaults(
    product: str, dimse: tuple[int, ...], titles: tuple[str, ...], web: tuple[int, ...], store: bool | None, source: str
) -> Defaults:
    return Defaults(
        product=product,
        dimse_ports=dimse,
        called_ae_titles=titles,
        web_ports=web,
        strangers_may_store=store,
        source=source,
    )


DEFAULTS = (
    _defaults(ORTHANC, (4242,), ("ORTHANC",), (8042,), True, "Orthanc source, 2024-06 and 2026-08"),
    _defaults(
        DCM4CHEE,
        (11112, 2762),
        ("DCM4CHEE", "AS_RECEIVED", "WORKLIST"),
        (8080, 8443),
        None,
        "dcm4chee-arc default-config.ldif, 2026-08",
    ),
    _defaults("Horos or OsiriX", (11112,), ("OSIRIX",), (3333,), None, "Horos source"),
    _defaults(CONQUEST, (5678,), ("CONQUESTSRV1",), (80,), None, "Conquest dicom.ini"),
    _defaults("ClearCanvas ImageServer", (104,), (), (), None, "ClearCanvas source"),
    _defaults(DICOOGLE, (6666, 1045), ("DICOOGLE-STORAGE",), (8080,), None, "Dicoogle source and documentation"),
)


def strangers_may_store_by_default(product: str) -> bool | None:
    """Whether `product` as shipped keeps what any caller sends; None where that is not known."""
    return next((row.strangers_may_store for row in DEFAULTS if row.product == product), None)


def remedy_families(product: str) -> tuple[str, ...]:
    """The products whose remedies fit an identified product: a toolkit stands for those that are built on it."""
    return next((row.products for row in DIMSE_IDENTITIES if row.name == product), (product,))
