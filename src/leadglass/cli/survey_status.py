"""How a survey stands is told to a person, with what its figures rest on."""

from collections.abc import Iterable, Iterator

import msgspec

from leadglass.cli.survey_progress import by_rung
from leadglass.model.exposure import Count, Exposure, summed
from leadglass.model.snapshot import RunRow, Standing, SurveyRow
from leadglass.report.figures import figures, interval, many, plural
from leadglass.report.words import label
from leadglass.survey.run_record import RunRecord, RunTold, run_record


def status_lines(
    survey: SurveyRow,
    standing: Standing,
    tallied: Iterable[bytes],
    runs: tuple[RunRow, ...],
    exposures: Iterable[Exposure] = (),
) -> Iterator[str]:
    """How a survey stands; `tallied` is what its shards counted where nothing listens.

    `exposures` are what each system gives away.
    """
    record = run_record(survey, standing, runs)
    held = f", by {survey.holder}" if survey.holder else ""
    yield f"{survey.name}: {survey.state.value}{held}"
    yield from _by_whom(record)
    yield f"Visited: {standing.done:,} of {standing.positions:,} positions"
    for rung, count in by_rung(standing):
        yield f"  {rung:<12} {count:>10,}"
    yield from _given_away(exposures)
    nothing: dict[str, int] = {}
    for tallies in tallied:
        for key, count in msgspec.json.decode(tallies, type=dict[str, int]).items():
            status = key.partition("|")[2]
            nothing[status] = nothing.get(status, 0) + count
    for status, count in sorted(nothing.items()):
        yield f"  nothing listens ({status}): {count:,}"
    for run in record.runs:
        ended = f"{run.ended_how} {run.ended:%Y-%m-%d %H:%M}" if run.ended else "not ended"
        yield (
            f"Run {run.number}: {run.started:%Y-%m-%d %H:%M}, {ended}; {run.contacts:,} connections, "
            f"{run.repeated:,} places perhaps twice, {run.late:,} late"
        )
    yield from _versions(record.runs)


def _by_whom(record: RunRecord) -> Iterator[str]:
    yield f"Authority: {record.authority}"
    if record.approval:
        yield f"Approval: {record.approval}"
    if record.purpose:
        yield f"Purpose: {record.purpose}"
    yield f"Seed: {record.seed}"


def _versions(runs: Iterable[RunTold]) -> Iterator[str]:
    """The versions that asked; runs of the same ones share a line."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for run in runs:
        probes = ", ".join(f"{name} {version}" for name, version in run.probes.items())
        numbers.setdefault((run.tool_version, probes), []).append(run.number)
    for (tool, probes), of in numbers.items():
        yield f"Versions of run {', '.join(map(str, of))}: Leadglass {tool}; probes {probes}"


def _given_away(exposures: Iterable[Exposure]) -> Iterator[str]:
    """The totals over all systems, each with what it is worth."""
    counts: dict[str, list[Count]] = {}
    for exposure in exposures:
        for noun, count in figures(exposure):
            counts.setdefault(noun, []).append(count)
    for noun, each in counts.items():
        total = summed(each)
        if total is not None:
            worth = f"{label(total.kind)} {total.count:,} {interval(total)}".strip()
            yield f"  {many(noun)} shown: {worth}, on {plural(len(each), 'system')}"
