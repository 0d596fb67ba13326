"""Cases of the kinds of language that reports use: small reports, each with the facts due, no fewer and no more.

A fact of a case is written ``[year kind] indicator measure bound figure unit [tier]``, or with ``text`` and the words
of a target; alternatives are set apart by `` | ``. Facts of several years are tried elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from compiler.facts.compile import compile_source
from compiler.model import Bound, Fact, RuleBook, Source
from compiler.numbers import decimal_text

Case = dict[str, Any]

_USUAL = {"review": (-1, "result"), "review_span": (-1, "result"), "plan": (0, "target"), "report": (0, "")}
_PAST = "一年来，全体干部群众团结一致，各项工作有序展开。"
_AHEAD = "今年要坚持稳字当头，把各项部署落到实处。"
_NEAR = Decimal("0.001")


def report_of(case: Case) -> str:
    """Return the text of the small report in which a case stands."""
    text, place, year = case["text"].strip("\n"), case["place"], int(case["year"])
    if case["under"] == "report":
        return f"{text}\n"
    nation = place == "全国"
    head = [
        "政府工作报告" if nation else f"{year}年{place}政府工作报告",
        f"——{year}年3月5日在第十届全国人民代表大会第一次会议上"
        if nation
        else f"——{year}年1月12日在{place}第十六届人民代表大会第一次会议上",
        "各位代表：",
        f"现在，我代表{'国务院' if nation else place + '人民政府'}，向大会报告政府工作，请予审议。",
    ]
    behind = "一、过去五年工作回顾" if case["under"] == "review_span" else f"一、{year - 1}年工作回顾"
    planned = case["under"] == "plan"
    body = [behind, _PAST if planned else text, f"二、{year}年工作安排", text if planned else _AHEAD]
    return "\n".join([*head, *body]) + "\n"


def facts_of(case: Case, rulebook: RuleBook) -> list[str]:
    """Return the facts of a case as they would be written in it."""
    path = f"{case['id']}/{case.get('file') or '报告.txt'}"
    reports, _ = compile_source(Source(path, report_of(case), "utf-8", ""), rulebook)
    return [_shown(fact) for report in reports for fact in report.facts if not fact.from_year]


def _shown(fact: Fact) -> str:
    tier = fact.tier.value if fact.tier else "base"
    head = f"{fact.place} {fact.year} {fact.kind.value} {fact.indicator} {fact.measure.value} {tier}"
    if fact.text:
        return f"{head} text {fact.text}"
    ends = [decimal_text(end) for end in (fact.low, fact.high) if end is not None]
    return f"{head} {fact.bound.value} {'..'.join(dict.fromkeys(ends))} {fact.unit}"


def due(line: str, case: Case) -> str:
    """Return a fact as a case writes it in the form of :func:`facts_of`."""
    words = line.split()
    place = words.pop()[1:] if words[-1].startswith("@") else case["place"]
    shift, kind = _USUAL[case["under"]]
    year = int(case["year"]) + shift
    if re.fullmatch(r"\d{4}", words[0]) and words[1] in ("result", "target"):
        year, kind = int(words[0]), words[1]
        words = words[2:]
    tier = words.pop() if words[-1] in ("base", "stretch") else "base"
    head = f"{place} {year} {kind} {words[0]} {words[1]} {tier}"
    if words[2] == "text":
        return f"{head} text {''.join(words[3:])}"
    return f"{head} {words[2]} {words[3]} {''.join(words[4:])}"


def _same(one: str, other: str) -> bool:
    a, b = one.split(" "), other.split(" ")
    if a[:6] != b[:6] or (a[6] == "text") != (b[6] == "text"):
        return False
    if a[6] == "text":
        short, long = sorted(("".join(a[7:]), "".join(b[7:])), key=len)
        return bool(short) and short in long and len(short) >= 0.6 * len(long)
    return a[6] == b[6] and a[8:] == b[8:] and _close(a[7], b[7], a[6])


def _close(one: str, other: str, bound: str) -> bool:
    ends = [[Decimal(end) for end in figure.split("..")] for figure in (one, other)]
    if bound != Bound.RANGE:
        ends = [figure[:1] for figure in ends]
    return len(ends[0]) == len(ends[1]) and all(
        abs(x - y) <= _NEAR * max(abs(x), abs(y)) for x, y in zip(*ends, strict=True)
    )


def differences(case: Case, found: Iterable[str]) -> list[str]:
    """Return what is missing from the facts of a case and what is too much, ready to show; nothing where it passes."""
    left = list(found)

    def take(line: str) -> bool:
        for option in line.split(" | "):
            match = next((fact for fact in left if _same(due(option, case), fact)), None)
            if match is not None:
                left.remove(match)
                return True
        return False

    missing = [f"missing {line}" for line in case.get("expect") or () if not take(line)]
    for line in case.get("optional") or ():
        take(line)
    return [*missing, *(f"too much {fact}" for fact in left)]
