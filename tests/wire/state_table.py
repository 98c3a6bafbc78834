"""PS3.8 Table 9-10, written down a second time and by hand, and what its actions mean (Tables 9-6 to 9-9)."""

# Rows are events, columns the states 1 to 13: action and next state, "-" where the table is empty. Where an action
# leads to one of two states, the requestor's (or, for AE-6, acceptance's) stands first.
TABLE = """
Evt      1       2       3      4       5      6      7         8       9       10       11      12      13
AC       -       AA-1:13 AA-8:13 -      AE-3:6 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-6:13
RJ       -       AA-1:13 AA-8:13 -      AE-4:1 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-6:13
RQ       -       AE-6:3  AA-8:13 -      AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-7:13
accept   -       -       AE-7:6 -       -      -      -         -       -       -        -       -       -
reject   -       -       AE-8:13 -      -      -      -         -       -       -        -       -       -
request  -       -       -      AE-2:5  -      -      -         -       -       -        -       -       -
data     -       -       -      -       -      DT-1:6 -         AR-7:8  -       -        -       -       -
DATA     -       AA-1:13 AA-8:13 -      AA-8:13 DT-2:6 AR-6:7   AA-8:13 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-6:13
release  -       -       -      -       -      AR-1:7 -         -       -       -        -       -       -
RELEASE  -       AA-1:13 AA-8:13 -      AA-8:13 AR-2:8 AR-8:9/10 AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-6:13
REPLY    -       AA-1:13 AA-8:13 -      AA-8:13 AA-8:13 AR-3:1  AA-8:13 AA-8:13 AR-10:12 AR-3:1  AA-8:13 AA-6:13
reply    -       -       -      -       -      -      -         AR-4:13 AR-9:11 -        -       AR-4:13 -
abort    -       -       AA-1:13 AA-2:1 AA-1:13 AA-1:13 AA-1:13 AA-1:13 AA-1:13 AA-1:13  AA-1:13 AA-1:13 -
ABORT    -       AA-2:1  AA-3:1 -       AA-3:1 AA-3:1 AA-3:1    AA-3:1  AA-3:1  AA-3:1   AA-3:1  AA-3:1  AA-2:1
closed   -       AA-5:1  AA-4:1 AA-4:1  AA-4:1 AA-4:1 AA-4:1    AA-4:1  AA-4:1  AA-4:1   AA-4:1  AA-4:1  AR-5:1
timer    -       AA-2:1  -      -       -      -      -         -       -       -        -       -       AA-2:1
INVALID  -       AA-1:13 AA-8:13 -      AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-8:13 AA-8:13  AA-8:13 AA-8:13 AA-7:13
"""

# The numbers of the events (PS3.8 Table 9-9 ff.); upper case is the peer's, lower case ours.
EVENTS = {
    "request": 2,
    "AC": 3,
    "RJ": 4,
    "RQ": 6,
    "accept": 7,
    "reject": 8,
    "data": 9,
    "DATA": 10,
    "release": 11,
    "RELEASE": 12,
    "REPLY": 13,
    "reply": 14,
    "abort": 15,
    "ABORT": 16,
    "closed": 17,
    "timer": 18,
    "INVALID": 19,
}

# What is handed to the user, and what goes to the peer as A-ABORT (source, None: reason counts by the event).
DELIVERS = frozenset({"AE-3", "AE-4", "AE-6", "DT-2", "AR-2", "AR-3", "AR-6", "AR-8", "AR-10", "AA-3"})
ABORTS = {"AA-1": 0, "AA-7": 2, "AA-8": 2}
SILENT = frozenset({"AA-6", "AA-2"})


def grid() -> dict[tuple[str, int], tuple[str, tuple[int, ...]]]:
    """Event and state to action and next states; empty cells are left out."""
    cells = {}
    for line in TABLE.strip().splitlines()[1:]:
        event, *row = line.split()
        assert len(row) == 13, event
        for state, cell in enumerate(row, start=1):
            if cell != "-":
                action, _, following = cell.partition(":")
                cells[event, state] = (action, tuple(map(int, following.split("/"))))
    return cells
