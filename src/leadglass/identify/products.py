"""What the surfaces show is merged into software: a product where the facts name one, a toolkit where they do not.

The web names a product; DIMSE names the toolkit that it is built on. Where both are seen, and the product is known to
be built on that toolkit, they become one product, and its basis names the toolkit and the toolkit's version.
"""

from leadglass.knowledge.products import DimseIdentity, dimse_identity
from leadglass.model.assessment import Product, Surface
from leadglass.model.record import Record


class _Sight(Record):
    """One toolkit or product as seen by DIMSE."""

    identity: DimseIdentity
    version: str | None
    ports: tuple[int, ...]
    version_name: str


def identify_products(surfaces: tuple[Surface, ...]) -> tuple[Product, ...]:
    """The software that the facts point to: named products first, then what DIMSE alone shows."""
    sights = _dimse_sights(surfaces)
    products: list[Product] = []
    used: set[str] = set()
    for name, version, words in _web_products(surfaces):
        below = [sight for sight in sights if name in sight.identity.products]
        used |= {sight.identity.name for sight in below}
        # A product that DIMSE names itself, not through a toolkit, tells its version there.
        own = next((sight.version for sight in below if sight.identity.name == name), None)
        basis = "; ".join([words, *(_toolkit_words(sight, name) for sight in below)])
        products.append(Product(name=name, version=version or own, basis=basis))
    for sight in sights:
        if sight.identity.name not in used:
            basis = (
                f"DIMSE on {_ports(sight.ports)}: Implementation Class UID and version name "
                f'"{sight.version_name}" together ({sight.identity.grade})'
            )
            products.append(Product(name=sight.identity.name, version=sight.version, basis=basis))
    return tuple(products)


def _dimse_sights(surfaces: tuple[Surface, ...]) -> list[_Sight]:
    found: dict[tuple[str, str | None], _Sight] = {}
    for surface in surfaces:
        facts = surface.facts.dimse
        if facts is None:
            continue
        uid, name = facts.implementation_class_uid, facts.implementation_version_name
        identity = dimse_identity(uid, name)
        if identity is None or uid is None or name is None:
            continue
        version = identity.version(uid, name)
        key = (identity.name, version)
        earlier = found[key].ports if key in found else ()
        ports = tuple(dict.fromkeys((*earlier, surface.port)))
        found[key] = _Sight(identity=identity, version=version, ports=ports, version_name=name)
    return list(found.values())


def _web_products(surfaces: tuple[Surface, ...]) -> list[tuple[str, str | None, str]]:
    """Each product that a web service showed: its name, its version where one was told, and the basis in words."""
    versions: dict[str, str | None] = {}
    marks: dict[str, list[str]] = {}
    ports: dict[str, list[int]] = {}
    for surface in surfaces:
        web = surface.facts.web
        for name in web.products if web else ():
            # A version stands on the page of one product; with two on a surface nobody knows whose it is.
            told = web.version if web and len(web.products) == 1 else None
            versions[name] = versions.get(name) or told
            marks.setdefault(name, []).extend(web.marks if web else ())
            ports.setdefault(name, []).append(surface.port)
    return [(name, version, _web_words(marks[name], ports[name])) for name, version in versions.items()]


def _web_words(marks: list[str], ports: list[int]) -> str:
    shown = ", ".join(dict.fromkeys(marks))
    return f"web service on {_ports(tuple(dict.fromkeys(ports)))}" + (f" ({shown})" if shown else "")


def _toolkit_words(sight: _Sight, product: str) -> str:
    where = f"DIMSE on {_ports(sight.ports)} shows"
    if sight.identity.name == product:
        return f'{where} the same product ("{sight.version_name}")'
    toolkit = sight.identity.name.partition(" toolkit")[0]
    version = f" {sight.version}" if sight.version else ""
    return f"{where} its toolkit {toolkit}{version}"


def _ports(ports: tuple[int, ...]) -> str:
    return ("port " if len(ports) == 1 else "ports ") + ", ".join(str(port) for port in ports)
