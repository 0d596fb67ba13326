"""The page of a new indicator: from an unclaimed figure, from a sentence that was tried, or from nothing."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from compiler.authoring.suggest import proposed
from compiler.authoring.suggested import Suggestion
from compiler.model import Part
from compiler.numbers import decimal_text
from compiler.studio import edits
from compiler.studio.new_rule import DIRECTIONS, NewRule, new_rule, number_in, themes
from compiler.studio.view import View, inside

_REMEMBERED = ("report", "at", "sentence", "raw", "back", "name", "under")


class NewPages:
    """The form of a new indicator."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def form(self, request: Request) -> Response:
        """The form: filled in from where one comes from, or with what was typed in it before."""
        self.desk.refresh()
        _, typed = self.view.again(request)
        if typed:
            return self._shown(typed, NewRule())
        return self._shown(self._filled(dict(request.query_params)), NewRule())

    async def make(self, request: Request) -> Response:
        """Make a draft of the rule; where something is wrong, the form comes back with it beside its fields."""
        form = {key: str(value).replace("\r\n", "\n").strip() for key, value in (await request.form()).items()}
        return await run_in_threadpool(self._make, form)

    def _make(self, form: Mapping[str, str]) -> Response:
        rulebook = self.desk.rulebook
        if rulebook is None:
            return self.view.missing()
        if "rewrite" in form:
            kept = {key: form[key] for key in _REMEMBERED if key in form}
            return self._shown({**form, **self._filled(kept)}, NewRule())
        found = new_rule(form, rulebook)
        if found.wrong:
            return self._shown(form, found)
        number, at = form.get("report", ""), form.get("at", "")
        made = edits.draft_rule(self.desk, found.file, found.fields, f"新指标“{found.fields['name']}”")
        if not isinstance(made, edits.Draft):
            return self.view.drafted(made, form.get("back", "/rules"))
        figure = (int(number), int(at)) if number.isdecimal() and at.isdecimal() else None
        made = edits.meant_for(made, found.fields["id"], figure)
        return self.view.drafted(made, form.get("back", "/rules"), page="/new", typed=form)

    def _shown(self, values: Mapping[str, str], found: NewRule) -> Response:
        rulebook = self.desk.rulebook
        if rulebook is None:
            return self.view.missing()
        number = values.get("report", "")
        report = self.desk.report(int(number)) if number.isdecimal() else None
        at = int(values["at"]) if values.get("at", "").isdecimal() else -1
        sentence = next((one for one in report.sentences if one.start <= at < one.end), None) if report else None
        return self.view.show(
            "new.html",
            values=values,
            wrong=found.wrong,
            themes=[*themes(rulebook)],
            directions=DIRECTIONS,
            sentence=sentence.text if sentence else values.get("sentence", ""),
            back=inside(values.get("back", "/rules")),
        )

    def _filled(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the fields as they can be filled in from a figure of a report or a sentence, and a name."""
        values = {key: value.strip() for key, value in given.items()}
        number, at = values.get("report", ""), values.get("at", "")
        report = self.desk.report(int(number)) if number.isdecimal() else None
        open_ = next((one for one in report.uncovered if str(one.start) == at), None) if report else None
        if report is not None and open_ is not None:
            name = values.setdefault("name", self.desk.noun_of(report, open_))
            values.setdefault("under", "plan" if open_.part.value.startswith("plan") else "review")
            return {**values, **self._fields_of(self.desk.proposal(name, report, open_))}
        sentence, name, rulebook = values.get("sentence", ""), values.get("name", ""), self.desk.rulebook
        if sentence and name and rulebook is not None:
            under = Part.PLAN if values.get("under") == "plan" else Part.REVIEW
            return {**values, **self._fields_of(proposed(name, sentence, rulebook, values.get("raw", ""), under))}
        return values

    def _fields_of(self, suggestion: Suggestion | None) -> dict[str, str]:
        if suggestion is None or self.desk.rulebook is None:
            return {}
        hit, miss = suggestion.examples[0], suggestion.examples[-1]
        measure, _, written = hit.yields[0].partition(" ")
        value = number_in(written, "", self.desk.rulebook)
        unit = suggestion.unit if measure == "level" else "%"
        return {
            "unit": suggestion.unit,
            "hit": hit.text,
            "measure": measure,
            "number": f"{decimal_text(value)}{unit}" if value is not None else "",
            "miss": miss.text,
        }
