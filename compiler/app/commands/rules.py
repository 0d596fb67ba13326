"""The commands that look into rules, as a person sees them: explain, suggest, preview, rules export and import."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.app.terminal import CONTENT_AT_FAULT, DONE, Shown, WrongUse, say, show_issues
from compiler.model import CompiledReport, IndicatorRule, Issue, Part, RuleBook, Source

if TYPE_CHECKING:
    from compiler.facts.batch import Inputs

_FACT_ID = re.compile(r"[Ff][0-9A-Fa-f]{8}\Z")
_YEAR = re.compile(r"((?:19|20)\d\d)年?\Z")

#: So many sentences of one indicator are explained, so many reports named where none is the one meant.
MOST_SENTENCES = 8


def load_rules_telling(given: Path | None) -> RuleBook | None:
    """Load the rules of ``--rules``, the current folder or the package; print their errors (``check`` tells all)."""
    from compiler.facts.kept_rules import load_rules
    from compiler.issues import severity
    from compiler.workspace import choose_folder

    if given is not None and not given.is_dir():
        raise WrongUse(f"没有规则文件夹 {given}")
    rulebook, issues = load_rules(choose_folder(given, "rules").folder)
    show_issues([issue for issue in issues if severity(issue) == "error"])
    return rulebook


def read_reports(paths: Sequence[Path]) -> Inputs:
    """Read reports; print what is wrong with them."""
    from compiler.facts.batch import read_inputs

    for path in paths:
        if not path.exists():
            raise WrongUse(f"没有这个文件或文件夹：{path}")
    inputs = read_inputs(paths)
    show_issues(inputs.issues)
    return inputs


def tell(issue: Issue) -> None:
    """Print one issue on standard error."""
    from compiler.issues import render

    say(render(issue))


# --- explain -----------------------------------------------------------------------------------


def explain(args: argparse.Namespace) -> int:
    """Run ``report-compiler explain``."""
    from compiler.authoring import explain as explaining
    from compiler.facts.compile import language_of

    words = [word.strip() for word in args.what if word.strip()]
    if not words:
        raise WrongUse("要写一个事实编号、“指标 地区”，或一句话")
    rulebook = load_rules_telling(args.rules)
    if rulebook is None:
        return CONTENT_AT_FAULT
    if len(words) == 1 and _FACT_ID.match(words[0]):
        return _explain_fact(words[0].upper(), _reports_to_explain(args, rulebook), rulebook)
    if (
        len(words) == 1
        and len(words[0].split()) in (2, 3)
        and explaining.find_rules(words[0].split()[0], language_of(rulebook))
    ):
        words = words[0].split()  # “指标 地区” in one pair of quotation marks
    rules = explaining.find_rules(words[0], language_of(rulebook))
    years = [int(found[1]) for word in words[1:] if (found := _YEAR.match(word))]
    places = [word for word in words[1:] if not _YEAR.match(word)]
    if rules and len(places) <= 1:
        reports = _reports_to_explain(args, rulebook)
        return _explain_indicator(rules, places[0] if places else "", years, reports, rulebook)
    if len(words) in (2, 3) and len(places) == 1 and not re.search(r"\d", words[0]) and "，" not in words[0]:
        nearest = explaining.nearest_names(words[0], rulebook)
        hint = f"是不是想写 {'、'.join(nearest)}？" if nearest else "看看 rules/indicators 里的名称"
        tell(Issue("G302", {"name": words[0], "hint": hint}))
        return CONTENT_AT_FAULT
    return _explain_text("".join(words), Part(args.under), args.place_and_year, rulebook)


def _explain_text(text: str, part: Part, place_and_year: Sequence[str] | None, rulebook: RuleBook) -> int:
    from compiler.authoring import explain as explaining
    from compiler.facts.compile import read_example
    from compiler.facts.examples import identity_as, identity_in

    if place_and_year is None:
        identity = identity_in(text, part, rulebook.lexicon)
    else:
        place, year = place_and_year
        if not _YEAR.match(year):
            raise WrongUse(f"--as 后面先写地区，再写年度，如 --as 安吉县 2026；{year} 不是年度")
        identity = identity_as(place, int(year[:4]), rulebook.lexicon)

    explained = explaining.Explainer.of(read_example(text, part, rulebook, identity), rulebook).all()
    if not any(sentence.steps or sentence.names for sentence in explained):
        tell(Issue("G306", {"text": text[:40]}))
        return CONTENT_AT_FAULT
    print(explaining.shown_identity(identity))
    for sentence in explained:
        print(explaining.shown_sentence(sentence))
    return DONE


Reports = Sequence[tuple[CompiledReport, Source]]
"""Compiled reports, each with its source."""


def _reports_to_explain(args: argparse.Namespace, rulebook: RuleBook) -> Reports:
    """Return the reports of ``--reports``, else those of the last build, else the samples."""
    from compiler.app.inputs import inputs_of_build
    from compiler.facts.batch import compile_inputs, read_files
    from compiler.workspace import sample_files

    built = None if args.reports else inputs_of_build(args.out)
    if built is not None:
        files, missing = built
        if missing:
            tell(Issue("G308", {"count": str(missing)}))
        inputs = read_files(files)
        show_issues(inputs.issues)
    else:
        if not args.reports:
            say("没有写 --reports，也没有编译过的结果，就看自带的样例报告")
        inputs = read_reports(args.reports or sample_files())
    reports, issues = compile_inputs(inputs, rulebook)
    show_issues([issue for issue in issues if issue.code == "B105"])
    sources = {source.path: source for source in inputs.sources}
    return [(report, sources[report.source]) for report in reports]


def _source_line(report: CompiledReport) -> str:
    number = f"（第 {report.number} 份）" if report.number > 1 else ""
    identity = report.identity
    return f"{identity.place or '未识别地区'} {identity.report_year or ''}年报告　{report.source}{number}"


def _explain_fact(number: str, reports: Reports, rulebook: RuleBook) -> int:
    from compiler.authoring import explain as explaining

    for report, source in reports:
        for fact in report.facts:
            if fact.id != number:
                continue
            print(explaining.shown_fact(fact))
            print(_source_line(report))
            reading = explaining.reading_of(report, source, rulebook)
            sentence = explaining.Explainer.of(reading, rulebook).explained(fact.sentence)
            step = explaining.step_of_fact(fact, sentence.steps)
            print(explaining.shown_sentence(sentence, step))
            if step is None:
                tell(Issue("G307"))
            return DONE
    tell(Issue("G301", {"id": number}))
    return CONTENT_AT_FAULT


def _explain_indicator(
    rules: Iterable[IndicatorRule],
    place: str,
    years: Sequence[int],
    reports: Reports,
    rulebook: RuleBook,
) -> int:
    from compiler.authoring import explain as explaining

    chosen = [
        (report, source)
        for report, source in reports
        if place in report.identity.place and (not years or report.identity.report_year in years)
    ]
    if not chosen:
        year = "".join(f"{year}年" for year in years)
        known = dict.fromkeys(f"{report.identity.place}{report.identity.report_year}年" for report, _ in reports)
        nearest = explaining.nearest_first(f"{place}{year}", known)
        more = f"等 {len(nearest)} 份" if len(nearest) > MOST_SENTENCES else ""
        shown = "、".join(nearest[:MOST_SENTENCES]) + more
        tell(Issue("G303", {"place": f"{place}{year}", "known": shown or "没有"}))
        return CONTENT_AT_FAULT
    found = False
    for rule in rules:
        for report, source in chosen:
            found = _explain_in_report(rule, report, source, rulebook) or found
    return DONE if found else CONTENT_AT_FAULT


def _explain_in_report(rule: IndicatorRule, report: CompiledReport, source: Source, rulebook: RuleBook) -> bool:
    """Explain every sentence of a report that yields the indicator, else those that mention it."""
    from compiler.authoring import explain as explaining

    facts = [fact for fact in report.facts if fact.indicator_id == rule.id]
    explainer = explaining.Explainer.of(explaining.reading_of(report, source, rulebook), rulebook)
    print(f"{rule.name}（{rule.id}）　{_source_line(report)}")
    shown = {"name": rule.name, "id": rule.id, "place": report.identity.place}
    shown["year"] = str(report.identity.report_year)
    if facts:
        numbers = list(dict.fromkeys(fact.sentence for fact in facts))
        for fact in facts:
            print(f"  {explaining.shown_fact(fact)}")
    else:
        numbers = list(explainer.mentions(rule))
        if not numbers:
            where = explainer.places.rule(rule, "aliases")
            tell(Issue("G304", {**shown, "where": where}))
            print()
            return False
        tell(Issue("G305", {**shown, "count": str(len(numbers))}))
    for number in numbers[:MOST_SENTENCES]:
        sentence = explainer.explained(number)
        own = [step for step in sentence.steps if step.indicator_id == rule.id] or None
        print(explaining.shown_sentence(sentence, only=own))
    if len(numbers) > MOST_SENTENCES:
        print(f"  ……还有 {len(numbers) - MOST_SENTENCES} 句")
    print()
    return True


# --- suggest -----------------------------------------------------------------------------------


def suggest(args: argparse.Namespace) -> int:
    """Run ``report-compiler suggest``."""
    from compiler.authoring import suggest as suggesting
    from compiler.authoring.suggested import as_yaml

    rulebook = load_rules_telling(args.rules)
    if rulebook is None:
        return CONTENT_AT_FAULT
    if args.wanted:
        name, sentence = args.wanted
        return _suggest_for(name, sentence, args.out, rulebook)
    from compiler.facts.batch import compile_inputs

    inputs = read_reports(_reports_or_samples(args.paths))
    reports, issues = compile_inputs(inputs, rulebook, Shown())
    show_issues([issue for issue in issues if issue.code == "B105"])
    if not reports:
        tell(Issue("B102", {"count": str(len(args.paths))}))
        return CONTENT_AT_FAULT
    suggestions = suggesting.suggest(reports, rulebook, most=args.most, least=args.least)
    text = as_yaml(suggestions)
    uncovered = sum(len(report.uncovered) for report in reports)
    if not suggestions:
        tell(Issue("S101", {"count": str(uncovered), "least": str(args.least)}))
        return DONE
    fields = {
        "count": str(len(suggestions)),
        "uncovered": str(uncovered),
        "claimed": str(sum(suggestion.count for suggestion in suggestions)),
    }
    if args.out is None:
        print(text, end="")
    else:
        try:
            args.out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise WrongUse(f"写不了 {args.out}：{error.strerror}") from error
        print(args.out)
    tell(Issue("S102", fields))
    for issue in suggesting.taken_from(suggestions, reports, inputs, rulebook):
        tell(issue)
    return DONE


def _suggest_for(name: str, sentence: str, out: Path | None, rulebook: RuleBook) -> int:
    """Write one rule from a name and a sentence."""
    from compiler.authoring import suggest as suggesting
    from compiler.authoring.suggested import as_yaml

    made = suggesting.suggest_for(name, sentence, rulebook)
    if made is None:
        tell(Issue("S103", {"name": name, "text": sentence[:40]}))
        return CONTENT_AT_FAULT
    text = as_yaml([made])
    if out is None:
        print(text, end="")
        return DONE
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"写不了 {out}：{error.strerror}") from error
    print(out)
    return DONE


def _reports_or_samples(paths: Sequence[Path]) -> Sequence[Path]:
    from compiler.workspace import sample_files

    if paths:
        return paths
    say("没有写报告的路径，就看自带的样例报告（数字都是虚构的）")
    return sample_files()


# --- preview -----------------------------------------------------------------------------------


def preview(args: argparse.Namespace) -> int:
    """Run ``report-compiler preview``."""
    if (args.briefing is None) == (args.against is None):
        raise WrongUse("写 --against 规则文件夹，看哪些数会变；或写 --briefing 地名，看那一份要情的文字")
    if args.briefing is not None:
        return _preview_briefing(args)
    from compiler.authoring import preview as previewing

    if not args.against.is_dir():
        raise WrongUse(f"--against 要写一个规则文件夹，没有 {args.against}")
    new = load_rules_telling(args.rules)
    say(f"对照的规则：{args.against}")
    old = load_rules_telling(args.against)
    if new is None or old is None:
        return CONTENT_AT_FAULT
    inputs = read_reports(_reports_or_samples(args.paths))
    if not inputs.sources:
        tell(Issue("B102", {"count": str(len(args.paths))}))
        return CONTENT_AT_FAULT
    result = previewing.preview(inputs, old, new)
    for line in previewing.comparison_lines(result, most=args.most):
        print(line)
    if args.out is not None:
        try:
            previewing.write_comparison(args.out, result)
        except OSError as error:
            raise WrongUse(f"写不了 {args.out}：{error.strerror}") from error
        print(f"已写出 {args.out}")
    return DONE


def _preview_briefing(args: argparse.Namespace) -> int:
    from compiler.app.briefing_preview import show_briefing

    rulebook = load_rules_telling(args.rules)
    if rulebook is None:
        return CONTENT_AT_FAULT
    inputs = read_reports(_reports_or_samples(args.paths))
    return show_briefing(args.briefing, inputs.sources, rulebook, args.templates)


# --- rules export, rules import ----------------------------------------------------------------


def rules_export(args: argparse.Namespace) -> int:
    """Run ``report-compiler rules export``."""
    from compiler.authoring.rule_files import read_rules
    from compiler.authoring.rule_sheet import write_sheet
    from compiler.workspace import choose_folder

    folder = _rules_folder(args.rules)
    if args.table.suffix.lower() != ".xlsx":
        raise WrongUse(f"表格要写成 .xlsx，这里是 {args.table}")
    if args.table.exists() and not args.force:
        raise WrongUse(f"{args.table} 已经有了，里面也许有还没写回的改动；确实要换掉，就加 --force")
    table, issues = read_rules(choose_folder(folder, "rules").folder)
    show_issues(issues)
    if table is None:
        return CONTENT_AT_FAULT
    try:
        write_sheet(args.table, table)
    except OSError as error:
        raise WrongUse(f"写不了 {args.table}：{error.strerror}") from error
    print(
        f"已写出 {args.table}：{len(table.rows)} 条指标规则。改好存盘后运行 report-compiler rules import {args.table}"
    )
    return DONE


def rules_import(args: argparse.Namespace) -> int:
    """Run ``report-compiler rules import``."""
    from compiler.authoring.rule_import import import_sheet
    from compiler.workspace import choose_folder

    if not args.table.is_file():
        raise WrongUse(f"没有这个表格：{args.table}")
    folder = choose_folder(_rules_folder(args.rules), "rules")
    if folder.chosen == "packaged" and not args.dry_run:
        raise WrongUse("没有写 --rules，当前文件夹里也没有 rules；自带的规则不改，先用 report-compiler init 放一份出来")
    outcome = import_sheet(args.table, folder.folder, write=not args.dry_run)
    for issue in outcome.issues:
        tell(issue)
    if outcome.failed:
        print("什么也没有写。")
        return CONTENT_AT_FAULT
    for line in outcome.changes:
        print(line)
    if not outcome.changes:
        print("表格与规则一致，没有要改的。")
    elif args.dry_run:
        print(f"只是试一试：要改 {len(outcome.changes)} 处，什么也没有写。")
    else:
        print(f"已写回 {len(outcome.changes)} 处，改了 {len(outcome.files)} 个文件：{'、'.join(outcome.files)}")
    return DONE


def _rules_folder(given: Path | None) -> Path | None:
    if given is not None and not given.is_dir():
        raise WrongUse(f"没有规则文件夹 {given}")
    return given
