"""Whatever stands in a rule file, the loader returns: it never raises, and its issues can be shown."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.issues import CATALOGUE, render
from compiler.rules.parse import MAX_BYTES, parse_document
from compiler.rules.rulebook import load_rulebook

BASE = Path(__file__).resolve().parents[1] / "cases" / "broken_rules" / "base"
RICH = """\
format: 1
theme: 果业
order: 3
combined:
  - {names: [苹果杏产量], indicators: [apple_output, apricot_output], whole: pear_output}
indicators:
  - id: apple_output
    name: 苹果产量
    unit: 万吨
    aliases: [苹果总产量, 〔全市|全县|〕苹果收获量]
    short: [苹果]
    objects: [苹果园]
    verbs: [新建, 新增]
    growth_names: [苹果增速]
    phrases:
      - 〔数〕苹果…入库
      - {phrase: 苹果比年初增加〔数〕, measure: change}
    direction: up
    measures: [level, growth, change]
    other_units: [个]
    rise_is_level: no
    held_is_bound: true
    ratio_part: 2
    kind_of_target: binding
    headline: true
    owner: "市果业局"
    note: |
      按鲜重计，
      不含野果。
    exclude:
      - {words: [进口, 出口], because: '不是本地产的', where: clause}
    sane: {level: 0.1..500, growth: -30..30}
    examples:
      - {text: 苹果产量达到2万吨，增长6.5%左右。, under: review, yields: [level = 2, growth ~ 6.5]}
      - {text: 苹果花开满山。, under: plan, yields: [], todo: 2017-01-10}
  - id: apricot_output
    name: 杏产量
    unit: "%"
"""
SNIPPETS = [
    *"\t\u3000\u00a0：，－“”［］｛｝〔〕…·\x00\x07\x85\u2028\ufeff\u200b\ud7ff\U0001f600%@`&*!|>?-#[]{}:,'\"\\\n\r ",
    ": ", " #", "- ", "\n---\n", "\n...\n", "&a ", "*a", "<<: ", "!!python/object/apply:os.system ", "? ", "''", '""',
    "1:30", "2017-01-10", "0x1F", "~", "yes", "null", "1e400", "9" * 40, "..", "〔数〕", "〔甲|〕" * 9, "[[[[", "}}}}",
    "  ", "\n  ", "\n\t", "%YAML 9.9\n", "%TAG ! !\n", "|2\n", ">-\n",
]  # fmt: skip

Mutation = Callable[[str, random.Random], str]


def _insert(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(SNIPPETS) + text[at:]


def _delete(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + rng.choice((1, 1, 1, 2, 5, 40)) :]


def _replace(text: str, rng: random.Random) -> str:
    return _insert(_delete(text, rng), rng)


def _move_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    line = lines.pop(rng.randrange(len(lines)))
    lines.insert(rng.randrange(len(lines) + 1), line)
    return "\n".join(lines)


def _repeat_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    return "\n".join(lines[: at + 1] + [lines[at]] * rng.choice((1, 1, 3)) + lines[at + 1 :])


def _indent(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice(("", " ", "  ", "    ", "\t", "　")) + lines[at].lstrip(rng.choice((" ", "")))
    return "\n".join(lines)


def _swap_words(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    a, b = rng.randrange(len(words)), rng.randrange(len(words))
    words[a], words[b] = words[b], words[a]
    return " ".join(words)


MUTATIONS: list[Mutation] = [_insert, _delete, _replace, _move_line, _repeat_line, _indent, _swap_words]


def _mutated(text: str, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        text = rng.choice(MUTATIONS)(text, rng) or "a"
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if rng.random() < 0.1 and data:
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _fuzz(folder: Path, seeds: range) -> None:
    targets = {
        folder / "indicators/果业.yaml": RICH,
        folder / "sections/章节.yaml": (BASE / "sections/章节.yaml").read_text(encoding="utf-8"),
        folder / "lexicon.yaml": (BASE / "lexicon.yaml").read_text(encoding="utf-8"),
        folder / "ledger.yaml": (BASE / "ledger.yaml").read_text(encoding="utf-8"),
    }
    paths = list(targets)
    shutil.copytree(BASE, folder)
    for path, text in targets.items():
        path.write_text(text, encoding="utf-8")
    for seed in seeds:
        rng = random.Random(seed)
        path = rng.choices(paths, (6, 2, 2, 1))[0]
        path.write_bytes(_mutated(targets[path], rng))
        try:
            _, issues = load_rulebook(folder)
            for issue in issues:
                assert issue.code in CATALOGUE, f"seed {seed}"
                assert render(issue), f"seed {seed}"
                assert issue.where is not None, f"seed {seed}: {issue}"
        except Exception as error:  # the seed is what one needs to see
            raise AssertionError(f"seed {seed}: {error!r}") from error
        path.write_text(targets[path], encoding="utf-8")


def test_rich_file_is_sound(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(BASE, folder)
    (folder / "indicators/苹果.yaml").write_text(RICH, encoding="utf-8")
    rulebook, issues = load_rulebook(folder)
    assert [issue.code for issue in issues] == ["R117"]  # the date under todo
    assert rulebook is not None
    assert {"apple_output", "apricot_output"} <= {rule.id for rule in rulebook.indicators}


def test_mutations(tmp_path: Path) -> None:
    _fuzz(tmp_path / "rules", range(300))


@pytest.mark.nightly
def test_ten_thousand_mutations(tmp_path: Path) -> None:
    _fuzz(tmp_path / "rules", range(300, 10_300))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("flow lists", b"a: " + b"[" * 100_000),
        ("flow mappings", b"a: " + b"{a: " * 100_000),
        ("block lists", b"- " * 100_000),
        ("block mappings", b"".join(b" " * n + b"a:\n" for n in range(1_200))),
        ("complex keys", b"? " * 50_000),
        ("closing brackets", b"a: " + b"]" * 100_000),
        ("quotes", b"a: '" + b"''" * 100_000),
        ("one long line", b"a: " + "果".encode() * 300_000),
        ("many keys", b"".join(b"k%d: 1\n" % n for n in range(60_000))),
        ("only newlines", b"\n" * 900_000),
        ("too large", b"#" * (MAX_BYTES + 1)),
        (
            "alias bomb",
            b"a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(12)),
        ),
        ("zeros", b"\0" * 5000),
        ("nothing", b""),
    ],
)
def test_hostile_file(name: str, data: bytes) -> None:
    document, issues = parse_document(data, "rules/indicators/错例.yaml")
    assert document is not None or issues
    for issue in issues[:50]:
        assert render(issue)
