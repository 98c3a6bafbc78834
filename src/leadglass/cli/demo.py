"""`leadglass demo`: a small server of our own, with patients who do not exist, is checked as any other would be."""

import typer
from msgspec import structs

from leadglass.cli.assessing import Format, assessed, now, rendered, run, show
from leadglass.cli.exits import Exit
from leadglass.cli.logs import start_logging
from leadglass.lab.spec import ArchiveSpec
from leadglass.model.assessment import Assessment
from leadglass.model.target import parse_target
from leadglass.model.words import Status
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options

_SPEC = ArchiveSpec(  # not a round number of studies, which would look like a server's limit
    seed=20261101, studies=1_234, patients=517, images=60_123, undated=3, migrated=45
)


def demo() -> None:
    """Check a small made-up server that runs on this machine for as long as it
    takes: nobody else can reach it, and nothing is left of it.
    """
    start_logging("warning")
    assessment = run(_work)
    if any(result.status is Status.INTERRUPTED for result in assessment.targets):
        raise typer.Exit(Exit.INTERRUPTED)
    show(rendered(assessment, Format.TERMINAL, verbose=False, color=None, to_file=False))
    show("\nThat server was made up, and is gone again. To check your own, type its name:\n")
    show("  leadglass check HOST        (or HOST:PORT, or dicom://AET@HOST:PORT)\n")
    show("\nA dozen made-up servers, each open or closed in its own way, to practise on:\n")
    show("  leadglass lab up clinic\n")


async def _work() -> Assessment:
    from leadglass.lab.archive import Archive  # noqa: PLC0415 - nothing but this command needs the lab
    from leadglass.lab.server import serving  # noqa: PLC0415

    today = now().date()
    async with serving(Archive(structs.replace(_SPEC, last_day=today))) as port:
        # So small an archive is counted; without the look at its size that chance directs, it looks the same each time.
        options = Options(manner=Manner(today=today), contact="none: this is the demonstration", wish=None)
        return await assessed((parse_target(f"127.0.0.1:{port}"),), Gate(None), options, None)
