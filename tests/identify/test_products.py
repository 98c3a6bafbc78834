"""DIMSE and web facts become products; a toolkit is not taken for a product, nor a product for its toolkit."""

from leadglass.identify.products import identify_products
from leadglass.model.assessment import Surface
from leadglass.model.facts import DimseFacts, WebFacts
from leadglass.model.words import SurfaceKind
from tests.checks.samples import surface

DCMTK = ("1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367")
DCM4CHE = ("1.2.40.0.13.1.3", "dcm4che-5.31.2")
CONQUEST = ("1.2.826.0.1.3680043.2.135.1066.101", "1.5.0/WIN32")


def dimse(pair: tuple[str, str | None], port: int = 4242) -> Surface:
    """A DIMSE surface that shows a pair."""
    facts = DimseFacts(implementation_class_uid=pair[0], implementation_version_name=pair[1])
    return surface(dimse=facts, port=port)


def web(*products: str, version: str | None = None, marks: tuple[str, ...] = ("title",)) -> Surface:
    """A web surface that shows products."""
    return surface(SurfaceKind.WEB, port=8042, web=WebFacts(products=products, version=version, marks=marks))


def test_a_toolkit_alone() -> None:
    """DIMSE alone cannot tell Orthanc from DCMTK."""
    (product,) = identify_products((dimse(DCMTK),))
    assert (product.name, product.version) == ("DCMTK toolkit (also Orthanc)", "3.6.7")
    assert "OFFIS_DCMTK_367" in product.basis


def test_a_product_with_its_toolkit() -> None:
    """The web names Orthanc and its version; the toolkit keeps its own version in the basis."""
    (product,) = identify_products((dimse(DCMTK), web("Orthanc", version="1.10.1")))
    assert (product.name, product.version) == ("Orthanc", "1.10.1")
    assert "toolkit DCMTK 3.6.7" in product.basis
    assert "port 8042 (title)" in product.basis


def test_the_toolkits_version_is_never_the_products() -> None:
    """Orthanc that hides its version has none, whatever DCMTK says."""
    (product,) = identify_products((dimse(DCMTK), web("Orthanc")))
    assert product.version is None


def test_a_product_that_dimse_names_itself() -> None:
    """Conquest tells its version by DIMSE, and a page adds to the basis."""
    (product,) = identify_products((dimse(CONQUEST), web("Conquest")))
    assert (product.name, product.version) == ("Conquest", "1.5.0")
    (product,) = identify_products((dimse(CONQUEST),))
    assert (product.name, product.version) == ("Conquest", "1.5.0")


def test_a_toolkit_of_another_product_stays() -> None:
    """OHIF before a dcm4che archive: two things."""
    products = identify_products((dimse(DCM4CHE), web("OHIF Viewer")))
    assert [product.name for product in products] == [
        "OHIF Viewer",
        "dcm4che toolkit (also dcm4chee-arc and Dicoogle)",
    ]


def test_ports_and_surfaces_are_merged() -> None:
    """One server on two ports and two web surfaces is one product."""
    surfaces = (dimse(DCMTK), dimse(DCMTK, 2762), web("Orthanc"), web("Orthanc", version="1.10.1", marks=("realm",)))
    (product,) = identify_products(surfaces)
    assert product.version == "1.10.1"
    assert "ports 4242, 2762" in product.basis
    assert "(title, realm)" in product.basis


def test_two_versions_of_a_toolkit_are_two() -> None:
    """Two servers on one host."""
    other = ("1.2.276.0.7230010.3.0.3.6.9", "OFFIS_DCMTK_369")
    versions = [product.version for product in identify_products((dimse(DCMTK), dimse(other, 104)))]
    assert versions == ["3.6.7", "3.6.9"]


def test_a_shared_page_gives_nobody_its_version() -> None:
    """With two products on a page nobody knows whose version it is."""
    products = identify_products((web("Orthanc", "OHIF Viewer", version="1.0"),))
    assert [product.version for product in products] == [None, None]


def test_unknown_pairs_name_nothing() -> None:
    """A borrowed UID, half a pair, no facts at all."""
    assert identify_products((dimse((DCMTK[0], "CAMBRIDGE_001")), dimse((DCMTK[0], None)), surface())) == ()
    assert identify_products(()) == ()
