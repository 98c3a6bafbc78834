"""A survey's results leave as NDJSON, CSV and Parquet, with the same rows in the last two."""

import csv
import io

import msgspec
import pyarrow.parquet

from leadglass.report.flat import COLUMNS
from leadglass.report.snapshot import write_csv, write_ndjson, write_parquet
from tests.report import samples
from tests.store.made import stored

RESULTS = [
    stored(n, one) for n, one in enumerate((samples.open_orthanc(), samples.not_reached(), samples.nothing_found()))
]


def rows_of_csv() -> list[dict[str, str]]:
    file = io.BytesIO()
    write_csv(iter(RESULTS), file)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode())))


def test_ndjson_is_a_document_a_target() -> None:
    file = io.BytesIO()
    write_ndjson(iter(RESULTS), file)
    lines = [msgspec.json.decode(line) for line in file.getvalue().splitlines()]
    assert [line["position"] for line in lines] == [0, 1, 2]
    assert lines[0]["labels"] == {"country": "DE", "owner": "Ärzte"}
    assert lines[0]["result"] == msgspec.json.decode(msgspec.json.encode(RESULTS[0].result))


def test_csv_and_parquet_have_the_same_rows() -> None:
    rows = rows_of_csv()
    file = io.BytesIO()
    write_parquet(iter(RESULTS), file)
    table = pyarrow.parquet.read_table(file)
    assert table.column_names == list(COLUMNS) == list(rows[0])
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in table.to_pylist()] == rows
    assert rows[0]["kind"] == "dimse"
    assert sum(int(row["studies"] or 0) for row in rows) > 0


def test_a_row_tells_estimates_with_their_interval() -> None:
    file = io.BytesIO()
    write_csv(iter([stored(0, samples.sampled()), stored(1, samples.open_orthanc())]), file)
    row, exact, *_ = csv.DictReader(io.StringIO(file.getvalue().decode()))
    parts = [row[f"patients{part}"] for part in ("", "_kind", "_low", "_high", "_confidence")]
    assert parts == ["431204", "estimate", "414003", "449120", "0.95"]
    assert (exact["patients_kind"], exact["patients_confidence"]) == ("exact", "1.0")
    assert (row["five_hundred"], exact["five_hundred"]) == ("at-or-above", "")


def test_no_cell_is_a_formula() -> None:
    nasty = msgspec.structs.replace(RESULTS[0].result, target="=HYPERLINK(1)")
    file = io.BytesIO()
    write_csv(iter([stored(0, nasty)]), file)
    row = next(csv.DictReader(io.StringIO(file.getvalue().decode())))
    assert row["target"] == "'=HYPERLINK(1)"
