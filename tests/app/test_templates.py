"""Templates are kept, within a process and from run to run, until they, or what they name of the rules, change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import TOP, build_into

from compiler.app import kept_templates
from compiler.app.kept_templates import Loaded, load_templates
from compiler.app.options import Output
from compiler.model import RuleBook
from compiler.workspace import sample_files


def test_kept_until_something_changes(tmp_path: Path, rulebook: RuleBook) -> None:
    folder = Path(shutil.copytree(TOP / "templates", tmp_path / "templates"))
    first = load_templates(folder, rulebook)
    assert first[0] is not None and first[1] == ()
    assert load_templates(folder, replace(rulebook, version="another")) is first
    assert load_templates(folder, rulebook, {Output.EVIDENCE}) is not first
    path = folder / "briefing.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 一句说明\n", encoding="utf-8")
    assert load_templates(folder, rulebook) is not first
    path.unlink()
    assert [issue.code for issue in load_templates(folder, rulebook)[1]] == ["T201"]


def test_what_templates_name_is_looked_up_in_the_rules_at_hand(rulebook: RuleBook) -> None:
    assert load_templates(TOP / "templates", rulebook)[1] == ()
    fewer = replace(rulebook, indicators=rulebook.indicators[:1])
    assert {issue.code for issue in load_templates(TOP / "templates", fewer)[1]} >= {"T213"}


# --- from run to run ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Templates of one's own, and a cache of one's own."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    monkeypatch.setattr(kept_templates, "private_folder", lambda: cache)
    return Path(shutil.copytree(TOP / "templates", tmp_path / "templates"))


@pytest.fixture
def run(folder: Path, rulebook: RuleBook, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Loaded, bool]]:
    """Loads the templates as a new process does; also tells whether they were read and checked."""
    read: list[Path] = []
    load = kept_templates._load

    def loading(*given: object) -> Loaded:
        read.append(folder)
        return load(*given)  # type: ignore[arg-type]

    def run() -> tuple[Loaded, bool]:
        del read[:]
        monkeypatch.setattr(kept_templates, "_loaded", {})
        return load_templates(folder, rulebook, cached=True), bool(read)

    monkeypatch.setattr(kept_templates, "_load", loading)
    return run


def test_a_later_run_reads_back_what_came_of_them(run: Callable[[], tuple[Loaded, bool]]) -> None:
    (first, issues), read = run()
    assert read and first is not None and issues == ()
    (again, issues), read = run()
    assert not read and again is not None and issues == () and again is not first
    assert again.briefing.looks == first.briefing.looks and again.evidence.path == first.evidence.path


def test_issues_are_kept_too(folder: Path, run: Callable[[], tuple[Loaded, bool]]) -> None:
    path = folder / "briefing.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{{ place }}", "{{ plaza }}", 1), encoding="utf-8")
    (_, issues), _ = run()
    (_, again), read = run()
    assert [issue.code for issue in issues] == ["T103"] and again == issues and not read


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes()[:999] + b"??" + path.read_bytes()[1001:]),
        lambda path: path.unlink(),
        lambda path: shutil.rmtree(path.parent),
    ],
)
def test_what_is_not_as_it_was_is_made_anew(
    folder: Path, run: Callable[[], tuple[Loaded, bool]], spoil: Callable[[Path], object]
) -> None:
    run()
    (entry,) = (folder.parent / "cache" / "checked").iterdir()
    spoil(entry)
    assert run()[1] and not run()[1]


def test_another_program_rule_or_template_has_its_own(
    folder: Path, run: Callable[[], tuple[Loaded, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    with monkeypatch.context() as patch:
        patch.setattr(kept_templates, "program_fingerprint", lambda: "another version")
        assert run()[1]
    with monkeypatch.context() as patch:
        patch.setattr(kept_templates, "named", lambda rulebook: "other rules")
        assert run()[1]
    (folder / "一句.txt").write_text("", encoding="utf-8")
    assert run()[1]


def test_what_is_written_by_them_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = []
    for name in ("checked", "read back"):
        monkeypatch.setattr(kept_templates, "_loaded", {})
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        out = tmp_path / name
        build_into(out, sample_files()[0], cache=True, force=True)
        files = sorted(path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
        outputs.append({str(path.relative_to(out)): path.read_bytes() for path in files if path.name != "build.json"})
    assert len(outputs[0]) > 8 and outputs[0] == outputs[1]
