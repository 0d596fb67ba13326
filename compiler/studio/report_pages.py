"""The pages of reports: what lies in the folder, a build and its outputs, and one report with all its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from compiler.authoring.explain import ExplainedFigure
from compiler.evidence.write import INDEX
from compiler.issues import advice, message
from compiler.model import CompiledReport, Fact, Sentence
from compiler.studio import edits
from compiler.studio.access import POLICY_OF_OUTPUTS
from compiler.studio.desk import LARGEST_UPLOAD
from compiler.studio.doubts import raw_at, step_at
from compiler.studio.identities import draft_identity, said_of
from compiler.studio.view import View, said


class ReportPages:
    """The first page and what hangs on it."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def reports(self, request: Request) -> Response:
        """The list of reports, what was left out, the build and its outputs."""
        if not self.desk.is_open:
            return self.view.show("opening.html")
        self.desk.refresh()
        return self.view.show(
            "reports.html",
            rows=[(row, said_of(self.desk, row.report)) for row in self.desk.rows()],
            left_out=self.desk.left_out(),
            trouble=self.desk.rule_trouble(),
            job=self.desk.job,
            outputs=_by_kind(self.desk.outputs()),
            outdated=self.desk.is_outdated(),
            taken_away=self.desk.taken_away(),
            open_count=sum(matter.is_open for matter in self.desk.queue.matters()),
            pending=self.desk.queue.waiting,
            said=self.view.said_in(request),
        )

    async def upload(self, request: Request) -> Response:
        """Keep dropped files among the reports."""
        async with request.form(max_files=200, max_part_size=LARGEST_UPLOAD) as form:
            kept, refused = [], []
            for item in form.getlist("files"):
                if isinstance(item, str) or not item.filename:
                    continue
                data = await item.read()
                if len(data) > LARGEST_UPLOAD:
                    refused.append(item.filename)
                else:
                    kept.append(await run_in_threadpool(self.desk.add, item.filename, data))
        more = " 等" if len(kept) > 5 else ""
        words = f"收下 {len(kept)} 个文件：{'、'.join(kept[:5])}{more}" if kept else "没有收到文件"
        if refused:
            words += f"；太大没有收：{'、'.join(refused[:5])}（每个不能超过 {LARGEST_UPLOAD // 1_000_000} MB）"
        return said("/", words)

    async def take_away(self, request: Request) -> Response:
        """Put a report's file aside."""
        source = str((await request.form()).get("source", ""))
        moved = await run_in_threadpool(self.desk.take_away, source)
        words = f"已移出 {source}，没有删除；要它回来，在下面“移出的报告”里放回"
        return said("/", words if moved else f"reports 文件夹里没有单独的文件 {source}，没有移出")

    async def put_back(self, request: Request) -> Response:
        """Put a report's file back among the reports."""
        source = str((await request.form()).get("source", ""))
        moved = await run_in_threadpool(self.desk.put_back, source)
        return said("/", f"已放回 {moved.name}" if moved else f"没有移出过 {source}")

    async def correct(self, request: Request) -> Response:
        """Say place and year of a report by hand, or take back what was said."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._correct, form)

    def _correct(self, form: dict[str, str]) -> Response:
        source, number = form.get("source", ""), form.get("number", "")
        report = next((r for r in self.desk.reports if (r.source, str(r.number)) == (source, number)), None)
        if report is None:
            return self.view.missing()
        now = said_of(self.desk, report)
        if (form.get("was_place", ""), form.get("was_year", "")) != (now.place, str(now.year or "")):
            return self.view.sorry("这期间有人改过这份报告的地区或年度，没有保存。请回去看看再改。", "/")
        place, year = form.get("place", ""), form.get("year", "")
        if (place, year) == (now.place, str(now.year or "")):
            return said("/", "没有改动")
        file = self.desk.source_of(report)
        alone = file is None or len(self.desk.readings(file)) < 2
        made = draft_identity(self.desk, report, place, year, alone=alone)
        if isinstance(made, tuple):
            told = "；".join(f"{message(issue)}（{advice(issue)}）" for issue in made)
            return self.view.sorry(told, "/")
        if edits.save(self.desk, made) is None:
            return self.view.sorry("这期间有人改过 reports.yaml，没有保存。请回去再改一次。", "/")
        self.desk.refresh()
        return said("/", f"已改 {source}，写在 reports/reports.yaml 里；编译时就按它来")

    def build(self, _: Request) -> Response:
        """Start a build."""
        self.desk.start_build()
        return RedirectResponse("/", 303)

    def cancel(self, _: Request) -> Response:
        """Stop the running build."""
        if self.desk.job is not None:
            self.desk.job.cancel()
        return RedirectResponse("/", 303)

    def progress(self, _: Request) -> Response:
        """How far the build is."""
        job = self.desk.opening if not self.desk.is_open else self.desk.job
        if job is None:
            return JSONResponse({"running": False})
        state = {"running": job.running, "phase": job.phase, "done": job.done, "total": job.total, "label": job.label}
        return JSONResponse(state)

    def output(self, request: Request) -> Response:
        """An output as it stands: pages are shown, everything else is handed over."""
        path = self.desk.output(request.path_params["path"])
        if path is None:
            return self.view.missing()
        if path.suffix == ".html":
            headers = {"Content-Security-Policy": POLICY_OF_OUTPUTS}
            return HTMLResponse(_with_way_back(path.read_text(encoding="utf-8", errors="replace")), headers=headers)
        return FileResponse(path, filename=path.name)

    # --- one report ---

    def facts(self, request: Request) -> Response:
        """One report: its text with every figure, and beside it the path of the chosen one."""
        self.desk.refresh()
        number = request.path_params["number"]
        report = self.desk.report(number)
        if report is None:
            return self.view.missing()
        asked = request.query_params.get("at", "")
        at = int(asked) if asked.isdecimal() else -1
        rules = self.desk.rulebook.indicators if self.desk.rulebook else ()
        _, typed = self.view.again(request)
        return self.view.show(
            "facts.html",
            number=number,
            report=report,
            lines=[*_lines(report)],
            at=at,
            rules=rules,
            typed=typed,
            warnings=next((row.warnings for row in self.desk.rows() if row.number == number), ()),
            said=self.view.said_in(request),
            **self._chosen(number, report, at),
        )

    def _chosen(self, number: int, report: CompiledReport, at: int) -> dict[str, Any]:
        """Return what is known of the figure at a source offset: its facts, or why it is none."""
        facts = [fact for fact in report.facts if fact.figure_start == at]
        open_ = next((item for item in report.uncovered if item.start == at), None)
        sentence = None
        steps: tuple[ExplainedFigure, ...] = ()
        if at >= 0:
            wanted = facts[0].sentence if facts else open_.sentence if open_ else 0
            sentence = next((one for one in report.sentences if one.number == wanted), None)
            explainer = self.desk.explainer_of(report) if sentence else None
            if explainer is not None and sentence is not None:
                steps = explainer.explained(sentence.number).steps
        raw, same = raw_at(self.desk, number, at)
        chosen = step_at(steps, raw, same)
        own = [step for step in steps if chosen is not None and step.start == chosen.start]
        return {
            "facts": facts,
            "open": open_,
            "sentence": sentence,
            "steps": own,
            "others": [step for step in steps if step not in own],
            "raw": raw,
            "noun": self.desk.noun_of(report, open_) if open_ else "",
        }


_KINDS: Final = {".xlsx": "工作簿", ".docx": "要情（Word）", ".html": "原文核对（在浏览器里看）"}
_DATA: Final = "数据文件（给程序用）"
_WAY_BACK: Final = '<p style="margin:8px 16px"><a href="/">← 回到工作台</a></p>'
_BODY: Final = re.compile(r"<body[^>]*>")


def _by_kind(outputs: Sequence[Path]) -> dict[str, list[tuple[str, str]]]:
    """Return path and name of the outputs by what they are for, those that only programs read last."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in outputs:
        name = "目录" if path.name == INDEX else path.stem if path.suffix == ".html" else path.name
        found.setdefault(_KINDS.get(path.suffix, _DATA), []).append((path.as_posix(), name))
    return found


