"""What a check reported is held against the lab's truth, field by field; what differs is told in words."""

from collections.abc import Iterator

from leadglass.knowledge.products import dimse_identity
from leadglass.lab.surfaces import CountTruth, SurfaceTruth
from leadglass.lab.truth import AddressTruth
from leadglass.model.assessment import Surface, TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind, Retrieval, Rung, SurfaceKind


def differences(
    truth: AddressTruth,
    result: TargetResult,
    surfaces: tuple[SurfaceTruth, ...] | None = None,
) -> list[str]:
    """Everything in which the report is not the truth; `surfaces` are those of another way to ask."""
    expected = truth.surfaces if surfaces is None else surfaces
    rung = max((surface.rung for surface in expected), key=lambda rung: rung.height, default=Rung.SILENT)
    met = {(found.port, found.kind): found for found in result.surfaces if found.proof is not Rung.SILENT}
    wanted = {(surface.port, surface.kind): surface for surface in expected}
    told = [
        *_unlike("address", truth.address, result.address),
        *_unlike("status", truth.status, result.status),
        *_unlike("rung", rung, result.proof),
        *_unlike("surfaces", sorted(wanted), sorted(met)),
        *_product(truth, result),
    ]
    for key in wanted.keys() & met.keys():
        told += (f"{key}: {words}" for words in _surface(truth, wanted[key], met[key]))
    return told


def _unlike(what: str, truth: object, found: object) -> Iterator[str]:
    if truth != found:
        yield f"{what} is {truth!r}, and {found!r} was reported"


def _surface(server: AddressTruth, truth: SurfaceTruth, found: Surface) -> Iterator[str]:
    yield from _unlike("TLS", truth.tls, found.tls)
    yield from _unlike("status", truth.status, found.status)
    yield from _unlike("rung", truth.rung, found.proof)
    yield from _unlike("retrieval", truth.retrieval, found.retrieval)
    yield from _unlike("why no record", truth.no_record, found.facts.no_record)
    if found.facts.dimse is not None and found.facts.dimse.implementation_class_uid is not None:
        yield from _unlike("class UID", server.implementation_class_uid, found.facts.dimse.implementation_class_uid)
        name = found.facts.dimse.implementation_version_name
        yield from _unlike("version name", server.implementation_version_name, name)
    if truth.kind is SurfaceKind.WORKLIST:
        yield from _worklist(server, truth, found.exposure)
    elif truth.counts is not None and found.exposure is not None:
        yield from _counts(truth.counts, found.exposure)
        yield from _retrievable(truth, found)
    else:
        yield from _unlike("a count", truth.counts is not None, found.exposure is not None)


def _worklist(server: AddressTruth, truth: SurfaceTruth, found: Exposure | None) -> Iterator[str]:
    if not truth.rung.at_least(Rung.READABLE):
        yield from _unlike("a count", False, found is not None)
        return
    items = Count.exact(truth.worklist_items or 0)
    yield from _unlike("items", items, found and found.worklist_items)
    yield from _unlike("patients of the worklist", items, found and found.patients)


def _counts(truth: CountTruth, found: Exposure) -> Iterator[str]:
    yield from _count("patients", truth.patients, truth.kind, found.patients)
    yield from _count("studies", truth.studies, truth.kind, found.studies)
    yield from _count("images", truth.images, truth.images_kind, found.images)


def _retrievable(truth: SurfaceTruth, found: Surface) -> Iterator[str]:
    """Over DIMSE alone; where images are handed over all are, so that all that were asked for are seen to be."""
    exposure = found.exposure or Exposure()
    images, count = exposure.images, exposure.retrievable_images
    expected = truth.kind is SurfaceKind.DIMSE and truth.retrieval is Retrieval.PROVED and images is not None
    yield from _unlike("a figure of retrievable images", expected, count is not None)
    if count is not None and images is not None:
        yield from _unlike("what is retrievable", images.count, count.count if count.high is not None else images.count)
        if not 0 < count.low <= images.count:
            yield f"{count.low:,} images are retrievable at least, of {images.count:,}"


def _count(what: str, truth: int, kind: CountKind, found: Count | None) -> Iterator[str]:
    if found is not None and found.kind is CountKind.ESTIMATE and found.high is not None:
        # One interval in twenty misses the truth, and hardly one in ten thousand by its own width.
        if abs(found.count - truth) > found.high - found.low:
            yield f"{what} are about {found.count:,}, and {truth:,} in truth"
        return
    if found is None or kind is CountKind.EXACT:
        yield from _unlike(what, Count.exact(truth), found)
        return
    yield from _unlike(f"the kind of {what}", kind, found.kind)
    if not 0 < found.count <= truth:
        yield f"{what} are at least {found.count:,}, and {truth:,} in truth"


def _product(truth: AddressTruth, result: TargetResult) -> Iterator[str]:
    """A product that is named is the true one, or a toolkit that it is made of; who told it is named."""
    row = dimse_identity(truth.implementation_class_uid, truth.implementation_version_name)
    right = {truth.product} if row is None else {truth.product, row.name, *row.products}
    if any(surface.kind is SurfaceKind.VIEWER for surface in truth.surfaces):
        right.add("OHIF Viewer")  # the page of the lab's viewers
    wrong = [product.name for product in result.products if product.name not in right]
    yield from _unlike("products that it is not", [], wrong)
    told = any(one.facts.dimse and one.facts.dimse.implementation_class_uid for one in result.surfaces)
    if told:
        yield from _unlike("a product is named", True, bool(result.products))
