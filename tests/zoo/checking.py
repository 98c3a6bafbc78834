"""Runs `leadglass ARGUMENTS` and writes its result in every format: `python checking.py FOLDER ARGUMENTS`.

Each format is a file of the folder. The file `peak` there tells the most memory that the process held, in kB.
"""

import resource
import sys
from pathlib import Path

from leadglass.cli import check
from leadglass.cli.app import run
from leadglass.cli.assessing import Format, rendered
from leadglass.model.assessment import Assessment


def peak_kb() -> int:
    """Linux's own high-water mark: what `getrusage` tells there begins with the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    folder = Path(sys.argv.pop(1))

    def in_every_format(
        assessment: Assessment, form: Format, *, verbose: bool, color: bool | None, to_file: bool
    ) -> str:
        """The result in the format that was asked for."""
        for one in Format:
            text = rendered(assessment, one, verbose=True, color=False, to_file=True)
            (folder / one).write_text(text, encoding="utf-8")
        return rendered(assessment, form, verbose=verbose, color=color, to_file=to_file)

    check.rendered = in_every_format  # type: ignore[attr-defined]
    try:
        run()
    finally:
        (folder / "peak").write_text(str(peak_kb()), encoding="ascii")
