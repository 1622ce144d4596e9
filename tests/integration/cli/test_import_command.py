"""`import orders` from the outside: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cli.terminal import Terminal, shop_in
from tests.integration.importing.sheets import as_csv, gzipped, row, the_order


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two orders, and a row that is none."""
    path = tmp_path / "lines.csv"
    path.write_bytes(as_csv([row("1"), row("1"), row("C2", quantity=-1), row("3", quantity="?")]))
    return path


def test_json_is_one_object_on_stdout_and_nothing_else(run: Terminal, file: Path, db: str) -> None:
    """A program can read it; the progress is not in its way."""
    said = run("import", "orders", file, "--db", db, "--json")
    report = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    promised = ("rows_read", "rows_imported", "rows_rejected", "orders", "cancellations")
    assert [report[name] for name in promised] == [4, 3, {"unreadable: quantity": 1}, 2, 1]
    assert (report["customers"], report["guest_orders"]) == (1, 0)
    assert report["value_minor"] == {"GBP": 1530 + 1530 - 255}
    assert report["seconds"] > 0
    assert Path(report["rejects_file"]) == file.with_name("lines.rejects.csv")


def test_people_see_progress_and_a_table(run: Terminal, file: Path, db: str) -> None:
    """The bar goes to stderr, the report to stdout."""
    said = run("import", "orders", file, "--db", db)
    assert said.code == 0
    assert "taking orders over" in said.err
    assert "rows rejected: unreadable: quantity" in said.out
    assert run("import", "orders", file, "--db", db, "--quiet").err == ""


def test_the_database_may_come_from_the_environment(
    run: Terminal, file: Path, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ORDERCORE_DB stands in for --db."""
    monkeypatch.setenv("ORDERCORE_DB", db)
    assert run("import", "orders", file, "--json").code == 0
    with shop_in(db) as shop:
        assert len(the_order(shop, "1").lines) == 2


@pytest.mark.parametrize("form", ["apart", "together", "together first", "equals"])
def test_a_map_may_be_written_in_several_ways(
    run: Terminal, tmp_path: Path, db: str, form: str
) -> None:
    """`--map A=B --map C=D` and `--map A=B C=D` are the same, before and after the file."""
    path = tmp_path / "x.csv"
    path.write_bytes(as_csv([["R1", "A", "2", "2024-05-01", "10"]], header="Beleg A M D P".split()))
    pairs = ["invoice_no=Beleg", "stock_code=A", "quantity=M", "invoice_ts=D", "unit_price=P"]
    words: list[str]
    match form:
        case "apart":
            words = [str(path), *(word for pair in pairs for word in ("--map", pair))]
        case "equals":
            words = [str(path), *(f"--map={pair}" for pair in pairs)]
        case "together":
            words = [str(path), "--map", *pairs]
        case _:
            words = ["--map", *pairs, str(path)]
    said = run("import", "orders", *words, "--db", db, "--json", "--source", "kasse")
    assert said.code == 0, said.err
    with shop_in(db) as shop:
        assert the_order(shop, "R1", "kasse").total.minor == 2000


def test_a_file_cut_short_ends_with_one_clear_line(run: Terminal, tmp_path: Path, db: str) -> None:
    """The report says what is done, stderr why it is not all, and a later run goes on."""
    path = tmp_path / "lines.csv.gz"
    whole = gzipped(as_csv([row(str(at // 3), source_row=at * 7919) for at in range(900)]))
    path.write_bytes(whole[:-200])
    said = run("import", "orders", path, "--db", db, "--json")
    report = json.loads(said.out)
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "cannot be read to its end" in said.err
    assert report["error"] in said.err
    assert 0 < report["rows_imported"] < 900
    path.write_bytes(whole)
    said = run("import", "orders", path, "--db", db, "--json")
    assert (said.code, json.loads(said.out)["rows_imported"]) == (0, 900)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b"a,b\n1,2\n", "no column invoice_no"),
        (b"\x1f\x8b\x00", "gzip"),
        (b"invoice_no,invoice_no,stock_code,quantity,invoice_ts,unit_price\n", "twice"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line(
    run: Terminal, tmp_path: Path, db: str, content: bytes | None, words: str
) -> None:
    """Exit code 1, no traceback, and no database is made."""
    path = tmp_path / "lines.csv"
    if content is not None:
        path.write_bytes(content)
    said = run("import", "orders", path, "--db", db, "--json")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert words in said.err
    assert not (tmp_path / "shop.db").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--currency", "pounds"],
        ["--zone", "Europe/Atlantis"],
        ["--source", ""],
        ["--delimiter", ";;"],
        ["--encoding", "klingon"],
        ["--encoding", "rot13"],
        ["--map", "colour=Farbe"],
        ["--map", "quantity"],
        ["--rejects", "FILE"],
        ["--rejects", "/nowhere/at/all.csv"],
        ["--frobnicate"],
    ],
)
def test_what_is_asked_wrongly_ends_with_2(
    run: Terminal, file: Path, db: str, words: list[str]
) -> None:
    """Before anything is read or written."""
    given = [str(file) if word == "FILE" else word for word in words]
    said = run("import", "orders", file, "--db", db, *given)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert not file.with_name("shop.db").exists()


def test_a_file_and_a_database_must_be_named(run: Terminal, file: Path, db: str) -> None:
    """Neither is guessed."""
    assert run("import", "orders", "--db", db).code == 2
    assert run("import", "orders", file).code == 2


def test_the_door_is_the_module(file: Path, db: str) -> None:
    """`python -m ordercore` is the same program; its exit code is the command's."""
    words = [sys.executable, "-m", "ordercore", "import", "orders", str(file), "--db", db, "--json"]
    done = subprocess.run(words, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["orders"] == 2
    assert subprocess.run([*words, "--zone", "x"], capture_output=True, check=False).returncode == 2


def test_a_run_that_fails_leaves_no_half_written_rejects(
    run: Terminal, file: Path, db: str, tmp_path: Path
) -> None:
    """The database refuses; what the last run rejected still stands, and nothing else."""
    assert run("import", "orders", file, "--db", db, "--json").code == 0
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("DROP TABLE oc_order_line")
    connection.close()
    file.write_bytes(as_csv([row("9", quantity="?"), row("8")]))
    said = run("import", "orders", file, "--db", db, "--json")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert {each.name for each in tmp_path.iterdir() if ".rejects" in each.name} == {
        "lines.rejects.csv"
    }
    assert "unreadable: quantity,4," in file.with_name("lines.rejects.csv").read_text()


def test_what_comes_late_is_still_written(run: Terminal, file: Path, db: str) -> None:
    """Rejects can be asked for elsewhere."""
    elsewhere = file.with_name("other.csv")
    said = run("import", "orders", file, "--db", db, "--json", "--rejects", elsewhere)
    assert json.loads(said.out)["rejects_file"] == str(elsewhere)
    assert elsewhere.read_text().splitlines()[1].startswith("unreadable: quantity,4,")
