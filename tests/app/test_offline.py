"""Folders of wheels for machines without a network: complete for each kind of machine, and enough to install from."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest
from conftest import TOP

from compiler.app import offline_bundles

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ENVIRONMENTS = {
    "windows-x64": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "linux-x86_64": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "linux-arm64": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
}


def test_every_kind_of_machine_is_told_how_to_install() -> None:
    for machine in offline_bundles.MACHINES:
        text = offline_bundles.about(machine, ["3.11"], "report_compiler-1-py3-none-any.whl")
        assert '--no-index --find-links . "report_compiler-1-py3-none-any.whl[studio]"' in text
        assert ("Scripts\\" in text) == machine.startswith("windows")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders for all kinds of machines, for this Python."""
    out = tmp_path_factory.mktemp("wheels")
    try:
        offline_bundles.pip("download", "--no-deps", "-d", str(out), "tqdm")
    except subprocess.CalledProcessError:
        pytest.skip("no package index within reach")
    assert offline_bundles.main([str(out), "--python", PYTHON]) == 0
    return out


def needed(folder: Path, environment: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each wheel with what it needs in an environment: names in their plain form."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    extras = {"report-compiler": "studio"}
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as package:
            (member,) = (name for name in package.namelist() if name.endswith(".dist-info/METADATA"))
            fields = HeaderParser().parsestr(package.read(member).decode())
        name = canonicalize_name(fields["Name"])
        for text in fields.get_all("Requires-Dist", []):
            requirement = Requirement(text)
            chosen = {**environment, "python_version": PYTHON, "extra": extras.get(name, "")}
            if requirement.marker is None or requirement.marker.evaluate(chosen):
                yield name, canonicalize_name(requirement.name)


@pytest.mark.slow
@pytest.mark.parametrize("machine", offline_bundles.MACHINES)
def test_what_any_package_needs_there_lies_in_the_folder(folders: Path, machine: str) -> None:
    from packaging.utils import parse_wheel_filename

    folder = folders / machine
    there = {parse_wheel_filename(wheel.name)[0] for wheel in folder.glob("*.whl")}
    assert {"report-compiler", "starlette", "lxml", "jieba"} <= there
    assert [pair for pair in needed(folder, ENVIRONMENTS[machine]) if pair[1] not in there] == []
    assert not list(folder.glob("*.tar.gz"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="installs for this machine")
def test_it_installs_and_builds_without_a_network(folders: Path, tmp_path: Path) -> None:
    place = shutil.copytree(folders / "linux-x86_64", tmp_path / "离线")
    alone = ["unshare", "-rn"] if shutil.which("unshare") and not subprocess.call(["unshare", "-rn", "true"]) else []
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_"))}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "HOME": str(tmp_path)}

    def run(*command: str) -> str:
        done = subprocess.run([*alone, *command], cwd=place, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", ".venv")
    program = next(place.glob("report_compiler-*.whl")).name
    run(".venv/bin/python", "-m", "pip", "install", "--no-index", "--find-links", ".", f"{program}[studio]")
    assert run(".venv/bin/report-compiler", "--version").split()[-1] == program.split("-")[1]
    run(".venv/bin/report-compiler", "build", "--out", "结果")
    assert (place / "结果" / "目标与结果.xlsx").is_file()
    run(".venv/bin/python", "-c", "import compiler.studio.routes, uvicorn")
    assert not (TOP / "build").exists()
