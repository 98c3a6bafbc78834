"""What was collected about one target becomes its result: products, findings, and the most open surface's rung."""

from datetime import datetime

import msgspec

from leadglass.checks.registry import judge_all
from leadglass.identify.products import identify_products
from leadglass.model.assessment import Ledger, Probed, Surface, TargetResult
from leadglass.model.target import Target, UnreadableTarget
from leadglass.model.threshold import five_hundred
from leadglass.model.words import Permission, Rung, Status
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host

_NOT_ASKED = {
    Permission.READ_RECORD: "whether records can be read, and how many (read-record)",
    Permission.REQUEST_IMAGES: "whether images would be handed over, and how many (request-images)",
    Permission.SAMPLE_KINDS: "which kinds of personal data are shown (sample-kinds)",
}
# Statuses of a surface that mean that nothing was heard there.
_UNHEARD = (
    Status.CONNECTION_REFUSED,
    Status.CONNECTION_TIMEOUT,
    Status.UNREACHABLE,
    Status.OUT_OF_SCOPE,
    Status.NAME_NOT_RESOLVED,
)


def conclude(target: Target, host: Host, surfaces: tuple[Surface, ...], at: datetime) -> TargetResult:
    """The result of a target whose address was admitted."""
    status, detail = _status(surfaces)
    probed = Probed(
        target=target.text,
        host=target.host,
        address=str(host.address),
        vantage=host.vantage,
        status=status,
        permits=host.permits,
        surfaces=surfaces,
        at=at,
        detail=detail,
        products=identify_products(surfaces),
    )
    return _with_addresses(_result(probed, host.meter.ledger()), host)


def _with_addresses(result: TargetResult, host: Host) -> TargetResult:
    """The result with the name's other addresses: one that shows nothing says nothing of those beside it."""
    inconclusive = not result.proof.at_least(Rung.SPEAKS)
    notes = []
    if host.unasked and inconclusive:
        notes.append(f"what {_others(len(host.unasked))} would show, to which the name leads as well")
    if host.left_out:
        notes.append(
            f"what {_others(len(host.left_out))} would show, to which the name leads as well: too many, not permitted, "
            "or in another network (loopback, private, internet) than the one that was asked"
        )
    return msgspec.structs.replace(
        result,
        not_asked=(*result.not_asked, *notes),
        addresses_not_asked=tuple(map(str, (*host.unasked, *host.left_out))),
    )


def _others(count: int) -> str:
    return f"{count:,} other {'address' if count == 1 else 'addresses'}"


def unreached(target: Target | UnreadableTarget, failure: StepFailed, at: datetime) -> TargetResult:
    """The result of a target without an address that may be touched."""
    probed = Probed(
        target=target.text,
        host=target.host if isinstance(target, Target) else "",
        address=None,
        vantage=None,
        status=failure.status,
        permits=(),
        surfaces=(),
        at=at,
        detail=failure.detail,
    )
    return _result(probed, Ledger())


def asked_all(result: TargetResult) -> bool:
    """Whether a low rung is the last word: not where the name has other addresses that may show more."""
    return result.proof.at_least(Rung.SPEAKS) or not result.addresses_not_asked


def was_reached(result: TargetResult) -> bool:
    """Whether anything answered there."""
    return result.status is Status.SUCCESS


def _result(probed: Probed, cost: Ledger) -> TargetResult:
    most_open = max(probed.surfaces, key=_openness, default=None)
    not_asked = tuple(words for p, words in _NOT_ASKED.items() if probed.surfaces and p not in probed.permits)
    return TargetResult(
        target=probed.target,
        address=probed.address,
        status=probed.status,
        proof=most_open.proof if most_open else Rung.SILENT,
        vantage=probed.vantage,
        detail=probed.detail,
        not_asked=not_asked,
        products=probed.products,
        surfaces=probed.surfaces,
        exposure=most_open.exposure if most_open else None,
        findings=judge_all(probed),
        cost=cost,
        five_hundred=five_hundred(s.exposure for s in probed.surfaces if s.proof.at_least(Rung.READABLE)),
    )


def _openness(surface: Surface) -> tuple[int, tuple[int, int, int], int]:
    """The higher rung is more open; among equals, the surface that exposes more, then the one that tells more."""
    exposure = surface.exposure
    told = 1 + exposure.told if exposure else 0
    return surface.proof.height, exposure.weight if exposure else (0, 0, 0), told


def _status(surfaces: tuple[Surface, ...]) -> tuple[Status, str]:
    """Success where anything was heard; else what the first port said, which is the one most likely named."""
    if any(surface.status is Status.INTERRUPTED for surface in surfaces):
        return Status.INTERRUPTED, ""
    heard = [surface for surface in surfaces if surface.status not in _UNHEARD]
    answered = [s for s in heard if s.proof.at_least(Rung.OTHER)]
    if answered:
        return Status.SUCCESS, ""
    first = next(iter(heard or surfaces), None)
    return (first.status, first.detail) if first else (Status.UNREACHABLE, "no port was tried")
