"""How long `leadglass --version` takes, from outside."""

import shutil
import sys
from pathlib import Path

from bench.figures import figures
from bench.processes import timed
from bench.setting import STARTS
from bench.table import Row, walls

_AIM_S = 0.15


def start_up() -> str:
    """The section of the table."""
    installed = shutil.which("leadglass", path=str(Path(sys.executable).parent))
    command = (installed, "--version") if installed else (sys.executable, "-m", "leadglass", "--version")
    runs = figures([timed(command, 1) for _ in range(STARTS)])
    bare = figures([timed((sys.executable, "-c", "pass"), 1) for _ in range(STARTS)])
    verdict = "met" if runs.wall_s < _AIM_S else "MISSED"
    return walls(
        f"Start-up (aim: under {_AIM_S} s, {verdict})",
        Row(name="python -c pass", figures=bare),
        (Row(name="leadglass --version", figures=runs),),
    )
