"""Work beside other work: it is there when that is done, and none of it outlives its first process."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from compiler.processes import beside

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other processes here")


def test_what_is_left_behind_is_there_at_the_end(tmp_path: Path) -> None:
    def work() -> None:
        time.sleep(0.05)
        (tmp_path / "made").write_text(str(os.getpid()), encoding="utf-8")

    with beside(work, 2):
        (tmp_path / "meanwhile").touch()
    assert (tmp_path / "made").read_text(encoding="utf-8") != str(os.getpid())


def test_one_process_does_no_work_that_others_may_do(tmp_path: Path) -> None:
    with beside((tmp_path / "made").touch, 1):
        pass
    assert not (tmp_path / "made").exists()


def test_an_error_beside_is_for_whoever_needs_the_work(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise OSError

    with beside(work, 2):
        pass
    assert capfd.readouterr() == ("", "")


def test_an_error_ends_the_work_beside(tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / "begun").write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(600)

    with pytest.raises(KeyboardInterrupt), beside(work, 2):
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        raise KeyboardInterrupt
    process = int((tmp_path / "begun").read_text(encoding="utf-8") or 0)
    assert not process or not Path(f"/proc/{process}").exists()
