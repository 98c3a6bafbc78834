"""The few that listen in a dark network are all found, and the rest of it is given up in time."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT
from tests.net import dark_space

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("unshare", "ip", "nft"))), reason="a dark network needs unshare, ip and nft (nftables)"
)


def test_in_a_dark_network_all_that_listen_are_found() -> None:
    done = subprocess.run(
        ("unshare", "--net", sys.executable, "-m", "tests.net.dark_space"),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no firewall to be had here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout)
    assert heard["found"] == sorted(dark_space.SERVED)
    silent = dark_space.ADDRESSES - dark_space.LISTENING
    assert heard["statuses"] == {"success": dark_space.LISTENING, "connection-timeout": silent}
    assert heard["addresses"] == dark_space.ADDRESSES
    assert heard["peak"] == dark_space.MOST
    assert heard["least_s"] >= dark_space.TIMEOUT_S
    assert heard["most_s"] < dark_space.TIMEOUT_S + 1
