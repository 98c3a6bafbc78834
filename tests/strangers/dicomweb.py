"""A DICOMweb archive of made-up studies, and the ways in which real ones differ from the standard."""

from tests.strangers.web_server import DICOM_JSON, Asked, reply

CANARIES = ("CANARYPID", "Canarysson", "2.25.99007")


def element(vr: str, *values: object) -> dict[str, object]:
    """One attribute of the DICOM JSON model (PS3.18 F.2)."""
    return {"vr": vr, "Value": list(values)}


def study(
    number: int, *, patient: int | None = None, images: int | None = 2, modality: str = "CT"
) -> dict[str, object]:
    """One study's record."""
    record: dict[str, object] = {
        "00080020": element("DA", f"{2000 + number % 20}0611"),
        "00080061": element("CS", modality),
        "00100010": element("PN", {"Alphabetic": f"Canarysson^{number}"}),
        "00100020": element("LO", f"CANARYPID{number if patient is None else patient}"),
        "0020000D": element("UI", f"2.25.99007{number}"),
    }
    if images is not None:
        record["00201208"] = element("IS", images)
    return record


class Archive:
    """QIDO-RS and WADO-RS metadata under `base` (PS3.18 10.6, 10.4.1.1.3); any call may be told to misbehave."""

    def __init__(
        self,
        studies: list[dict[str, object]],
        base: str = "/dicom-web",
        *,
        kind: str = DICOM_JSON,
        most: int | None = None,
        obeys_limit: bool = True,
        obeys_offset: bool = True,
        obeys_keys: bool = True,
        metadata_status: int = 200,
    ) -> None:
        """`most` is the server's own cap of a page."""
        self._studies = studies
        self._base = base
        self._kind = kind
        self._most = most
        self._obeys = {"limit": obeys_limit, "offset": obeys_offset, "keys": obeys_keys}
        self._metadata_status = metadata_status

    def __call__(self, asked: Asked) -> bytes | None:
        """The answer to one request."""
        if not asked.path.startswith(f"{self._base}/studies"):
            return None
        parts = asked.path.removeprefix(f"{self._base}/studies").strip("/").split("/")
        if parts[-1] == "metadata":
            return reply([self._instance()], self._metadata_status, self._kind)
        if parts[-1] == "series":
            return reply([{"0020000E": element("UI", "2.25.990071.1")}], kind=self._kind)
        if parts[-1] == "instances":
            return reply([self._instance()], kind=self._kind)
        return reply(self._found(asked), kind=self._kind)

    def _instance(self) -> dict[str, object]:
        return {"00080018": element("UI", "2.25.990071.1.1"), "00100020": element("LO", "CANARYPID1")}

    def _found(self, asked: Asked) -> list[dict[str, object]]:
        uid = asked.query.get("StudyInstanceUID")
        found = self._studies
        if uid is not None and self._obeys["keys"]:
            found = [one for one in found if one["0020000D"] == element("UI", uid)]
        if self._obeys["offset"]:
            found = found[int(asked.query.get("offset", 0)) :]
        if self._obeys["limit"] and "limit" in asked.query:
            found = found[: int(asked.query["limit"])]
        return found if self._most is None else found[: self._most]
