"""The system's books are read right: CPU as this process knows its own, bytes as they were sent."""

import os
import socket
import subprocess
import sys

from bench.foreign import cpu_s, loopback_bytes

_TICK_S = 0.02  # of each of the four numbers, rounded down


def test_cpu_of_a_process_and_of_the_children_it_waited_for() -> None:
    subprocess.run((sys.executable, "-c", "sum(range(3_000_000))"), check=True)
    before = sum(os.times()[:4])
    found = cpu_s(os.getpid())
    assert before - 4 * _TICK_S < found < sum(os.times()[:4]) + 4 * _TICK_S
    assert os.times().children_user > 0


def test_a_child_that_has_ended_is_counted_before_it_was_waited_for() -> None:
    before = cpu_s(os.getpid())
    child = subprocess.Popen((sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass"))
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    unwaited = cpu_s(os.getpid())
    child.wait()
    assert unwaited - before > 0.3 - 4 * _TICK_S
    assert abs(cpu_s(os.getpid()) - unwaited) < 4 * _TICK_S


def test_bytes_that_cross_loopback_are_told() -> None:
    sent = 1_000_000
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        called, _ = server.accept()
        before = loopback_bytes()
        with called:
            left = sent
            while left:
                caller.sendall(bytes(10_000))
                left -= 10_000
                got = 0
                while got < 10_000:
                    got += len(called.recv(65_536))
    assert loopback_bytes() - before >= sent
