"""What one probe came to: a surface, the way to count it, and what else is worth a try."""

from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import SurfaceFacts
from leadglass.model.record import Record
from leadglass.model.ways import Way
from leadglass.model.words import Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed


class Probe(Record):
    """A surface with the way to count it, None where there is none.

    `try_other` says that what answered did not speak this probe's protocol, `try_scheme` that it may speak HTTP in the
    other way: over TLS where it was asked in clear, in clear where it was asked over TLS.
    """

    surface: Surface
    way: Way | None = None
    try_other: bool = False
    try_scheme: bool = False


def make_surface(
    kind: SurfaceKind,
    port: int,
    *,
    tls: bool,
    proof: Rung,
    facts: SurfaceFacts,
    cost: Ledger,
    failure: StepFailed | None,
) -> Surface:
    """A surface of `port`; `failure` is how the questions to it ended otherwise than by an answer."""
    return Surface(
        kind=kind,
        port=port,
        tls=tls,
        status=Status.SUCCESS if failure is None else failure.status,
        step=None if failure is None else (failure.step or Step.REQUEST),
        detail="" if failure is None else failure.detail,
        proof=proof,
        retrieval=facts.retrieval,
        facts=facts,
        records_received=cost.records_received,
        connections=cost.connections,
        busy_s=cost.busy_s,
        bytes_received=cost.bytes_received,
    )
