"""What a run found, as few figures as its page needs."""

from statistics import median

from bench.sampling.trial import FIGURES, Figure, Trial
from leadglass.model.record import Record

OVERALL, EACH, MISLED = 0.93, 0.90, 0.93  # shares of intervals that are to hold the truth


class Cell(Record):
    """One figure over all archives of a row."""

    archives: int
    held: int
    """Estimates that hold the truth, at-least figures that are true, and those that were not given."""
    estimates: int
    estimates_held: int
    at_least: int
    half: float | None
    """The median of half an interval's width, of the best value."""
    errors: tuple[float, ...]
    """Of the best values, in order of size."""


class Row(Record):
    """All archives of one shape or habit."""

    name: str
    cells: dict[str, Cell]
    records: float
    most_records: int
    questions: float
    most_questions: int
    limits: tuple[str, ...]
    """What was said of most of them."""


class Results(Record):
    """A whole run."""

    coverage: tuple[Row, ...]
    accuracy: dict[str, tuple[Row, ...]]
    habits: tuple[Row, ...]

    def missed(self) -> list[str]:
        """What was demanded and is not met, in words."""
        found = []
        for name in FIGURES:
            held, estimates = self.overall(name)
            if held < OVERALL * estimates:
                found.append(f"{name}: {held} of {estimates} intervals hold the truth")
            for row in self.coverage:
                cell = row.cells[name]
                if cell.estimates_held < EACH * cell.estimates:
                    found.append(f"{row.name}, {name}: {cell.estimates_held} of {cell.estimates} hold the truth")
            for row in self.habits:
                cell = row.cells[name]
                if cell.held < MISLED * cell.archives:
                    found.append(f"{row.name}, {name}: {cell.held} of {cell.archives} are true")
        return found

    def overall(self, name: str) -> tuple[int, int]:
        """How many intervals hold the truth, and how many there are."""
        cells = [row.cells[name] for row in self.coverage]
        return sum(cell.estimates_held for cell in cells), sum(cell.estimates for cell in cells)


def row(name: str, trials: list[Trial]) -> Row:
    """The trials of one shape or habit in one row."""
    said = [limit for trial in trials for limit in trial.limits if not any(sign.isdigit() for sign in limit)]
    return Row(
        name=name,
        cells={figure: _cell([trial.figures[figure] for trial in trials]) for figure in FIGURES},
        records=median(trial.records for trial in trials),
        most_records=max(trial.records for trial in trials),
        questions=median(trial.questions for trial in trials),
        most_questions=max(trial.questions for trial in trials),
        limits=tuple(sorted({limit for limit in said if said.count(limit) > len(trials) / 2})),
    )


def _cell(figures: list[Figure]) -> Cell:
    estimates = [one for one in figures if one.outcome == "estimate"]
    halves = [one.half for one in estimates if one.half is not None]
    return Cell(
        archives=len(figures),
        held=sum(one.holds for one in figures),
        estimates=len(estimates),
        estimates_held=sum(one.holds for one in estimates),
        at_least=sum(one.outcome == "at-least" for one in figures),
        half=round(median(halves), 4) if halves else None,
        errors=tuple(sorted(round(one.error, 4) for one in estimates if one.error is not None)),
    )
