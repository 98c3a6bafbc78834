"""The exit code says what a script needs to know; each code has one meaning (`docs/exit-codes.md`)."""

from collections.abc import Sequence
from enum import IntEnum

from leadglass.model.assessment import TargetResult
from leadglass.model.words import Outcome, Severity, Status
from leadglass.survey.conclude import asked_all, was_reached


class Exit(IntEnum):
    """What `leadglass check` ended with."""

    CLOSED = 0
    OPEN = 1
    USAGE = 2
    NOT_REACHED = 3
    UNDECIDED = 4
    BUG = 70
    UNWRITTEN = 73
    INTERRUPTED = 130


MEANINGS = {
    Exit.CLOSED: "every target was reached, and no finding at or above --fail-on is vulnerable or unknown",
    Exit.OPEN: "at least one finding at or above --fail-on is vulnerable",
    Exit.USAGE: (
        "wrong usage: an option, the scope file, a file of targets or every single target cannot be read, or the file "
        "that --output names cannot be written; nothing was sent"
    ),
    Exit.NOT_REACHED: "no target could be reached",
    Exit.UNDECIDED: (
        "nothing was found at or above --fail-on, but a target was not reached or could not be read, a check at "
        "that level stayed unknown, or nothing was found at one address of a name and others were not asked: not a "
        "clean bill"
    ),
    Exit.BUG: "a bug of Leadglass ended the run: nothing is said about the targets",
    Exit.UNWRITTEN: (
        "the run ended, but its result could not be written: where the file that --output names failed, it is on the "
        "standard output, and stderr says which code it would have been; a survey whose store or cluster failed can be "
        "resumed"
    ),
    Exit.INTERRUPTED: (
        "interrupted by Ctrl-C; associations were ended; the result holds the targets that were finished, and the "
        "others as interrupted, with what was found until then"
    ),
}


def exit_code(results: Sequence[TargetResult], fail_on: Severity) -> Exit:
    """The exit code for these results."""
    if any(result.status is Status.INTERRUPTED for result in results):
        return Exit.INTERRUPTED
    findings = [f for result in results for f in result.findings if f.severity.rank <= fail_on.rank]
    if any(finding.outcome is Outcome.VULNERABLE for finding in findings):
        return Exit.OPEN
    reached = [was_reached(result) for result in results]
    if not any(reached):
        ours = any(result.status is Status.INTERNAL_ERROR for result in results)
        return Exit.UNDECIDED if ours else Exit.NOT_REACHED
    unknown = any(finding.outcome is Outcome.UNKNOWN for finding in findings)
    if unknown or not all(reached) or not all(map(asked_all, results)):
        return Exit.UNDECIDED
    return Exit.CLOSED


def exit_codes_page() -> str:
    """The documentation of every exit code."""
    rows = "".join(f"| {code.value} | {code.name.lower()} | {MEANINGS[code]} |\n" for code in Exit)
    return f"# Exit codes of `leadglass check`\n\n| code | name | meaning |\n|---|---|---|\n{rows}"
