"""A survey's results are written as NDJSON, CSV or Parquet, a few at a time: memory does not grow with the survey."""

import csv
import io
from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

import msgspec

from leadglass.model.snapshot import StoredResult
from leadglass.report.flat import COLUMNS, Value, rows

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of one (OWASP, CSV injection)
_GROUP = 10_000  # rows of one row group


class MissingLibraryError(ValueError):
    """A format needs a package that is not installed."""


def write_ndjson(results: Iterable[StoredResult], file: BinaryIO) -> None:
    """One JSON document a line: `position`, `labels`, `at` and `result`, a target as `leadglass check` has it."""
    for stored in results:
        document = {
            "position": stored.position,
            "labels": dict(stored.labels),
            "at": stored.at,
            "result": stored.result,
        }
        file.write(msgspec.json.encode(document) + b"\n")


def write_csv(results: Iterable[StoredResult], file: BinaryIO) -> None:
    """One line a surface, with a header (RFC 4180)."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, list(COLUMNS))
    writer.writeheader()
    for row in rows(results):
        writer.writerow({name: _plain(value) for name, value in row.items()})
    text.detach()


def write_parquet(results: Iterable[StoredResult], file: BinaryIO) -> None:
    """One row a surface, typed. Raises MissingLibraryError."""
    try:
        import pyarrow  # noqa: PLC0415 - large, and needed by this format alone
        import pyarrow.parquet  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingLibraryError("Parquet needs a further package: pip install 'leadglass[parquet]'") from None
    kinds = {str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_(), float: pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    remaining = rows(results)
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        while part := list(islice(remaining, _GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(part, schema=schema))


def _plain(value: Value) -> Value:
    """A text that no spreadsheet runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
