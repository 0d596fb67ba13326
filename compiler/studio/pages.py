"""The pages of the studio: each reads the desk, or makes one change to it, and shows the result."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from compiler.authoring.explain import Step, explain_text, shown_figure, step_of_fact
from compiler.facts.compile import EXAMPLE_IDENTITY
from compiler.issues import advice, kind, message, place_of, severity
from compiler.model import CompiledReport, Fact, IndicatorRule, Issue, Part, Refusal, Sentence, Uncovered
from compiler.rules.nodes import to_plain
from compiler.studio import edits
from compiler.studio.desk import LARGEST_UPLOAD, Desk

HERE = Path(__file__).resolve().parent
COOKIE = "report-compiler-studio"

#: Nothing from elsewhere, no inline code: the pages bring one style sheet and one script of their own.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: An evidence page carries its style and script within itself, so that it can be copied away as one file.
POLICY_OF_OUTPUTS = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"

Handler = Callable[[Request], Awaitable[Response]]


class Guard(BaseHTTPMiddleware):
    """Lets in who came by the start link, from a page of this server, at an address of this machine."""

    def __init__(self, app: Any, token: str) -> None:
        super().__init__(app)
        self.token = token

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuse what did not come from here; put the headers on what goes out."""
        host = request.headers.get("host", "").rsplit(":", 1)[0]
        if host not in ("127.0.0.1", "localhost", "[::1]"):  # a name of the outer world that points here
            return Response("只接受本机的访问", 403)
        given = request.query_params.get("token", "")
        if given and secrets.compare_digest(given.encode(), self.token.encode()):
            answer: Response = RedirectResponse(request.url.path, 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        if not secrets.compare_digest(request.cookies.get(COOKIE, "").encode(), self.token.encode()):
            return Response("请从启动时给出的网址进入（里面带着这一次的口令）", 403)
        if request.method == "POST" and request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Response("只接受本页发出的操作", 403)
        answer = await call_next(request)
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-store"
        return answer


class Pages:
    """All pages over one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.drafts: dict[str, edits.Draft] = {}
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self.environment.filters.update(
            figure=lambda fact: shown_figure(fact.low, fact.high, fact.bound, fact.unit, fact.text),
            message=message,
            advice=advice,
            weight=lambda issue: severity(issue).value,
            where=place_of,
            issue_kind=kind,
            quoted=lambda text: quote(str(text)),
        )

    def show(self, name: str, **values: Any) -> HTMLResponse:
        """Fill a page."""
        desk = self.desk
        status = values.pop("status", 200)
        template = self.environment.get_template(name)
        return HTMLResponse(template.render(desk=desk, folder=desk.folder, page=name, **values), status)

    # --- reports ---

    def reports(self, request: Request) -> Response:
        """The list of reports, what was left out, the build and its outputs."""
        if not self.desk.is_open:
            return self.show("opening.html")
        self.desk.refresh()
        job = self.desk.job
        return self.show(
            "reports.html",
            rows=[*self.desk.rows()],
            left_out=self.desk.left_out(),
            trouble=self.desk.rule_trouble(),
            job=job,
            outputs=[path.as_posix() for path in self.desk.outputs()],
            said=request.query_params.get("said", ""),
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
        said = f"收下 {len(kept)} 个文件：{'、'.join(kept[:5])}" if kept else "没有收到文件"
        if refused:
            said += f"；太大没有收：{'、'.join(refused[:5])}（每个不能超过 {LARGEST_UPLOAD // 1_000_000} MB）"
        return RedirectResponse(f"/?said={quote(said)}", 303)

    async def take_away(self, request: Request) -> Response:
        """Put a report's file aside."""
        form = await request.form()
        moved = await run_in_threadpool(self.desk.take_away, str(form.get("source", "")))
        said = f"已移到 {moved.parent.name}/{moved.name}，没有删除" if moved else "没有这个文件"
        return RedirectResponse(f"/?said={quote(said)}", 303)

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
            return self.show("missing.html", status=404)
        if path.suffix == ".html":
            return FileResponse(path, headers={"Content-Security-Policy": POLICY_OF_OUTPUTS})
        return FileResponse(path, filename=path.name)

    # --- facts ---

    def facts(self, request: Request) -> Response:
        """One report: its text with every figure, and beside it the path of the chosen one."""
        self.desk.refresh()
        report = self.desk.report(request.path_params["number"])
        if report is None:
            return self.show("missing.html", status=404)
        number = request.path_params["number"]
        at = int(request.query_params.get("at", -1))
        chosen = self._chosen(report, at)
        rules = self.desk.gathered.rulebook.indicators if self.desk.gathered else ()
        return self.show(
            "facts.html", number=number, report=report, lines=[*_lines(report)], at=at, rules=rules, **chosen
        )

    def _chosen(self, report: CompiledReport, at: int) -> dict[str, Any]:
        """Return what is known of the figure at a source offset: its facts, or why it is none."""
        facts = [fact for fact in report.facts if fact.figure_start == at]
        open_ = next((item for item in report.uncovered if item.start == at), None)
        sentence = None
        steps: tuple[Step, ...] = ()
        if at >= 0:
            wanted = facts[0].sentence if facts else open_.sentence if open_ else 0
            sentence = next((one for one in report.sentences if one.number == wanted), None)
            explainer = self.desk.explainer_of(report) if sentence else None
            if explainer is not None and sentence is not None:
                steps = explainer.explained(sentence.number).steps
        return {"facts": facts, "open": open_, "sentence": sentence, "steps": steps, "step_of": step_of_fact}

    async def claim(self, request: Request) -> Response:
        """Give an unclaimed figure to an indicator, a standing one by an alias or a new one; not saved yet."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._claim, form)

    def _claim(self, form: Mapping[str, str]) -> Response:
        gathered = self.desk.gathered
        if gathered is None:
            return self.show("missing.html", status=404)
        name = form.get("name", "")
        if form.get("how") == "new":
            made = self._new_rule(form)
        else:
            rule = next((r for r in gathered.rulebook.indicators if form.get("indicator") in (r.id, r.name)), None)
            if rule is None or not name:
                return self.show(
                    "sorry.html", said="请选一个已有的指标，并写上报告里的叫法", back=form.get("back", "/")
                )
            aliases = [*dict.fromkeys([*_aliases(self.desk, rule), name])]
            made = edits.draft_keys(self.desk, rule.id, {"aliases": aliases}, f"“{rule.name}”加叫法“{name}”")
        return self._drafted(made, form.get("back", "/"))

    def _new_rule(self, form: Mapping[str, str]) -> edits.Draft | tuple[Issue, ...]:
        gathered = self.desk.gathered
        assert gathered is not None
        name, unit = form.get("name", ""), form.get("unit", "")
        taken = {rule.id for rule in gathered.rulebook.indicators}
        number = 1
        while f"new_{number:03}" in taken:
            number += 1
        fields: dict[str, Any] = {
            "id": f"new_{number:03}",
            "name": name,
            "unit": unit,
            "examples": [
                {"text": form.get("hit", ""), "under": form.get("under", "review"), "yields": [form.get("yields", "")]},
                {"text": form.get("miss", ""), "under": form.get("under", "review"), "yields": []},
            ],
        }
        return edits.draft_rule(self.desk, form.get("file") or "indicators/新增.yaml", fields, f"新指标“{name}”")

    # --- rules ---

    def rules(self, request: Request) -> Response:
        """All indicators by theme, with how many facts each gave."""
        self.desk.refresh()
        gathered = self.desk.gathered
        if gathered is None:
            return self.show("rules.html", themes={}, counts={}, find="", trouble=self.desk.rule_trouble())
        find = request.query_params.get("find", "").strip()
        counts = Counter(fact.indicator_id for fact in gathered.facts)
        themes: dict[str, list[IndicatorRule]] = {}
        for rule in gathered.rulebook.indicators:
            if not find or find == rule.id or any(find in name for name in (rule.name, *rule.aliases)):
                themes.setdefault(rule.theme, []).append(rule)
        return self.show("rules.html", themes=themes, counts=counts, find=find, trouble=self.desk.rule_trouble())

    def rule(self, request: Request) -> Response:
        """One indicator: form, file, and the sentences in which it fired or nearly did."""
        self.desk.refresh()
        gathered = self.desk.gathered
        id_ = request.path_params["id"]
        rule = next((r for r in gathered.rulebook.indicators if r.id == id_), None) if gathered else None
        if rule is None or gathered is None:
            return self.show("missing.html", status=404)
        fired = [fact for fact in gathered.facts if fact.indicator_id == id_]
        near: list[tuple[int, Refusal, Sentence]] = []
        for number, report in enumerate(gathered.reports, 1):
            sentences = {sentence.number: sentence for sentence in report.sentences}
            near.extend(
                (number, refusal, sentences[refusal.sentence])
                for refusal in report.refusals
                if refusal.indicator_id == id_ and refusal.sentence in sentences
            )
        text = (self.desk.rules / rule.file).read_text(encoding="utf-8-sig")
        numbers = {(r.source, r.number): number for number, r in enumerate(gathered.reports, 1)}
        return self.show(
            "rule.html",
            rule=rule,
            fired=fired[:60],
            fired_count=len(fired),
            near=near[:40],
            text=text,
            keys=_keys_of(self.desk, rule),
            numbers=numbers,
        )

    async def change_rule(self, request: Request) -> Response:
        """Make a draft from the form or from the text of the file."""
        form = {key: str(value) for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._change_rule, request.path_params["id"], form)

    def _change_rule(self, id_: str, form: Mapping[str, str]) -> Response:
        gathered = self.desk.gathered
        rule = next((r for r in gathered.rulebook.indicators if r.id == id_), None) if gathered else None
        if rule is None:
            return self.show("missing.html", status=404)
        back = f"/rules/{id_}"
        if "text" in form:
            text = form["text"].replace("\r\n", "\n")
            return self._drafted(edits.draft_text(self.desk, rule.file, text, f"改“{rule.name}”所在的文件"), back)
        values: dict[str, Any] = {}
        for key, old in _keys_of(self.desk, rule).items():
            new = form.get(key, "").replace("\r\n", "\n").strip()
            if new == old:
                continue
            listed = [line.strip() for line in new.split("\n") if line.strip()]
            values[key] = (listed or None) if key in ("aliases",) else (new or None)
        if not values:
            return self.show("sorry.html", said="没有改动", back=back)
        return self._drafted(edits.draft_keys(self.desk, id_, values, f"改“{rule.name}”"), back)

    # --- changes ---

    def _drafted(self, made: edits.Draft | tuple[Issue, ...], back: str) -> Response:
        if isinstance(made, tuple):
            return self.show("sorry.html", said="；".join(message(issue) for issue in made), back=back)
        self.drafts[made.key] = made
        return RedirectResponse(f"/change/{made.key}?back={quote(back)}", 303)

    def change(self, request: Request) -> Response:
        """What a draft would do: the lines, and the facts over all open reports."""
        draft = self.drafts.get(request.path_params["key"])
        if draft is None:
            return self.show("missing.html", status=404)
        self.desk.refresh()
        names = {rule.id: rule.name for rule in self.desk.gathered.rulebook.indicators} if self.desk.gathered else {}
        return self.show(
            "change.html",
            draft=draft,
            lines=edits.diff(self.desk, draft),
            effect=edits.effect(self.desk, draft),
            conflicts=edits.conflicts(self.desk, draft),
            names=names,
            back=_inside(request.query_params.get("back", "/")),
        )

    def save(self, request: Request) -> Response:
        """Save a draft, if nobody changed its files meanwhile."""
        draft = self.drafts.get(request.path_params["key"])
        if draft is None:
            return self.show("missing.html", status=404)
        if edits.save(self.desk, draft) is None:
            return RedirectResponse(f"/change/{draft.key}", 303)
        del self.drafts[draft.key]
        self.desk.refresh()
        return RedirectResponse(f"/history?said={quote('已保存：' + draft.about)}", 303)

    def history(self, request: Request) -> Response:
        """The saved changes."""
        return self.show("history.html", saved=edits.history(self.desk), said=request.query_params.get("said", ""))

    def undo(self, request: Request) -> Response:
        """Make a draft that takes a saved change back."""
        draft = edits.undo(self.desk, request.path_params["key"])
        if draft is None or not draft.texts:
            return self.show("sorry.html", said="这次改动没有旧文件可以恢复（当时是新建的文件）", back="/history")
        return self._drafted(draft, "/history")

    # --- a sentence ---

    def sentence(self, request: Request) -> Response:
        """The box for a sentence."""
        return self.show("try.html", text=request.query_params.get("text", ""))

    def read_sentence(self, request: Request) -> Response:
        """The reading of a sentence, as a piece of page."""
        text = request.query_params.get("text", "")[:2_000].strip()
        under = request.query_params.get("under", "review")
        self.desk.refresh()
        if not text or self.desk.gathered is None or under not in ("review", "plan"):
            return HTMLResponse("")
        steps = explain_text(text, Part(under), self.desk.gathered.rulebook, EXAMPLE_IDENTITY)
        return self.show("steps.html", steps=steps)

    # --- to verify ---

    def verify(self, request: Request) -> Response:
        """What a person has to decide, and the figures that no rule claimed, by noun."""
        self.desk.refresh()
        gathered = self.desk.gathered
        facts = {fact.id: fact for fact in gathered.facts} if gathered else {}
        issues = [issue for issue in self.desk.issues if kind(issue)]
        numbers = {(r.source, r.number): n for n, r in enumerate(self.desk.reports, 1)}
        open_: dict[str, list[tuple[int, Uncovered]]] = {}
        for number, report in enumerate(self.desk.reports, 1):
            for item in report.uncovered:
                open_.setdefault(item.noun or "（看不出是什么）", []).append((number, item))
        groups = sorted(open_.items(), key=lambda group: (group[0].startswith("（"), -len(group[1]), group[0]))
        return self.show("verify.html", issues=issues, facts=facts, numbers=numbers, groups=groups[:200])


def _inside(path: str) -> str:
    """Return a path of this server; anything else becomes the first page."""
    return path if path.startswith("/") and not path.startswith("//") else "/"


def _aliases(desk: Desk, rule: IndicatorRule) -> list[str]:
    """Return the aliases as the rule file writes them."""
    return [line for line in _keys_of(desk, rule).get("aliases", "").split("\n") if line]


def _keys_of(desk: Desk, rule: IndicatorRule) -> dict[str, str]:
    """Return the keys that the form shows, as text: a list a line each."""
    from compiler.authoring.rule_files import read_rules

    table, _ = read_rules(desk.rules)
    row = table.rows.get(rule.id) if table else None
    plain = to_plain(row.node) if row else {}
    aliases = plain.get("aliases") or []
    simple = all(isinstance(alias, str) for alias in aliases)
    keys = {"name": plain.get("name", rule.name), "unit": plain.get("unit", ""), "note": plain.get("note", "")}
    return {**keys, "aliases": "\n".join(aliases)} if simple else keys


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


def make_app(desk: Desk, token: str) -> Starlette:
    """Return the server's application over one folder."""
    pages = Pages(desk)

    def threaded(handler: Callable[[Request], Response]) -> Handler:
        async def run(request: Request) -> Response:
            return await run_in_threadpool(handler, request)

        return run

    get = [
        ("/", pages.reports),
        ("/progress", pages.progress),
        ("/out/{path:path}", pages.output),
        ("/facts/{number:int}", pages.facts),
        ("/rules", pages.rules),
        ("/rules/{id}", pages.rule),
        ("/change/{key}", pages.change),
        ("/history", pages.history),
        ("/try", pages.sentence),
        ("/try/read", pages.read_sentence),
        ("/verify", pages.verify),
    ]
    post = [
        ("/build", pages.build),
        ("/cancel", pages.cancel),
        ("/change/{key}/save", pages.save),
        ("/history/{key}/undo", pages.undo),
    ]
    routes: list[Route | Mount] = [Route(path, threaded(handler)) for path, handler in get]
    routes += [Route(path, threaded(handler), methods=["POST"]) for path, handler in post]
    routes += [
        Route("/upload", pages.upload, methods=["POST"]),
        Route("/take-away", pages.take_away, methods=["POST"]),
        Route("/claim", pages.claim, methods=["POST"]),
        Route("/rules/{id}/change", pages.change_rule, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]

    async def sorry(_: Request, error: Exception) -> Response:
        from compiler.crashes import log_crash

        text = f"程序出错了，文件没有改动。出错记录在 {log_crash(error)}，请发给维护人员。"
        return HTMLResponse(f"<!DOCTYPE html><meta charset=utf-8><title>出错了</title><p>{escape(text)}</p>", 500)

    return Starlette(routes=routes, middleware=[Middleware(Guard, token=token)], exception_handlers={Exception: sorry})
