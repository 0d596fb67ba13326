"""The ground: names of files and those not yet taken, text without white space or what XML refuses, collection."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from copy import copy
from dataclasses import fields

import pytest
from conftest import TOP
from help.make_reports import make_fact
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from compiler.files import LONGEST_NAME, numbered_file, safe_file_name
from compiler.garbage_collection import no_collection
from compiler.model import Issue, Location
from compiler.strings import escape_xml, squeeze, unique, without_control

NAMES = [
    ("锦州市", "2017年政府工作报告.html", "锦州市2017年政府工作报告.html"),
    ("a/b\\c:d", ".docx", "abcd.docx"),
    ("目标<与>结果.xlsx", "", "目标与结果.xlsx"),
    ("..", ".docx", "要情.docx"),
    ("上\n下\x1b", ".docx", "上下.docx"),
    ("很" * 200, "年报.html", "很" * 63 + "年报.html"),
]


@pytest.mark.parametrize(("name", "ending", "wanted"), NAMES)
def test_file_names(name: str, ending: str, wanted: str) -> None:
    assert safe_file_name(name, ending, "要情") == wanted


@given(st.text(), st.sampled_from(["", ".docx", "2017年政府工作报告.html"]))
def test_every_file_name_is_one_name_and_not_too_long(name: str, ending: str) -> None:
    made = safe_file_name(name, ending, "要情")
    assert made and made.endswith(ending) and made.isprintable()
    assert not set('<>:"/\\|?*') & set(made)
    assert len(made.encode("utf-8", "replace")) <= LONGEST_NAME


def test_unique_ignores_case_and_counts_on() -> None:
    taken: set[str] = set()
    made = [unique(name, taken, numbered_file) for name in ("A.docx", "a.docx", "A（2）.docx", "a.docx")]
    assert made == ["A.docx", "a（2）.docx", "A（2）（2）.docx", "a（3）.docx"]


@given(st.text())
def test_escaped_text_parses_back(text: str) -> None:
    parsed = etree.fromstring(f"<a>{escape_xml(text)}</a>".encode())
    assert (parsed.text or "") == without_control(text).replace("\r\n", "\n").replace("\r", "\n")


@given(st.text())
def test_squeezing_twice_changes_nothing(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text) and not any(c.isspace() for c in squeeze(text))


def test_no_collection_within_and_again_after_it() -> None:
    with no_collection():
        assert not gc.isenabled()
        with no_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


SET_ASIDE = """
import gc, weakref
from compiler.garbage_collection import set_aside

class Ring:
    def __init__(self):
        self.own = self

ring = Ring()
gone = weakref.ref(ring)
with set_aside():
    del ring
    within = Ring()
    gone_within = weakref.ref(within)
    del within
    gc.collect()
    print(gone() is None, gone_within() is None)
gc.collect()
print(gone() is None)
"""


def test_what_is_set_aside_is_collected_afterwards() -> None:
    """In a process of its own: collecting all that the tests of this one hold takes seconds."""
    done = subprocess.run([sys.executable, "-c", SET_ASIDE], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]


def test_values_that_are_pickled_slot_by_slot_come_back_whole() -> None:
    issue = Issue("F203", {"name": "甲"}, Location("一.yaml", 3), "甲.txt", 1, 4, 9, "甲市", "乙", ("F1",))
    for value in (make_fact("gdp", "level", "100"), issue):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(value, protocol))
            assert again == value and type(again) is type(value)
            assert all(getattr(again, one.name) == getattr(value, one.name) for one in fields(value))
        assert copy(value) == value
