"""The pages of rules: what there is, one indicator as a form beside its file, a new one, and a sentence to try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from compiler.authoring.cells import COLUMNS, IN_YAML, CellError, from_cell
from compiler.authoring.explain import explain_text
from compiler.authoring.rule_files import read_rules, table_of
from compiler.authoring.splice import RuleChange, edited
from compiler.authoring.suggest import id_of
from compiler.facts.compile import EXAMPLE_IDENTITY
from compiler.issues import advice, message, place_of
from compiler.model import IndicatorRule, Issue, Part, Refusal, RuleBook, Sentence
from compiler.studio import edits
from compiler.studio.desk import RULES
from compiler.studio.examples import NotAnExample, example_of
from compiler.studio.view import View, inside

MOST_FIRED, MOST_NEAR = 60, 40

FORM_KEYS: Final = ("name", "unit", "aliases", "phrases", "exclude", "examples", "direction", "note")
"""The keys of the form; every other key is edited in the file beside it."""

_ONE_A_LINE: Final = ("aliases",)
_COLUMNS: Final = {column.key: column for column in COLUMNS}
_NEW_FILE: Final = "indicators/新增.yaml"


class RulePages:
    """Rules, their changes, and sentences read by them."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def rules(self, request: Request) -> Response:
        """All indicators by theme, with how many facts each gave."""
        self.desk.refresh()
        gathered = self.desk.gathered
        find = request.query_params.get("find", "").strip()
        counts = Counter(fact.indicator_id for fact in gathered.facts) if gathered else Counter[str]()
        themes: dict[str, list[IndicatorRule]] = {}
        for rule in self.desk.rulebook.indicators if self.desk.rulebook else ():
            if not find or find == rule.id or any(find in name for name in (rule.name, *rule.aliases)):
                themes.setdefault(rule.theme, []).append(rule)
        return self.view.show("rules.html", themes=themes, counts=counts, find=find, trouble=self.desk.rule_trouble())

    def rule(self, request: Request) -> Response:
        """One indicator: form, file, and the sentences in which it fired or nearly did."""
        self.desk.refresh()
        rule = self._rule_of(request)
        if rule is None:
            return self.view.missing()
        facts = self.desk.gathered.facts if self.desk.gathered else ()
        fired = [fact for fact in facts if fact.indicator_id == rule.id]
        near: list[tuple[int, Refusal, Sentence]] = []
        for number, report in enumerate(self.desk.reports, 1):
            sentences = {sentence.number: sentence for sentence in report.sentences}
            near.extend(
                (number, refusal, sentences[refusal.sentence])
                for refusal in report.refusals
                if refusal.indicator_id == rule.id and refusal.sentence in sentences
            )
        relative = f"{RULES}/{rule.file}"
        text = (self.desk.folder / relative).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        table, _ = table_of(rule.file, text)
        row = table.rows.get(rule.id) if table else None
        return self.view.show(
            "rule.html",
            rule=rule,
            said=request.query_params.get("said", ""),
            fired=fired[:MOST_FIRED],
            fired_count=len(fired),
            near=near[:MOST_NEAR],
            near_count=len(near),
            text=text,
            fields=_fields(row.cells) if row else [],
            base=edits.digest_of(self.desk, relative),
            numbers={(r.source, r.number): number for number, r in enumerate(self.desk.reports, 1)},
        )

    def _rule_of(self, request: Request) -> IndicatorRule | None:
        id_ = request.path_params["id"]
        rulebook = self.desk.rulebook
        return next((r for r in rulebook.indicators if r.id == id_), None) if rulebook else None

    # --- form and file ---

    async def sync(self, request: Request) -> Response:
        """The file as the form would have it, or the form as the file has it, and what is wrong with either."""
        form = {key: str(value) for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._sync, self._rule_of(request), form)

    def _sync(self, rule: IndicatorRule | None, form: Mapping[str, str]) -> Response:
        if rule is None:
            return JSONResponse({"issues": ["没有这个指标了"]}, 404)
        text = form.get("text", "").replace("\r\n", "\n")
        table, issues = table_of(rule.file, text)
        row = table.rows.get(rule.id) if table else None
        if table is None or row is None:
            told = [_told(issue) for issue in issues] or [f"文件里没有编号是 {rule.id} 的指标了"]
            return JSONResponse({"issues": told})
        if form.get("from") == "form":
            values, wrong = _values(form, row.cells)
            if wrong:
                return JSONResponse({"issues": wrong})
            changes = [RuleChange(rule.id, 0, key, value) for key, value in values.items()]
            text = edited(changes, table).get(rule.file, text) if changes else text
            return JSONResponse({"text": text, "issues": self._trouble(rule.file, text)})
        shown = {name: value for name, _, value, _ in _fields(row.cells)}
        return JSONResponse({"form": shown, "issues": self._trouble(rule.file, text)})

    def _trouble(self, file: str, text: str) -> list[str]:
        """Return what is wrong with a file of rules as it would be."""
        from compiler.studio.effects import trouble

        draft = edits.draft_text(self.desk, f"{RULES}/{file}", text, "")
        return [_told(issue) for issue in trouble(self.desk, draft)[1]]

    async def change(self, request: Request) -> Response:
        """Make a draft from the form or from the text of the file."""
        form = {key: str(value) for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._change, self._rule_of(request), form)

    def _change(self, rule: IndicatorRule | None, form: Mapping[str, str]) -> Response:
        if rule is None:
            return self.view.missing()
        back, base = f"/rules/{rule.id}", form.get("base", "")
        if "text" in form:
            text = form["text"].replace("\r\n", "\n")
            about = f"改“{rule.name}”所在的文件"
            return self.view.drafted(edits.draft_text(self.desk, f"{RULES}/{rule.file}", text, about, base), back)
        table, issues = read_rules(self.desk.rules)
        row = table.rows.get(rule.id) if table else None
        if row is None:
            return self.view.sorry("；".join(map(message, issues)) or "没有这个指标了", back)
        values, wrong = _values(form, row.cells)
        if wrong:
            return self.view.sorry("；".join(wrong), back)
        if not values:
            return self.view.sorry("没有改动", back)
        return self.view.drafted(edits.draft_keys(self.desk, rule.id, values, f"改“{rule.name}”", base), back)

    # --- examples ---

    def example(self, request: Request) -> Response:
        """A real sentence, and a box for one in words of one's own that becomes an example of the rule."""
        rule = self._rule_of(request)
        number, start = (request.query_params.get(key, "") for key in ("report", "at"))
        report = self.desk.report(int(number)) if number.isdecimal() else None
        at = int(start) if start.isdecimal() else -1
        sentence = next((one for one in report.sentences if one.start <= at < one.end), None) if report else None
        if rule is None or sentence is None:
            return self.view.missing()
        return self.view.show("example.html", rule=rule, sentence=sentence, report=number, at=at)

    async def add_example(self, request: Request) -> Response:
        """Make a draft of a rule with a further example."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._add_example, self._rule_of(request), form)

    def _add_example(self, rule: IndicatorRule | None, form: Mapping[str, str]) -> Response:
        rulebook = self.desk.rulebook
        if rule is None or rulebook is None:
            return self.view.missing()
        back = inside(form.get("back", f"/rules/{rule.id}"))
        table, issues = read_rules(self.desk.rules)
        row = table.rows.get(rule.id) if table else None
        if row is None or row.cells["examples"] == IN_YAML:
            return self.view.sorry("；".join(map(message, issues)) or "这个指标的例句请在规则文件里加", back)
        try:
            made = example_of(rule, form, rulebook)
        except NotAnExample as error:
            return self.view.sorry(str(error), back)
        standing = from_cell("examples", row.cells["examples"]) if row.cells["examples"] else []
        about = f"“{rule.name}”加一个例句"
        return self.view.drafted(edits.draft_keys(self.desk, rule.id, {"examples": [*standing, made]}, about), back)

    # --- an unclaimed figure ---

    async def claim(self, request: Request) -> Response:
        """Give an unclaimed figure to an indicator, a standing one by an alias or a new one; not saved yet."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._claim, form)

    def _claim(self, form: Mapping[str, str]) -> Response:
        rulebook = self.desk.rulebook
        if rulebook is None:
            return self.view.missing()
        name, back = form.get("name", ""), form.get("back", "/")
        if form.get("how") == "new":
            return self.view.drafted(self._new_rule(form, rulebook), back)
        rule = next((r for r in rulebook.indicators if form.get("indicator") in (r.id, r.name)), None)
        if rule is None or not name:
            return self.view.sorry("请选一个已有的指标，并写上报告里的叫法", back)
        if name in (rule.name, *rule.aliases):
            return self.view.sorry(
                f"“{rule.name}”已经有“{name}”这个叫法了；数字没有取到另有原因，看“这句话是怎么读的”", back
            )
        table, issues = read_rules(self.desk.rules)
        row = table.rows.get(rule.id) if table else None
        if row is None or row.cells["aliases"] == IN_YAML:
            return self.view.sorry("；".join(map(message, issues)) or "这个指标的叫法请在规则文件里加", back)
        aliases = from_cell("aliases", row.cells["aliases"]) if row.cells["aliases"] else []
        about = f"“{rule.name}”加叫法“{name}”"
        made = edits.draft_keys(self.desk, rule.id, {"aliases": [*dict.fromkeys([*aliases, name])]}, about)
        return self.view.drafted(made, back)

    def _new_rule(self, form: Mapping[str, str], rulebook: RuleBook) -> edits.Draft | tuple[Issue, ...]:
        name, under = form.get("name", ""), form.get("under", "review")
        yields = [part.strip() for part in form.get("yields", "").replace("，", "、").split("、") if part.strip()]
        fields: dict[str, Any] = {
            "id": id_of(name, {rule.id for rule in rulebook.indicators}),
            "name": name,
            "unit": form.get("unit", ""),
            "examples": [
                {"text": form.get("hit", ""), "under": under, "yields": yields},
                {"text": form.get("miss", ""), "under": under, "yields": []},
            ],
        }
        return edits.draft_rule(self.desk, _NEW_FILE, fields, f"新指标“{name}”")

    # --- a sentence ---

    def sentence(self, request: Request) -> Response:
        """The box for a sentence."""
        return self.view.show("try.html", text=request.query_params.get("text", ""))

    def read_sentence(self, request: Request) -> Response:
        """The reading of a sentence, as a piece of page."""
        text = request.query_params.get("text", "")[:2_000].strip()
        under = request.query_params.get("under", "review")
        if not text or self.desk.rulebook is None or under not in ("review", "plan"):
            return HTMLResponse("")
        steps = explain_text(text, Part(under), self.desk.rulebook, EXAMPLE_IDENTITY)
        return self.view.show("steps.html", steps=steps, raw="")


def _fields(cells: Mapping[str, str]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return key, title, value and choices of the form; what no field can show is left to the file."""
    found = []
    for key in FORM_KEYS:
        value = cells.get(key, "")
        if value == IN_YAML:
            continue
        if key in _ONE_A_LINE and value:
            value = "\n".join(from_cell(key, value))
        found.append((key, _COLUMNS[key].title, value, _COLUMNS[key].choices))
    return found


def _values(form: Mapping[str, str], cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the keys that the form has other than the cells, and what is wrong in it."""
    values: dict[str, Any] = {}
    wrong = []
    for key, title, old, _ in _fields(cells):
        if key not in form:
            continue
        new = form[key].replace("\r\n", "\n").strip()
        if new == old.strip():
            continue
        try:
            lone = key in _ONE_A_LINE and new and "\n" not in new
            values[key] = [new] if lone else from_cell(key, new) if new else None
        except CellError as error:
            wrong.append(f"{title}：{error}")
    return values, wrong


def _told(issue: Issue) -> str:
    text = advice(issue)
    return f"{place_of(issue)} {message(issue)}" + (f" 改法：{text}" if text else "")
