"""The tables have unique keys, every row names its source, and the look-ups decide as the rows say."""

from leadglass.knowledge import clauses, sop_classes
from leadglass.knowledge.products import (
    DCMTK_TOOLKIT,
    DEFAULTS,
    DIMSE_IDENTITIES,
    Grade,
    dimse_identity,
    remedy_families,
    strangers_may_store_by_default,
)
from leadglass.knowledge.sop_classes import uid_name
from leadglass.knowledge.web_marks import VIEWER_TITLES, WEB_MARKS, product_by_realm, viewer_by_title

DCMTK_UID = "1.2.276.0.7230010.3.0.3.6.7"


def test_keys_are_unique_and_sources_named() -> None:
    """A row twice, or a row without a source, is a row that nobody can check."""
    keys = [(row.class_uid, row.version_name) for row in DIMSE_IDENTITIES]
    assert len(keys) == len(set(keys))
    titles = [row.title.casefold() for row in VIEWER_TITLES]
    assert len(titles) == len(set(titles))
    marks = [(row.kind, row.value) for row in WEB_MARKS]
    assert len(marks) == len(set(marks))
    products = [row.product for row in DEFAULTS]
    assert len(products) == len(set(products))
    for row in (*DIMSE_IDENTITIES, *VIEWER_TITLES, *WEB_MARKS, *DEFAULTS):
        assert row.source
    for row in (*DIMSE_IDENTITIES, *VIEWER_TITLES, *WEB_MARKS):
        assert ("general knowledge" in row.source) == (row.grade is Grade.GENERAL)


def test_clauses() -> None:
    """Every clause once, with a title and where to read it."""
    ids = [clause.id for clause in clauses.ALL_CLAUSES]
    assert len(ids) == len(set(ids)) > 20
    assert all(clause.title and clause.source for clause in clauses.ALL_CLAUSES)
    assert clauses.PS315_TLS.title == "BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile"
    assert clauses.HIPAA_ACCESS_CONTROL.id == "45 CFR 164.312(a)(1)"


def test_identities_go_by_the_pair() -> None:
    """A UID with another program's version name is nobody's, and half a pair is none."""
    found = dimse_identity(DCMTK_UID, "OFFIS_DCMTK_367")
    assert found is not None
    assert found.name == DCMTK_TOOLKIT
    assert found.version(DCMTK_UID, "OFFIS_DCMTK_367") == "3.6.7"
    assert dimse_identity(DCMTK_UID, "CAMBRIDGE_001") is None
    assert dimse_identity("1.2.40.0.13.1.3", "OFFIS_DCMTK_367") is None
    assert dimse_identity(DCMTK_UID, None) is None
    assert dimse_identity(None, "OFFIS_DCMTK_367") is None


def test_identities_of_other_products() -> None:
    """Names as real programs send them, cut at 16 characters."""
    pairs = {
        ("1.2.40.0.13.1.3", "dcm4che-5.31.2"): ("dcm4che toolkit (also dcm4chee-arc and Dicoogle)", "5.31.2"),
        ("1.2.826.0.1.3680043.9.3811.3.0.4", "PYNETDICOM_304"): ("pynetdicom toolkit", "3.0.4"),
        ("1.2.826.0.1.3680043.2.135.1066.101", "1.5.0/WIN32"): ("Conquest", "1.5.0"),
        ("1.2.826.0.1.3680043.2.135.1066.101", "1.4.16/OTHER"): ("Conquest", "1.4.16"),
        ("1.2.276.0.7238010.5.0.3.5.4", "OSIRIX"): ("Horos or OsiriX", None),
        ("1.2.840.113845.1.1", "Syn7,3,0,258"): ("Fujifilm Synapse", "7,3,0,258"),
        ("1.3.6.1.4.1.30071.8", "fo-dicom 5.1.2"): ("fo-dicom toolkit", "5.1.2"),
    }
    for (uid, name), (product, version) in pairs.items():
        found = dimse_identity(uid, name)
        assert found is not None, name
        assert (found.name, found.version(uid, name)) == (product, version)


def test_defaults_and_families() -> None:
    """Only what is sourced is said to be open as shipped."""
    assert strangers_may_store_by_default("Orthanc") is True
    assert strangers_may_store_by_default("dcm4chee-arc") is None
    assert strangers_may_store_by_default("nobody's") is None
    assert remedy_families(DCMTK_TOOLKIT) == ("Orthanc", "DCMTK")
    assert remedy_families("nobody's") == ("nobody's",)


def test_viewer_titles() -> None:
    """Case and blanks aside; a name that stands alone is not found within a sentence."""
    assert viewer_by_title("Orthanc Explorer") == "Orthanc"
    assert viewer_by_title("  orthanc\n explorer 2 ") == "Orthanc"
    assert viewer_by_title("INTELLISPACE") == "Philips IntelliSpace"
    assert viewer_by_title("How we moved from Intellispace") is None
    assert viewer_by_title("OsiriX") == "Horos or OsiriX"
    assert viewer_by_title("Welcome to nginx!") is None
    assert viewer_by_title("") is None
    for row in VIEWER_TITLES:
        assert viewer_by_title(row.title.upper()) == row.product


def test_realms() -> None:
    """Orthanc's login names itself."""
    assert product_by_realm("Orthanc Secure Area") == "Orthanc"
    assert product_by_realm("Restricted") is None


def test_uids() -> None:
    """Names for what is known, the UID itself for the rest; no UID is in two tables."""
    assert uid_name("1.2.840.10008.1.1") == "Verification"
    assert uid_name("1.2.3") == "1.2.3"
    tables = (sop_classes.SERVICES, sop_classes.STORAGE, sop_classes.TRANSFER_SYNTAXES)
    assert sum(map(len, tables)) == len(sop_classes.NAMES)
    assert all(uid.startswith("1.2.840.10008.") and len(uid) <= 64 for uid in sop_classes.NAMES)
