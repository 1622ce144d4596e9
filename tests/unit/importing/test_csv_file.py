"""Records of CSV files: plain, gzipped, damaged."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordercore.errors import InvalidValueError
from ordercore_adapters.cli.importing.csv_file import Broken, CsvFile, CutShortError, Record


def _records(folder: Path, data: bytes, **options: str) -> list[Record]:
    path = folder / "any.csv"
    path.write_bytes(data)
    with CsvFile(path, **options) as file:
        return list(file.records())


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\r\n1,2\r\n",
        b"a,b\n1,2",
        b"a,b\r1,2\r",
        b"\xef\xbb\xbfa,b\n1,2\n",
        "a,b\n1,2\n".encode("utf-16"),
        gzip.compress(b"a,b\n1,2\n", mtime=0),
        gzip.compress(b"\xef\xbb\xbfa,b\n1,2\n", mtime=0),
        b"\n\na,b\n\n1,2\n\n",
    ],
)
def test_the_same_records_in_any_wrapping(tmp_path: Path, data: bytes) -> None:
    """Line ends, byte order marks, gzip and empty lines make no difference."""
    assert _records(tmp_path, data) == [["a", "b"], ["1", "2"]]


def test_a_delimiter_and_an_encoding_of_its_own(tmp_path: Path) -> None:
    """A file may say otherwise how fields and letters are written."""
    found = _records(tmp_path, b"a;\xa3,5\n", delimiter=";", encoding="cp1252")
    assert found == [["a", "£,5"]]


def test_quotes_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    """What stands in quotes is one field."""
    assert _records(tmp_path, b'1,"a, ""b""\nc",2\n') == [["1", 'a, "b"\nc', "2"]]


def test_bytes_of_no_letter_come_back_as_they_were(tmp_path: Path) -> None:
    """A byte that is not UTF-8 is kept, so that a file of rejects can hold it."""
    (record,) = _records(tmp_path, b"caf\xe9\n")
    assert isinstance(record, list)
    (field,) = record
    assert field.encode("utf-8", "surrogateescape") == b"caf\xe9"


@pytest.mark.parametrize("line", [b'x,"open', b'x,"a"b', b'x,"' + b"z" * 140_000])
def test_a_stray_quote_costs_its_line_only(tmp_path: Path, line: bytes) -> None:
    """A quote left open does not swallow the rows after it."""
    found = _records(tmp_path, b"1,2\n" + line + b'\n3,"4"\n5,6\n')
    assert [found[0], *found[2:]] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert found[1] == Broken(line.decode() + "\n")


def test_a_quote_left_open_on_the_last_line(tmp_path: Path) -> None:
    """The end of the file is not taken for the end of the field."""
    assert _records(tmp_path, b'1,2\n3,"4') == [["1", "2"], Broken('3,"4')]


@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=3), max_size=6))
def test_what_was_written_as_csv_is_read_so(rows: list[list[str]]) -> None:
    """Whatever text stands in quotes, the records are those that were written."""
    from tempfile import TemporaryDirectory

    text = io.StringIO(newline="")
    sound = [[each.encode("utf-8", "replace").decode() for each in row] for row in rows]
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(sound)
    with TemporaryDirectory() as folder:
        assert _records(Path(folder), text.getvalue().encode()) == sound


def test_a_gzip_stream_cut_short_is_told_after_its_last_whole_line(tmp_path: Path) -> None:
    """Every whole line before the cut is read, then the cut is an error."""
    path = tmp_path / "cut.csv.gz"
    lines = b"".join(b"%d,%d\n" % (at, at * 7919 % 1009) for at in range(50_000))
    packed = gzip.compress(lines, mtime=0)
    path.write_bytes(packed[: len(packed) // 2])
    found: list[Record] = []
    with CsvFile(path) as file, pytest.raises(CutShortError, match="cut short"):
        found.extend(file.records())
    assert len(found) > 10_000
    assert found == [line.split(",") for line in lines.decode().splitlines()[: len(found)]]


def test_a_damaged_gzip_stream_is_told(tmp_path: Path) -> None:
    """A stream that was changed on its way is an error too."""
    path = tmp_path / "worn.csv.gz"
    packed = bytearray(gzip.compress(b"".join(b"%d,2\n" % at for at in range(50_000))))
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    with CsvFile(path) as file, pytest.raises(CutShortError):
        list(file.records())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(b"a,b\n", mtime=0)[:12], "cut short"),
        (b"\x1f\x8bnot gzip at all", "no gzip stream"),
        (b'a,"b\n', "quote left open"),
    ],
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    """The first line names the columns; without one there is nothing to begin with."""
    path = tmp_path / "none.csv"
    path.write_bytes(data)
    with pytest.raises(InvalidValueError, match=reason) as refused, CsvFile(path) as file:
        file.header()
    assert refused.value.code == "import.file"


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A file that is not there, and one that can be read only once, are refused in words."""
    import os

    with pytest.raises(InvalidValueError, match="No such file"):
        CsvFile(tmp_path / "none.csv")
    with pytest.raises(InvalidValueError, match="directory"):
        CsvFile(tmp_path)
    reading, writing = os.pipe()
    try:
        with pytest.raises(InvalidValueError, match="pipe"):
            CsvFile(Path(f"/dev/fd/{reading}"))
    finally:
        os.close(reading)
        os.close(writing)