def _with_way_back(page: str) -> str:
    """Return an output with a way back, for which the file itself, copied away, has no use."""
    return _BODY.sub(lambda found: found[0] + _WAY_BACK, page, count=1)


Piece = tuple[str, str, int]
"""A run of text: what it is (text, result, target, open), its words, and the offset of its figure."""


def _lines(report: CompiledReport) -> list[tuple[Sentence, list[Piece]]]:
    """Return the sentences of a report, cut at their figures."""
    marks: dict[int, list[tuple[int, int, str]]] = {}
    spans: set[int] = set()
    facts: tuple[Fact, ...] = report.facts
    for fact in facts:
        if 0 <= fact.figure_start < fact.figure_end and fact.figure_start not in spans:
            spans.add(fact.figure_start)
            marks.setdefault(fact.sentence, []).append((fact.figure_start, fact.figure_end, fact.kind.value))
    for item in report.uncovered:
        if item.start not in spans:
            spans.add(item.start)
            marks.setdefault(item.sentence, []).append((item.start, item.end, "open"))
    lines = []
    for sentence in report.sentences:
        pieces: list[Piece] = []
        cursor = sentence.start
        for start, end, what in sorted(marks.get(sentence.number, ())):
            if start < cursor:
                continue
            pieces.append(("text", report.text[cursor:start], -1))
            pieces.append((what, report.text[start:end], start))
            cursor = end
        pieces.append(("text", report.text[cursor : sentence.end], -1))
        lines.append((sentence, [piece for piece in pieces if piece[1]]))
    return lines
