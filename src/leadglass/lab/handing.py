"""A C-GET of a caller that takes no images is answered by failures: each image was about to be sent, and was not."""

from collections.abc import Iterator

from leadglass.lab.habits import Handing

# PS3.4 C.4.3.1.4: sub-operations continue, cannot perform any of them, unable to process.
_PENDING, _ALL_FAILED, _FAILED = 0xFF00, 0xA702, 0xC000
_MOST = 0xFFFF  # a number of sub-operations is an unsigned short (PS3.7 E.1)


def handed(images: int, handing: Handing) -> Iterator[tuple[int, int | None, int]]:
    """The responses to a request for so many images: the status, the images that remain, those that failed."""
    failed = min(images, _MOST)
    if handing is Handing.FIRST_FAILED:  # the same failure where there was nothing to send
        yield _FAILED, None, min(images, 1)
        return
    if handing is Handing.ONE_BY_ONE:
        for done in range(1, failed + 1):
            yield _PENDING, failed - done, done
    yield (_ALL_FAILED if failed else 0), None, failed
