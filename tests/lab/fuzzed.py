"""The parsers of `lab`: a population file is read whole or refused with PopulationError."""

import tempfile
from pathlib import Path

from leadglass.lab.catalogue import read_population
from leadglass.lab.keys import PopulationError
from leadglass.lab.population import Population
from leadglass.lab.population_file import parse_population
from tests.lab.population_files import BEFORE, WHOLE
from tests.wire.feeding import Parser


def _before(name: str) -> Population:
    return parse_population(WHOLE, "the world before", _before)


def _from_file(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "world.toml")
        path.write_bytes(data)
        Path(folder, "whole.toml").write_text(WHOLE, encoding="utf-8")
        return read_population(path)


FUZZED = {
    "leadglass.lab.population_file.parse_population": Parser(
        read=lambda data: parse_population(data.decode("utf-8", "replace"), "the file", _before),
        samples=(WHOLE.encode(), BEFORE.encode()),
        error=PopulationError,
    ),
    "leadglass.lab.catalogue.read_population": Parser(
        read=_from_file, samples=(BEFORE.encode(),), error=PopulationError
    ),
}
