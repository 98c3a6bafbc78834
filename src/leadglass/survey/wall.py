"""A bug of ours at one probe becomes a status there, and says no value: the only place that catches everything."""

import logging
import traceback
from collections.abc import Awaitable
from typing import TypeVar

from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed

_log = logging.getLogger("leadglass.survey")
_T = TypeVar("_T")


async def walled(work: Awaitable[_T], step: Step) -> _T:
    """What `work` gives. Raises StepFailed alone: one of our own bugs is one too, with its type and place.

    An exception's message may hold a peer's bytes, so neither the message nor the traceback's values are kept.
    """
    try:
        return await work
    except StepFailed:
        raise
    except Exception as error:  # noqa: BLE001 - the wall around one probe
        place = where(error)
        _log.error("a bug of Leadglass: %s at %s", type(error).__name__, place)
        raise StepFailed(
            Status.INTERNAL_ERROR, step, f"a bug of Leadglass ({type(error).__name__} at {place}): please report it"
        ) from None


def where(error: BaseException) -> str:
    """The innermost place of ours that an exception passed, as module and line."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "leadglass" in frame.filename]
    if not frames:
        return "an unknown place"
    name = frames[-1].filename.replace("\\", "/").rpartition("/leadglass/")[2]
    return f"{name}:{frames[-1].lineno}"
