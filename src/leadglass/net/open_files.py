"""A process that needs many sockets may open as many as its system lets it, and is told where that is not enough."""

import sys

if sys.platform != "win32":
    import resource


class TooManyFilesError(ValueError):
    """The system lets a process open fewer files than are needed."""


def allow_open_files(needed: int) -> None:
    """Raises the soft limit on open files to `needed`. Raises TooManyFilesError where the hard one is lower."""
    if sys.platform == "win32":  # a socket is no file there, and nothing limits how many there are
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or needed <= soft:
        return
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise TooManyFilesError(
            f"{needed:,} files must be open at once, and this system allows a process {hard:,}: raise the hard limit "
            f"(ulimit -H -n {needed}, as root), or take a smaller population"
        )
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    except (OSError, ValueError):  # macOS has a further limit, of the whole machine
        raise TooManyFilesError(
            f"{needed:,} files must be open at once, and this system refused to allow it: raise the limit "
            f"(ulimit -n {needed}), or take a smaller population"
        ) from None


def allow_as_many(wanted: int) -> int:
    """Raises the soft limit on open files towards `wanted`, as far as the system lets; how many are allowed then."""
    if sys.platform == "win32":
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        allow_open_files(allowed)
    except TooManyFilesError:
        return soft
    return allowed
