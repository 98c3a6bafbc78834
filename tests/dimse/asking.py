"""A scripted server is assessed in this process, under titles and budgets of a test's choice."""

from datetime import UTC, date, datetime

from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import Surface, TargetResult
from leadglass.model.scope import Budget, Timing
from leadglass.model.target import parse_target
from leadglass.model.words import Outcome, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from tests.bad_peers.asking import finish

TODAY = date(2026, 11, 23)
PATIENT = Timing(connect_s=5.0, reply_s=5.0)


def assessed(
    server: Polite,
    *titles: str,
    measure: bool = True,
    budget: Budget | None = None,
    timing: Timing = PATIENT,
    form: str = "dicom://127.0.0.1:{port}",
) -> TargetResult:
    """The result for `server` under `titles`, ANY-SCP before them."""

    async def run() -> TargetResult:
        async with listening(server.serve) as port:
            options = Options(
                manner=Manner(today=TODAY),
                contact="test",
                budget=budget or Budget(),
                timing=timing,
                called_ae_titles=titles,
                measure=measure,
            )
            target = parse_target(form.format(port=port))
            [result] = await assess_all([target], Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    return finish(run())


def dimse(result: TargetResult, kind: SurfaceKind = SurfaceKind.DIMSE) -> Surface:
    """The one surface of a kind."""
    [found] = [surface for surface in result.surfaces if surface.kind is kind]
    return found


def outcome(result: TargetResult, check: str) -> Outcome:
    """The outcome of one check."""
    [found] = [finding.outcome for finding in result.findings if finding.check == check]
    return found
