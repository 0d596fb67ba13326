"""What five times the rules cost: python tests/bench/bench_rules.py

Every indicator of the pack is there four times more, under names that begin as its own do and end in another sign, so
that the finder has more to try at each place. Text to facts of made or real reports with both packs in turn (the least
of some runs), and the start of the program with both kept in the cache. Aimed at: 1.15 times, 0.15 s more.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(Path(__file__).parent)]

from bench_pipeline import milliseconds, texts  # noqa: E402
from bench_start import seconds  # noqa: E402

from compiler.facts.compile import compile_source  # noqa: E402
from compiler.facts.kept_rules import load_rules  # noqa: E402
from compiler.model import RuleBook, Source  # noqa: E402

RUNS = 15
SIGNS = "甲乙丙丁"
SENTENCE = "全市实现地区生产总值812.5亿元，增长6.5%左右。"
_KEPT = ("unit", "measures", "direction", "other_units", "exclude", "sane")


class _Quoting(yaml.SafeDumper):
    """Writes texts in quotes, as words with a comma in them have to be."""


_Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def _other(indicator: dict[str, Any], number: int, sign: str) -> dict[str, Any]:
    """Return an indicator again under names of its own."""
    again = {key: indicator[key] for key in _KEPT if key in indicator}
    again |= {"id": f"{indicator['id']}_{number}", "name": indicator["name"] + sign}
    again["aliases"] = [
        {**alias, "name": alias["name"] + sign} if isinstance(alias, dict) else alias + sign
        for alias in indicator.get("aliases", ())
    ]
    phrases = []
    for phrase in indicator.get("phrases", ()):
        words = phrase["phrase"] if isinstance(phrase, dict) else phrase
        words = re.sub("〔数", f"{sign}〔数", words, count=1)
        phrases.append({**phrase, "phrase": words} if isinstance(phrase, dict) else words)
    return again | {"phrases": phrases}


def five_times(folder: Path) -> Path:
    """Write the pack with each indicator five times over into ``folder``."""
    shutil.copytree(TOP / "rules", folder)
    for path in sorted((folder / "indicators").glob("*.yaml")):
        pack = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, sign in enumerate(SIGNS, 2):
            others = [_other(indicator, number, sign) for indicator in pack["indicators"]]
            theme = {"format": 1, "theme": f"{pack['theme']}{sign}", "order": pack["order"] + 100 * number}
            text = yaml.dump({**theme, "indicators": others}, Dumper=_Quoting, allow_unicode=True, sort_keys=False)
            (folder / "indicators" / f"{path.stem}{sign}.yaml").write_text(text, encoding="utf-8")
    return folder


def _loaded(folder: Path) -> RuleBook:
    rulebook, issues = load_rules(folder)
    if rulebook is None:
        raise SystemExit("\n".join(f"{issue.code} {issue.fields}" for issue in issues[:10]))
    return rulebook


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        more = five_times(folder / "rules5")
        one, five = _loaded(TOP / "rules"), _loaded(more)
        print(f"{len(one.indicators)} indicators, {len(five.indicators)}")
        first = again = 0.0
        for name, text in texts():
            source = Source(name, text, "utf-8", "")
            facts = [len(report.facts) for book in (one, five) for report in compile_source(source, book)[0]]
            times = [
                [milliseconds(lambda: compile_source(source, book)) for book in (one, five)]  # noqa: B023
                for _ in range(RUNS)
            ]
            short, long = (min(column) for column in zip(*times, strict=True))
            first, again = first + short, again + long
            print(f"{name}: facts {facts}; {short:.1f} ms, {long:.1f} ms")
        print(f"text to facts with five times the rules: {again / first:.2f} times")
        program = [sys.executable, "-m", "compiler", "explain", SENTENCE, "--rules"]
        (folder / "cache").mkdir(mode=0o700)
        taken = [seconds([*program, str(rules)], folder) for rules in (TOP / "rules", more)]
        print(f"start from the cache: {taken[0]:.2f} s and {taken[1]:.2f} s")


if __name__ == "__main__":
    main()
