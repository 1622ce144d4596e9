"""What can be done with the house: `nox -l` lists it, `nox -s NAME` does it.

Every session makes its own environment. Whatever runs the tests installs the
built wheel, so that what is tested is what is shipped. What stands behind `--`
goes to the program that the session runs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "walls", "types", "size", "tests", "docs", "demo"]

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")
PACKAGES = ("ordercore", "ordercore_adapters")
SOURCES = ("src", "adapters", "tests", "examples")
STORE_TESTS = ("contract", "integration", "faults", "property", "races", "verify")
SERVERS = {
    "ORDERCORE_TEST_POSTGRES": "postgresql+psycopg://postgres@127.0.0.1:5432/test",
    "ORDERCORE_TEST_MARIADB": "mysql+pymysql://root@127.0.0.1:3306/test",
}


def _group(session: nox.Session, name: str) -> None:
    session.install(*nox.project.dependency_groups(PROJECT, name))


def _wheel(session: nox.Session, *extras: str) -> None:
    """Install the wheel that the session `wheel` has built, with these extras."""
    (built,) = (session.cache_dir / "wheel").glob("*.whl")
    extra = f"[{','.join(extras)}]" if extras else ""
    session.install(f"ordercore{extra} @ {built.resolve().as_uri()}")
    # In a reused environment the version has not changed, but the contents may have.
    session.install("--force-reinstall", "--no-deps", str(built))


def _pytest(session: nox.Session, *args: str, **env: str | None) -> None:
    """Run pytest where the source tree cannot be imported; conftest.py makes sure of it."""
    shared = (ROOT / os.environ.get("ORDERCORE_SHARED", "../shared")).resolve()
    env |= {"ORDERCORE_INSTALLED": "1", "ORDERCORE_SHARED": str(shared)}
    with session.chdir("tests"):
        session.run("python", "-m", "pytest", *args, env=env)


@nox.session(reuse_venv=True)
def wheel(session: nox.Session) -> None:
    """Build the wheel; the sessions that need it ask for this one first."""
    target = session.cache_dir / "wheel"
    shutil.rmtree(target, ignore_errors=True)
    session.install(*PROJECT["build-system"]["requires"])
    session.run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(target.resolve()))


@nox.session
def demo(session: nox.Session) -> None:
    """Show the whole library at work: `nox -s demo -- --dir FOLDER`."""
    session.install(".[cli]")
    args = list(session.posargs)
    if not any(arg == "--dir" or arg.startswith("--dir=") for arg in args):
        args += ["--dir", str(Path(session.create_tmp(), "demo").resolve())]
    session.run("python", "-m", "ordercore", "demo", *args)


@nox.session(requires=["wheel"])
def tests(session: nox.Session) -> None:
    """Run the tests against the built wheel; those that need a server skip without its URL."""
    _group(session, "tests")
    _wheel(session, "all", "testing")
    alone = dict.fromkeys((*SERVERS, "ORDERCORE_REQUIRE_SERVICES"))
    _pytest(session, "-n", "2", *(session.posargs or ["."]), **alone)


@nox.session(requires=["wheel"])
def services(session: nox.Session) -> None:
    """Run the store tests on PostgreSQL and MariaDB; here a missing server is a failure."""
    _group(session, "tests")
    _wheel(session, "all", "testing")
    urls = {name: os.environ.get(name) or url for name, url in SERVERS.items()}
    paths = [path for path in STORE_TESTS if (ROOT / "tests" / path).exists()]
    _pytest(session, *(session.posargs or paths), ORDERCORE_REQUIRE_SERVICES="1", **urls)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format; pyproject.toml gives the reason of each rule left out."""
    _group(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def walls(session: nox.Session) -> None:
    """Check who imports whom, and that the check finds a breach of each wall."""
    _group(session, "walls")
    session.run(
        "lint-imports",
        "--no-cache",
        "--no-logo",
        env={"PYTHONPATH": os.pathsep.join(["src", "adapters"])},
    )
    session.run("python", "-m", "pytest", "-q", "--noconftest", "tests/house/test_walls.py")


@nox.session(requires=["wheel"])
def types(session: nox.Session) -> None:
    """Check the types here, and that the wheel tells its users every type."""
    _group(session, "types")
    _wheel(session, "all", "testing")
    session.run("mypy", *(path for path in SOURCES if (ROOT / path).exists()))
    session.run("pyright")
    with session.chdir(session.create_tmp()):  # where pyright sees the wheel, not the sources
        for package in PACKAGES:
            _verify_types(session, package)


def _verify_types(session: nox.Session, package: str) -> None:
    command = ["pyright", "--verifytypes", package, "--ignoreexternal", "--outputjson"]
    found = session.run(*command, silent=True, success_codes=[0, 1], log=False)
    report = json.loads(str(found))["typeCompleteness"]
    score = report["completenessScore"]
    session.log(f"{package}: {score:.2%} of the public types are known")
    for symbol in report["symbols"]:
        if symbol["isExported"] and not symbol["isTypeKnown"]:
            session.warn(f"{symbol['name']}: {[each['message'] for each in symbol['diagnostics']]}")
    if score < 1:
        session.error(f"{package} does not tell its users every type")


@nox.session(venv_backend="none")
def size(session: nox.Session) -> None:
    """Measure files and functions against the rules of size."""
    session.run(sys.executable, "tests/size.py", *(p for p in SOURCES if (ROOT / p).exists()))


@nox.session(requires=["wheel"])
def docs(session: nox.Session) -> None:
    """Build the pages, warnings being errors, and run every block of Python in them."""
    _group(session, "docs")
    _wheel(session, "all", "testing")
    target = Path(session.create_tmp(), "html").resolve()
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", str(target))
    session.log(f"the pages: {target / 'index.html'}")
    _pytest(session, "docs")


@nox.session(requires=["wheel"])
def bench(session: nox.Session) -> None:
    """Measure the speed that is promised."""
    _wheel(session, "all")
    session.run("python", "tests/bench/run.py", *session.posargs)
