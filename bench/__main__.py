"""`python -m bench` prints one table; in a network namespace of its own where the system makes one."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from bench.associations import associations
from bench.lab import lab
from bench.million import million
from bench.orthanc import orthanc
from bench.processes import program, serving
from bench.real import real
from bench.responses import responses
from bench.startup import start_up
from bench.surveys import surveys
from bench.table import WIDTH

_INSIDE = "LEADGLASS_BENCH_INSIDE"
_SECTIONS = {"lab", "associations", "responses", "million", "orthanc", "real", "startup", "surveys"}


def main() -> None:
    """Measures and prints, a section at a time; names of sections as arguments choose among them."""
    root = Path(__file__).resolve().parent.parent
    os.chdir(root)
    if _INSIDE not in os.environ:
        _enter_namespace()
    chosen = set(sys.argv[1:]) or _SECTIONS
    model = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}"
    print(f"Leadglass beside its peers. {model}, Python {platform.python_version()}")
    print(f"Load before: {os.getloadavg()[0]:.1f}. Medians of alternating runs; × is against Leadglass.")
    print("=" * WIDTH, flush=True)
    if "lab" in chosen:
        print(lab(), flush=True)
    with serving("lab_server"):
        for name, section in (("associations", associations), ("responses", responses)):
            if name in chosen:
                print(section(), flush=True)
        if "surveys" in chosen:
            print(surveys(isolated=os.environ.get(_INSIDE) == "namespace"), flush=True)
    if "million" in chosen:
        for part in million():
            print(part, flush=True)
    for name, sections in (("orthanc", lambda: (orthanc(),)), ("real", real)):
        if name in chosen and os.environ.get(_INSIDE) == "namespace":
            for part in sections():
                print(part, flush=True)
        elif name in chosen:
            print(f"{name}: not measured, since its servers bind to every interface and there is no namespace\n")
    if "startup" in chosen:
        print(start_up(), flush=True)


def _enter_namespace() -> None:
    """Starts again inside `unshare`, where nothing that is opened can be reached; goes on here without it."""
    unshare, ip = program("unshare"), program("ip")
    for options in (("-n",), ("-r", "-n")) if unshare and ip else ():
        tried = subprocess.run((str(unshare), *options, "true"), check=False, capture_output=True)
        if tried.returncode == 0:
            environment = {**os.environ, _INSIDE: "namespace"}
            script = 'ip link set lo up && exec "$@"'
            command = (str(unshare), *options, "sh", "-c", script, "sh", sys.executable, "-m", "bench", *sys.argv[1:])
            os.execvpe(command[0], command, environment)  # noqa: S606 - our own arguments
    os.environ[_INSIDE] = "host"


if __name__ == "__main__":
    main()
