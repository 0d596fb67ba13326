"""Fixtures that several tests share: the real material beside the checkout, and builds made once."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from compiler.app.build import Outcome, build
from compiler.app.options import Gathered, Options
from compiler.facts.kept_rules import load_rules
from compiler.facts.nouns import guess_noun
from compiler.model import RuleBook
from compiler.workspace import choose_folder, sample_files

# The same examples in every run: a property that fails must fail for who changed it, not for who comes later by chance.
# Long random runs are the nightly ones.
settings.register_profile("same examples", derandomize=True, deadline=None)
settings.load_profile("same examples")
# Hypothesis would also draw constants that it finds in whatever modules are loaded by then: other examples where other
# tests ran before, and seconds to read all sources in a fresh checkout.
providers.is_local_module_file = lambda path: False

TOP = Path(__file__).resolve().parents[1]
SHARED = TOP.parent / "shared"


@dataclass(frozen=True)
class Built:
    """A finished build: what was gathered and the folder it was written to."""

    outcome: Outcome
    out: Path

    @property
    def gathered(self) -> Gathered:
        """All that the writers worked from."""
        assert self.outcome.gathered is not None
        return self.outcome.gathered


def pytest_collection_finish() -> None:
    """Leave all that was collected out of every later search for garbage, which is sought as rarely as in a build."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of the tests' own: what the user's holds must not decide what a test sees."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def tagger_at_hand(cache_of_the_tests: None) -> None:
    """The tagger of nouns, loaded once: the process that each build forks for it finds it ready."""
    assert guess_noun("新建步道35公里", "35公里")


@pytest.fixture(autouse=True)
def builds_of_whole_outputs(request: pytest.FixtureRequest) -> None:
    """Many builds are made one after another in the outermost room."""
    if request.path.parent == TOP / "tests" / "app":
        request.getfixturevalue("tagger_at_hand")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and contracts; tests that need it are skipped where it is not at hand."""
    if not (SHARED / "reports").is_dir():
        pytest.skip("no ../shared beside this checkout: real reports are not at hand")
    return SHARED


def build_into(out: Path, *paths: Path, **changes: object) -> Outcome:
    """Build with the default rules and templates, in this process."""
    rules = choose_folder(TOP / "rules", "rules")
    templates = choose_folder(TOP / "templates", "templates")
    return build(Options(tuple(paths), rules, templates, out, **{"jobs": 1, "cache": False, **changes}))  # type: ignore[arg-type]


def cleared_place(folders: pytest.TempPathFactory) -> Path:
    """Return an empty folder whose path is the same for all tests of a process; what lay there is put aside.

    Rules and templates laid out there as they were for an earlier test are known by path and content, and not read
    and compiled again.
    """
    place = folders.getbasetemp() / "place"
    if place.exists():
        place.rename(folders.mktemp("before") / "place")
    place.mkdir()
    return place


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder at the path that other tests of the process use too."""
    return cleared_place(tmp_path_factory)


def laid_out_again(origin: Path, folders: pytest.TempPathFactory) -> Path:
    """Copy a folder that was made at that path (:func:`cleared_place`) and put aside: all is as it was, times too."""
    return Path(shutil.copytree(origin, cleared_place(folders), dirs_exist_ok=True))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's own for crash logs, in place of the real one."""
    import platformdirs

    folder = tmp_path / "state"
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_args, **_options: folder)
    return folder


@pytest.fixture(scope="session")
def samples_build(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The shipped samples, built once for all tests of a process."""
    out = tmp_path_factory.mktemp("samples") / "output"
    return Built(build_into(out, *sample_files()), out)


@pytest.fixture(scope="session")
def real_build(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The real reports, built once for all tests of a process."""
    out = tmp_path_factory.mktemp("real") / "output"
    return Built(build_into(out, shared / "reports"), out)


@pytest.fixture(scope="session")
def rulebook() -> RuleBook:
    """The default rules."""
    book, _ = load_rules(TOP / "rules")
    assert book is not None
    return book


@pytest.fixture(scope="session")
def annotated() -> frozenset[str]:
    """The indicators that the annotators of passages and binding cases knew of: only these are judged."""
    cases = (TOP / "tests" / "cases" / "passages" / "catalogue.txt").read_text(encoding="utf-8")
    return frozenset(cases.split())
