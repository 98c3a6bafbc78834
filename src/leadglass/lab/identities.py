"""The servers of a world bear identities that real servers show; each fits a row of `knowledge.products`."""

from leadglass.knowledge.products import CONQUEST, DCM4CHEE, DCMTK, DICOOGLE, ORTHANC, dimse_identity
from leadglass.lab.population import Identity

_DCMTK = "1.2.276.0.7230010.3.0."
_DCM4CHE = "1.2.40.0.13.1.3"


def _identity(product: str, class_uid: str, version_name: str) -> Identity:
    return Identity(product=product, class_uid=class_uid, version_name=version_name)


IDENTITIES = {
    "orthanc": _identity(ORTHANC, f"{_DCMTK}3.6.7", "OFFIS_DCMTK_367"),
    "orthanc-2019": _identity(ORTHANC, f"{_DCMTK}3.6.4", "OFFIS_DCMTK_364"),
    "dcmtk": _identity(DCMTK, f"{_DCMTK}3.6.7", "OFFIS_DCMTK_367"),
    "dcmtk-2011": _identity(DCMTK, f"{_DCMTK}3.6.0", "OFFIS_DCMTK_360"),
    "dcm4chee": _identity(DCM4CHEE, _DCM4CHE, "dcm4che-5.31.2"),
    "dcm4chee-2019": _identity(DCM4CHEE, _DCM4CHE, "dcm4che-5.17.1"),
    "dicoogle": _identity(DICOOGLE, _DCM4CHE, "dcm4che-3.3.7"),
    "dcm4che-1": _identity("dcm4che 1 toolkit", "1.2.40.0.13.1.1", "DCM4CHE01APR02"),
    "horos": _identity("Horos or OsiriX", "1.2.276.0.7238010.5.0.3.5.4", "OSIRIX"),
    "conquest": _identity(CONQUEST, "1.2.826.0.1.3680043.2.135.1066.101", "1.5.0/WIN32"),
    "conquest-2010": _identity(CONQUEST, "1.2.826.0.1.3680043.2.135.1066.101", "1.4.16/OTHER"),
    "clearcanvas": _identity("ClearCanvas ImageServer", "1.3.6.1.4.1.25403.1.1.1", "Dicom 0.1"),
    "fo-dicom": _identity("fo-dicom toolkit", "1.3.6.1.4.1.30071.8", "fo-dicom 4.0.8"),
    "pynetdicom": _identity("pynetdicom toolkit", "1.2.826.0.1.3680043.9.3811.2.0.2", "PYNETDICOM_202"),
    "leadtools": _identity("LEADTOOLS toolkit", "1.2.840.114257.1123456", "LTPACSF V19"),
    "merge": _identity("Merge toolkit", "2.16.840.1.113669.2.1.1", "MergeCOM3_410"),
    "synapse": _identity("Fujifilm Synapse", "1.2.840.113845.1.1", "Syn7,3,0,258"),
    "ge-workstation": _identity("GE Advantage Workstation", "1.2.840.113619.6.144", "AW4_2_06_02_EXT"),
    "agfa-broker": _identity("Agfa (Mitra) Broker", "1.2.124.113532.3320", "BROKER992.0"),
    # Decoys show an identity of others, or of the toolkit that they are made of.
    "dicompot": _identity("dicompot (a decoy)", "1.2.826.0.1.3680043.9.7133.1.1", "GODICOM_1_1"),
    "dicomhawk-synapse": _identity("DicomHawk (a decoy)", "1.2.840.113845.1.1", "Syn7,3,0,258"),
    "dicomhawk-orthanc": _identity("DicomHawk (a decoy)", "1.2.826.0.1.3680043.9.3811.3.0.4", "PYNETDICOM_304"),
    "made-up-orthanc": _identity("a decoy that plays Orthanc", f"{_DCMTK}3.6.7", "OFFIS_DCMTK_367"),
}


def why_unfit(identity: Identity, *, decoy: bool) -> str | None:
    """Why no such server could be: its pair fits no known row, or the row is another product's. None where it could."""
    row = dimse_identity(identity.class_uid, identity.version_name)
    if row is None:
        return "no product that Leadglass knows shows this class UID with this version name"
    if decoy or identity.product in (row.name, *row.products):
        return None
    return f"this pair is shown by {' or '.join(dict.fromkeys((row.name, *row.products)))}"
