"""A result reaches its file whole, and no file is touched before there is a result."""

import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


class OutputError(ValueError):
    """A file that a result could not be written to; the message says why."""


class Destination:
    """A file that could be written when the run began; what stood in it stays until the result replaces it."""

    def __init__(self, path: Path, *, lasting: bool = True) -> None:
        """Tries it, and leaves nothing behind. Raises OutputError.

        What is `lasting` is on the disk when it is written; what is soon written anew need not wait for that.
        """
        self.path = path
        self._lasting = lasting
        # Through a link the file is replaced that it leads to, not the link.
        self._real = Path(os.path.realpath(path))
        try:
            self._mode = _mode(path)
            self._in_place = self._mode is not None and not stat.S_ISREG(self._mode)  # a device or a pipe
            if self._in_place:
                self._real = path  # /dev/stdout leads to a pipe that has no path
            if self._mode is not None and not os.access(self._real, os.W_OK):
                raise PermissionError(0, "you may not write to it")
            if not self._in_place:
                self._try_beside()
        except FileNotFoundError:
            raise OutputError(f"{path} cannot be written: there is no folder {self._real.parent}") from None
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror}") from None

    @property
    def in_place(self) -> bool:
        """Whether it is a device, a pipe, or a file in a closed folder: nothing can be put beside it."""
        return self._in_place

    def write(self, text: str) -> None:
        """Replaces the file's content. Raises OutputError, with the file as it was."""
        try:
            if self._in_place:
                self._real.write_bytes(text.encode("utf-8"))
            else:
                self._replace(text.encode("utf-8"))
        except OSError as error:
            raise OutputError(f"{self.path} could not be written ({error.strerror})") from None

    def write_by(self, write: Callable[[BinaryIO], None]) -> None:
        """Replaces the file's content by what `write` writes. Raises OutputError, with the file as it was."""
        try:
            if self._in_place:
                with self._real.open("wb") as file:
                    write(file)
            else:
                self._replace_by(write)
        except OSError as error:
            raise OutputError(f"{self.path} could not be written ({error.strerror})") from None

    def _replace(self, data: bytes) -> None:
        self._replace_by(lambda file: _write_all(file, data))

    def _replace_by(self, write: Callable[[BinaryIO], None]) -> None:
        descriptor, beside = _beside(self._real)
        try:
            with os.fdopen(descriptor, "wb") as file:
                write(file)
                file.flush()
                if self._lasting:
                    os.fsync(descriptor)
            if self._mode is not None:
                beside.chmod(stat.S_IMODE(self._mode))
            beside.replace(self._real)
        finally:
            with suppress(OSError):  # where it took its place, it is no longer there
                beside.unlink()

    def _try_beside(self) -> None:
        try:
            descriptor, beside = _beside(self._real)
        except PermissionError:
            if self._mode is None:
                raise
            self._in_place = True  # the folder is closed to us, the file in it is not
            return
        os.close(descriptor)
        beside.unlink()


def _beside(path: Path) -> tuple[int, Path]:
    """A new file in the same folder, open for writing, with the rights that any new file gets."""
    beside = path.with_name(f".leadglass-{secrets.token_hex(6)}.part")
    return os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), beside


def _mode(path: Path) -> int | None:
    """Kind and rights of the file, None where there is none. Raises OutputError for a folder."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder: name a file in it")
    return mode


def _write_all(file: BinaryIO, data: bytes) -> None:
    file.write(data)
