"""A survey's results as one row a surface, with the same columns in CSV and Parquet."""

from collections.abc import Iterable, Iterator

import msgspec

from leadglass.model.assessment import Surface
from leadglass.model.exposure import Count
from leadglass.model.snapshot import StoredResult

FIGURES = ("patients", "studies", "images", "retrievable_images", "worklist_items")
_PARTS: dict[str, type] = {"": int, "_kind": str, "_low": int, "_high": int, "_confidence": float}
COLUMNS: dict[str, type] = {
    "position": int,
    "at": str,
    "target": str,
    "address": str,
    "country": str,
    "owner": str,
    "labels": str,
    "target_status": str,
    "target_proof": str,
    "vantage": str,
    "five_hundred": str,
    "products": str,
    "kind": str,
    "port": int,
    "tls": bool,
    "status": str,
    "proof": str,
    "retrieval": str,
    **{f"{figure}{part}": kind for figure in FIGURES for part, kind in _PARTS.items()},
    "first_year": int,
    "last_year": int,
    "kinds": str,
    "records_received": int,
    "connections": int,
    "busy_s": float,
    "bytes_received": int,
}
Value = str | int | float | bool | None


def rows(results: Iterable[StoredResult]) -> Iterator[dict[str, Value]]:
    """A row for each surface; a target without one has a row of its own, with the surface's columns empty."""
    for stored in results:
        for surface in stored.result.surfaces or (None,):
            yield {**dict.fromkeys(COLUMNS), **_target(stored), **(_surface(surface) if surface else {})}


def _target(stored: StoredResult) -> dict[str, Value]:
    result, labels = stored.result, dict(stored.labels)
    return {
        "position": stored.position,
        "at": stored.at.isoformat(),
        "target": result.target,
        "address": result.address,
        "country": labels.get("country"),
        "owner": labels.get("owner"),
        "labels": msgspec.json.encode(labels).decode(),
        "target_status": result.status.value,
        "target_proof": result.proof.value,
        "vantage": result.vantage.value if result.vantage else None,
        "five_hundred": result.five_hundred.answer.value if result.five_hundred else None,
        "products": "; ".join(f"{one.name} {one.version or ''}".strip() for one in result.products),
    }


def _surface(surface: Surface) -> dict[str, Value]:
    exposure = surface.exposure
    row: dict[str, Value] = {
        "kind": surface.kind.value,
        "port": surface.port,
        "tls": surface.tls,
        "status": surface.status.value,
        "proof": surface.proof.value,
        "retrieval": surface.retrieval.value,
        "records_received": surface.records_received,
        "connections": surface.connections,
        "busy_s": surface.busy_s,
        "bytes_received": surface.bytes_received,
    }
    if exposure is None:
        return row
    if exposure.kinds is not None:
        row["kinds"] = msgspec.json.encode(exposure.kinds).decode()
    if exposure.years is not None:
        row["first_year"], row["last_year"] = exposure.years
    for figure in FIGURES:
        count: Count | None = getattr(exposure, figure)
        if count is not None:
            values = (count.count, count.kind.value, count.low, count.high, count.confidence)
            row.update({f"{figure}{part}": value for part, value in zip(_PARTS, values, strict=True)})
    return row
