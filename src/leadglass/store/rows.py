"""A target's result becomes rows, and the rows become the same result again."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from leadglass.model.assessment import Surface, TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import SurfaceFacts
from leadglass.model.finding import Finding
from leadglass.model.record import Record
from leadglass.model.scope import Labels
from leadglass.model.snapshot import StoredResult
from leadglass.store.schema import FIGURES

Row = dict[str, Any]


class Rows(Record):
    """The rows of one result. Those beside `target` get its number when the database has given it one."""

    target: Row
    surfaces: tuple[Row, ...]
    exposures: tuple[Row, ...]
    findings: tuple[Row, ...]
    advice: dict[str, str]


_ADVICE_HELD = 4_096  # pieces of advice: there are a few for each check


def rows_of(stored: StoredResult, survey: str, run: int) -> Rows:
    """What `stored` is in the database."""
    result = stored.result
    advice: dict[str, str] = {}
    return Rows(
        target={
            "survey": survey,
            "position": stored.position,
            "run": run,
            "target": result.target,
            "address": result.address,
            "labels": labels_json(stored.labels),
            "at": stored.at,
            "status": result.status.value,
            "proof": result.proof.value,
            "vantage": result.vantage.value if result.vantage else None,
            "record": _json(msgspec.structs.replace(result, surfaces=(), findings=(), exposure=None)),
        },
        surfaces=tuple(_surface(number, surface) for number, surface in enumerate(result.surfaces)),
        exposures=tuple(
            _exposure(number, surface.exposure)
            for number, surface in enumerate(result.surfaces)
            if surface.exposure is not None
        ),
        findings=tuple(_finding(number, finding, advice) for number, finding in enumerate(result.findings)),
        advice=advice,
    )


def result_of(
    target: Any, surfaces: Sequence[Any], exposures: Sequence[Any], findings: Sequence[tuple[Any, str]]
) -> StoredResult:
    """The result that these rows are; `findings` come each with the text of its advice."""
    shown = {row.surface: exposure_of(row) for row in exposures}
    found = tuple(_surface_of(row, shown.get(row.number)) for row in surfaces)
    result = msgspec.json.decode(target.record, type=TargetResult)
    most = [s.exposure for s in found if s.proof is result.proof and s.exposure is not None]
    return StoredResult(
        position=target.position,
        labels=labels_of(target.labels),
        at=target.at,
        result=msgspec.structs.replace(
            result,
            surfaces=found,
            exposure=max(most, key=lambda one: (one.weight, one.told), default=None),
            findings=tuple(
                msgspec.structs.replace(msgspec.json.decode(text, type=Finding), seen=row.seen)
                for row, text in findings
            ),
        ),
    )


def labels_json(labels: Labels) -> str:
    """Labels as one JSON object."""
    return _json(dict(labels))


def labels_of(text: str) -> Labels:
    """Labels from their JSON object."""
    return tuple(sorted(msgspec.json.decode(text, type=dict[str, str]).items()))


def _surface(number: int, surface: Surface) -> Row:
    # The kinds of data have no column of their own: they stand in the record.
    kinds = surface.exposure.kinds if surface.exposure else None
    told = Exposure(kinds=kinds) if kinds else None
    return {
        "number": number,
        "kind": surface.kind.value,
        "port": surface.port,
        "tls": surface.tls,
        "status": surface.status.value,
        "proof": surface.proof.value,
        "retrieval": surface.retrieval.value,
        "facts": _json(surface.facts),
        "record": _json(msgspec.structs.replace(surface, exposure=told, facts=SurfaceFacts())),
    }


def _surface_of(row: Any, exposure: Exposure | None) -> Surface:
    surface = msgspec.json.decode(row.record, type=Surface)
    facts = msgspec.json.decode(row.facts, type=SurfaceFacts)
    if exposure is not None and surface.exposure is not None:
        exposure = msgspec.structs.replace(exposure, kinds=surface.exposure.kinds)
    return msgspec.structs.replace(surface, facts=facts, exposure=exposure)


def _exposure(number: int, exposure: Exposure) -> Row:
    row: Row = {
        "surface": number,
        "first_year": exposure.years[0] if exposure.years else None,
        "last_year": exposure.years[1] if exposure.years else None,
        "modalities": None if exposure.modalities is None else _json(exposure.modalities),
        "limits": _json(exposure.limits),
    }
    for figure in FIGURES:
        count: Count | None = getattr(exposure, figure)
        row[figure] = count.count if count else None
        row[f"{figure}_kind"] = count.kind.value if count else None
        row[f"{figure}_low"] = count.low if count else None
        row[f"{figure}_high"] = count.high if count else None
        row[f"{figure}_confidence"] = count.confidence if count else None
    return row


def exposure_of(row: Any) -> Exposure:
    """What a row of the exposures is; the kinds of data stand elsewhere."""
    return Exposure(
        patients=_count_of(row, "patients"),
        studies=_count_of(row, "studies"),
        images=_count_of(row, "images"),
        retrievable_images=_count_of(row, "retrievable_images"),
        worklist_items=_count_of(row, "worklist_items"),
        years=None if row.first_year is None else (row.first_year, row.last_year),
        modalities=None if row.modalities is None else msgspec.json.decode(row.modalities, type=dict[str, int]),
        limits=msgspec.json.decode(row.limits, type=tuple[str, ...]),
    )


def _count_of(row: Any, figure: str) -> Count | None:
    if getattr(row, figure) is None:
        return None
    names = ("kind", "low", "high", "confidence")
    values = {name: getattr(row, f"{figure}_{name}") for name in names}
    return msgspec.convert({"count": getattr(row, figure), **values}, Count)


def _finding(number: int, finding: Finding, advice: dict[str, str]) -> Row:
    digest, text = _advice(finding)
    advice[digest] = text
    return {
        "number": number,
        "check_id": finding.check,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "seen": finding.seen,
        "advice": digest,
    }


class _Advised:
    """The advice of findings that were written, by what a check gives to all of its findings without making it anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[str, str, Finding]] = {}

    def __call__(self, finding: Finding) -> tuple[str, str]:
        """Digest and text. A finding that is held keeps its parts where they are: their places are a name for them."""
        shared = (finding.references, *finding.fix.remedies)
        key = (finding.check, finding.outcome, finding.severity, finding.title, finding.why, finding.fix.summary)
        held = self._known.get((*key, *map(id, shared)))
        if held is None:
            if len(self._known) > _ADVICE_HELD:
                self._known.clear()
            text = _json(msgspec.structs.replace(finding, seen=""))
            held = (blake2b(text.encode(), digest_size=16).hexdigest(), text, finding)
            self._known[*key, *map(id, shared)] = held
        return held[:2]


_advice = _Advised()


def with_target(rows: Iterable[Row], target_id: int) -> list[Row]:
    """The rows, each with the number of its target."""
    return [{**row, "target_id": target_id} for row in rows]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
