"""The wheel: it carries rules, templates, schemas and samples, and works where there is no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from conftest import TOP

from compiler.workspace import sample_files

CARRIED = {
    "rules": "compiler/_defaults/rules",
    "templates": "compiler/_defaults/templates",
}


def shipped(folder: Path) -> set[str]:
    """Return the files of a folder that a wheel has to carry."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith((".", "__", "~")) for part in path.relative_to(folder).parts)
    }


def project() -> dict[str, object]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CARRIED)
def test_the_patterns_of_the_package_take_every_default_file(name: str) -> None:
    patterns = project()["tool"]["setuptools"]["package-data"][f"compiler._defaults.{name}"]  # type: ignore[index]
    folder = TOP / name
    taken = {path.relative_to(folder).as_posix() for pattern in patterns for path in folder.glob(pattern)}
    assert shipped(folder) <= taken


def test_the_patterns_take_every_file_of_the_package() -> None:
    settings = project()["tool"]["setuptools"]  # type: ignore[index]
    folder = TOP / "compiler"
    taken = {
        path.relative_to(folder).as_posix()
        for package, patterns in settings["package-data"].items()
        if not package.startswith("compiler._defaults")
        for pattern in patterns
        for path in TOP.joinpath(*package.split(".")).glob(pattern)
    }
    packages = {".".join(path.relative_to(TOP).parts) for path in {p.parent for p in folder.rglob("*.py")}}
    assert packages <= set(settings["packages"])
    code = {name for name in shipped(folder) if name.endswith(".py")}
    assert shipped(folder) - code <= taken


def test_what_is_imported_is_required() -> None:
    """Every library that a room imports stands among the dependencies; those of an extra only in its own room."""
    import ast

    settings = project()["project"]
    required = {line.partition(">")[0].lower() for line in settings["dependencies"]}  # type: ignore[index]
    libraries = {"yaml": "pyyaml", "docx": "python-docx", "lxml": "python-docx"}
    libraries["markupsafe"] = "jinja2"
    known = settings["optional-dependencies"]  # type: ignore[index]
    extras = {"studio": known["studio"], "facts": known["data"] + known["dask"], "readers": known["ocr"]}
    for path in (TOP / "compiler").rglob("*.py"):
        own = {line.partition(">")[0].lower() for line in extras.get(path.parent.name, ())}
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(name.name.partition(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
        foreign = {name for name in imported if name not in sys.stdlib_module_names and name != "compiler"}
        assert {libraries.get(name, name).lower() for name in foreign} <= required | own, path


@pytest.mark.slow
def test_the_wheel_works_without_a_checkout(tmp_path: Path) -> None:
    def run(*words: object, cwd: Path = tmp_path) -> str:
        clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
        done = subprocess.run([str(word) for word in words], cwd=cwd, env=clean, capture_output=True, text=True)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    # From a copy, so that no build folder is left in the checkout and none of it is picked up.
    import shutil

    source = tmp_path / "source"
    for name in ("compiler", "rules", "templates"):
        shutil.copytree(TOP / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(TOP / name, source / name)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path / "wheel", source)
    wheel = next((tmp_path / "wheel").glob("report_compiler-*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for name, inside in CARRIED.items():
        assert {f"{inside}/{file}" for file in shipped(TOP / name)} <= names
    assert {f"compiler/{file}" for file in shipped(TOP / "compiler")} <= names
    assert not any(name.startswith(("tests/", "rules/", "output/")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)

    run(sys.executable, "-m", "venv", tmp_path / "venv")
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = run(programs / "report-compiler", "build", cwd=elsewhere)
    assert "编译完成：报告 9 份" in said
    record = json.loads((elsewhere / "output" / "build.json").read_text(encoding="utf-8"))
    assert record["rules"]["chosen"] == record["templates"]["chosen"] == "packaged"
    assert record["counts"]["facts"] > 200
    assert "错误 0 处，警告 0 处" in run(programs / "report-compiler", "check", cwd=elsewhere)
    run(programs / "python", "-m", "compiler", "init", "work", cwd=elsewhere)
    run(programs / "report-compiler", "build", "reports", cwd=elsewhere / "work")
    record = json.loads((elsewhere / "work" / "output" / "build.json").read_text(encoding="utf-8"))
    assert record["rules"]["chosen"] == "current"


def clean(**more: str) -> dict[str, str]:
    """Return the surroundings of a process that is to see nothing of this one's environment."""
    return {**{key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}, **more}


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that resolves to the lowest versions, which pip cannot, in an environment of its own."""
    folder = tmp_path_factory.mktemp("uv")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "uv"]
    subprocess.run(install, check=True, capture_output=True, env=clean())
    return programs / "uv"


def resolved(uv: Path, version: str, *options: str) -> str:
    """Return the requirements that a version of Python gets: wheels only, but for jieba, which is Python alone."""
    wheels = ["--only-binary", ":all:", "--no-binary", "jieba"]
    command = [str(uv), "pip", "compile", "--quiet", "--python-version", version, *wheels, *options, "pyproject.toml"]
    done = subprocess.run(command, cwd=TOP, env=clean(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_wheels_resolve_for_other_versions_of_python(uv: Path, version: str) -> None:
    """They are not run: no interpreter is at hand. That all of them are to be had is looked at."""
    names = {line.split("==")[0] for line in resolved(uv, version, "--extra", "studio", "--extra", "ocr").splitlines()}
    assert {"lxml", "pypdfium2", "openpyxl", "starlette", "rapidocr", "onnxruntime"} <= names
    assert "lxml" in resolved(uv, version, "--resolution", "lowest-direct")


@pytest.mark.slow
def test_the_lowest_versions_named_give_the_same_outputs(uv: Path, tmp_path: Path) -> None:
    (tmp_path / "lowest.txt").write_text(resolved(uv, "3.11", "--resolution", "lowest-direct"), encoding="utf-8")
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, capture_output=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(tmp_path / "lowest.txt")]
    subprocess.run(install, check=True, capture_output=True, env=clean())
    samples = [str(path) for path in sample_files()]
    for interpreter, out in ((python, "lowest"), (Path(sys.executable), "newest")):
        command = [str(interpreter), "-m", "compiler", "build", *samples, "--out", str(tmp_path / out), "--no-cache"]
        around = clean(PYTHONPATH=str(TOP))
        done = subprocess.run(command, cwd=tmp_path, env=around, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1) and "编译完成" in done.stdout, done.stdout + done.stderr
    for name in ("facts.csv", "ledger.csv", "tasks.csv", "passages.csv"):
        assert (tmp_path / "lowest" / name).read_bytes() == (tmp_path / "newest" / name).read_bytes(), name
    kinds = [sorted(path.name for path in (tmp_path / out).rglob("*.*")) for out in ("lowest", "newest")]
    assert kinds[0] == kinds[1]
