"""What masscan, ZMap and nmap write today is read, and says what listens: they look at a few listeners in this test."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadglass.survey.intake.found import Broken, Found
from leadglass.survey.intake.reading import Form, read_found
from tests.peers.process import missing, program

pytestmark = pytest.mark.peers
DIMSE = {("10.78.0.5", 11112), ("10.78.0.77", 11112)}
OLD = {("10.78.0.5", 104), ("10.78.0.200", 104)}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each tool wrote."""
    for tool in ("masscan", "zmap", "nmap", "ip", "nsenter"):
        program(tool)
    if shutil.which("unshare") is None or subprocess.run(["unshare", "--net", "true"], check=False).returncode:
        missing("the right to make a network namespace")
    folder = tmp_path_factory.mktemp("outputs")
    script = str(Path(__file__).with_name("veth.sh"))
    words = ["unshare", "--net", script, sys.executable]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(
    ("name", "port", "expected"),
    [
        ("masscan.json", None, DIMSE | OLD),
        ("masscan.list", None, DIMSE | OLD),
        ("zmap.csv", 11112, DIMSE),
        ("zmap-fields.csv", None, OLD),
        ("zmap.json", None, OLD),
        ("nmap.xml", None, DIMSE | OLD),
    ],
)
def test_what_a_tool_writes_is_read(outputs: Path, name: str, port: int | None, expected: set[tuple[str, int]]) -> None:
    answers = list(read_found(outputs / name, Form.ZMAP if name == "zmap.csv" else None, port))
    assert not [one for one in answers if isinstance(one, Broken)]
    assert {(one.host, one.port) for one in answers if isinstance(one, Found)} == expected
