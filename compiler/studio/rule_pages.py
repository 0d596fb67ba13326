"""The pages of rules: what there is, one indicator as a form beside its file, a new one, and a sentence to try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from compiler.authoring.explain import explain_text, nearest_names
from compiler.authoring.rule_cells import COLUMNS, IN_YAML, CellError, from_cell
from compiler.authoring.rule_files import read_rules, table_of
from compiler.authoring.splice import RuleChange, edited
from compiler.facts.examples import identity_in
from compiler.issues import advice, message, place_of
from compiler.language.guards import GUARDS, Guard
from compiler.model import IndicatorRule, Issue, Part, Refusal, Sentence
from compiler.studio import edits
from compiler.studio.desk import RULES
from compiler.studio.examples import NotAnExample, example_of
from compiler.studio.view import FORM_KEYS, View, inside

MOST_FIRED, MOST_NEAR = 60, 40

_ONE_A_LINE: Final = ("aliases",)
_COLUMNS: Final = {column.key: column for column in COLUMNS}


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
        return self.view.show(
            "rules.html",
            themes=themes,
            counts=counts,
            find=find,
            trouble=self.desk.rule_trouble(),
            said=self.view.said_in(request),
        )

    def rule(self, request: Request) -> Response:
        """One indicator: form, file, and the sentences in which it fired or nearly did."""
        self.desk.refresh()
        rule = self._rule_of(request)
        if rule is None:
            return self.view.missing()
        draft, _ = self.view.again(request)
        return self._shown(rule, draft, {}, {}, self.view.said_in(request))

    def _shown(
        self,
        rule: IndicatorRule,
        draft: edits.Draft | None,
        typed: Mapping[str, str],
        wrong: Mapping[str, str],
        said: str = "",
    ) -> Response:
        """Show an indicator: as it is saved, as a draft has it, or with what was typed and is ``wrong`` in its form."""
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
        drafted = draft.texts.get(relative) if draft is not None else None
        now = edits.digest_of(self.desk, relative)
        text = drafted or (self.desk.folder / relative).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        table, _ = table_of(rule.file, text)
        row = table.rows.get(rule.id) if table else None
        return self.view.show(
            "rule.html",
            rule=rule,
            said=said,
            wrong=wrong,
            fired=fired[:MOST_FIRED],
            fired_count=len(fired),
            near=near[:MOST_NEAR],
            near_count=len(near),
            text=text,
            fields=[(key, title, typed.get(key, value), more) for key, title, value, more in _fields(row.cells)]
            if row
            else [],
            base=draft.base[relative] if draft is not None and drafted else typed.get("base") or now,
            changed=bool(drafted),
            reasons=[why_refused(refusal, rule) for _, refusal, _ in near[:MOST_NEAR]],
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
                return JSONResponse({"issues": [*wrong.values()]})
            changes = [RuleChange(rule.id, 0, key, value) for key, value in values.items()]
            text = edited(changes, table).get(rule.file, text) if changes else text
            return JSONResponse({"text": text, "issues": self._trouble(rule.file, text)})
        shown = {name: value for name, _, value, _ in _fields(row.cells)}
        return JSONResponse({"form": shown, "issues": self._trouble(rule.file, text)})

    def _trouble(self, file: str, text: str) -> list[str]:
        """Return what is wrong with a file of rules as it would be."""
        from compiler.studio.change_effects import trouble

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
            about = f"改规则文件 {rule.file}"
            made = edits.draft_text(self.desk, f"{RULES}/{rule.file}", text, about, base)
            return self.view.drafted(made, back, page=back)
        table, issues = read_rules(self.desk.rules)
        row = table.rows.get(rule.id) if table else None
        if row is None:
            return self.view.sorry("；".join(map(message, issues)) or "没有这个指标了", back)
        values, wrong = _values(form, row.cells)
        if wrong:
            return self._shown(rule, None, form, wrong)
        if not values:
            return self.view.sorry("没有改动", back)
        changed = edits.draft_keys(self.desk, rule.id, values, f"改“{rule.name}”", base)
        return self.view.drafted(changed, back, page=back)

    # --- examples ---

    def example(self, request: Request) -> Response:
        """A real sentence, and a box for one in words of one's own that becomes an example of the rule."""
        return self._example(self._rule_of(request), request.query_params, "")

    def _example(self, rule: IndicatorRule | None, typed: Mapping[str, str], wrong: str) -> Response:
        number, start = typed.get("report", ""), typed.get("at", "")
        report = self.desk.report(int(number)) if number.isdecimal() else None
        at = int(start) if start.isdecimal() else -1
        sentence = next((one for one in report.sentences if one.start <= at < one.end), None) if report else None
        if rule is None or sentence is None:
            return self.view.missing()
        return self.view.show(
            "example.html", rule=rule, sentence=sentence, report=number, at=at, typed=typed, wrong=wrong
        )

    async def add_example(self, request: Request) -> Response:
        """Make a draft of a rule with a further example."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._add_example, self._rule_of(request), form)

    def _add_example(self, rule: IndicatorRule | None, form: Mapping[str, str]) -> Response:
        rulebook = self.desk.rulebook
        if rule is None or rulebook is None:
            return self.view.missing()
        back = f"/rules/{rule.id}"
        table, issues = read_rules(self.desk.rules)
        row = table.rows.get(rule.id) if table else None
        if row is None or row.cells["examples"] == IN_YAML:
            return self.view.sorry("；".join(map(message, issues)) or "这个指标的例句请在规则文件里加", back)
        try:
            made = example_of(rule, form, rulebook)
        except NotAnExample as error:
            return self._example(rule, form, str(error))
        standing = from_cell("examples", row.cells["examples"]) if row.cells["examples"] else []
        about = f"“{rule.name}”加一个例句"
        return self.view.drafted(edits.draft_keys(self.desk, rule.id, {"examples": [*standing, made]}, about), back)

    # --- an unclaimed figure ---

    async def claim(self, request: Request) -> Response:
        """Give an unclaimed figure to a standing indicator by an alias; not saved yet."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._claim, form)

    def _claim(self, form: Mapping[str, str]) -> Response:
        rulebook = self.desk.rulebook
        if rulebook is None:
            return self.view.missing()
        name, back = form.get("name", ""), inside(form.get("back", "/"))
        asked = form.get("indicator", "")
        rule = next((r for r in rulebook.indicators if asked in (r.id, r.name)), None)
        if rule is None:
            near = nearest_names(asked, rulebook)
            more = f"；相近的有：{'、'.join(near)}" if near else ""
            return self.view.sorry(f"没有叫“{asked}”的指标{more}。请从列出来的指标里选一个。", back)
        if not name:
            return self.view.sorry("请写上报告里的叫法", back)
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
        if not isinstance(made, edits.Draft):
            return self.view.drafted(made, back)
        number, at = form.get("report", ""), form.get("at", "")
        figure = (int(number), int(at)) if number.isdecimal() and at.isdecimal() else None
        page = f"/facts/{number}?at={at}" if figure else ""
        return self.view.drafted(edits.meant_for(made, rule.id, figure), back, page=page, typed=form)

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
        identity = identity_in(text, Part(under), self.desk.rulebook.lexicon)
        steps = explain_text(text, Part(under), self.desk.rulebook, identity)
        nouns = ["" if step.taken else _noun(text, step.raw) for step in steps]
        return self.view.show("read.html", steps=steps, text=text, under=under, nouns=nouns)


def why_refused(refusal: Refusal, rule: IndicatorRule) -> str:
    """Return in words why a rule did not take a figure."""
    because = next((one.because for one in rule.exclude if refusal.word in one.words), "")
    fields = {"word": refusal.word, "unit": rule.unit, "because": because}
    return message(Issue(GUARDS[Guard(refusal.guard)].code, fields))


def _noun(text: str, raw: str) -> str:
    """Return the noun that a figure of a sentence seems to measure."""
    from compiler.facts.nouns import guess_noun

    return guess_noun(text, raw)


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


def _values(form: Mapping[str, str], cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the keys that the form has other than the cells, and what is wrong with which."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
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
            wrong[key] = f"{title}：{error}"
    return values, wrong


def _told(issue: Issue) -> str:
    text = advice(issue)
    return f"{place_of(issue)} {message(issue)}" + (f" 改法：{text}" if text else "")
