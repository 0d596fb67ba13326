"""The page of what waits for a person: matters to decide, and unclaimed figures to claim or to let be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from compiler.studio.review_queue import Matter
from compiler.studio.view import View, inside, said

MOST_MATTERS, MOST_GROUPS, MOST_FIGURES, MOST_OF_GROUP = 20, 100, 100, 6
"""So many are shown at once: what is decided makes room for the next, of the others one goes on to more."""

PERSON: Final = "report-compiler-person"
"""The cookie that remembers who verifies in this browser."""

_A_YEAR: Final = 365 * 24 * 3600
_STATES: Final = {"open": "没有核实", "postponed": "暂缓", "done": "已核实"}


class VerifyPages:
    """The queue, and the figures that no rule claims."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def verify(self, request: Request) -> Response:
        """Matters that nobody has decided (or those put off, or decided), of one kind or all, of one report or all."""
        self.desk.refresh()
        asked = request.query_params
        show, kind, report = asked.get("show", "open"), asked.get("kind", ""), asked.get("report", "")
        show = show if show in _STATES else "open"
        matters = self.desk.queue.matters()
        states = Counter(_state(matter) for matter in matters)
        chosen = [m for m in matters if _state(m) == show and (not report or int_of(report) in m.reports)]
        kinds = Counter(matter.kind for matter in chosen)
        listed = [matter for matter in chosen if kind in ("", matter.kind)]
        outcome, person = self.desk.queue.columns()
        about = self.desk.report(int_of(report)) if report else None
        return self.view.show(
            "verify.html",
            matters=listed[:MOST_MATTERS],
            count=len(listed),
            states=[(key, name, states[key]) for key, name in _STATES.items()],
            kinds=sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])),
            kind=kind,
            show=show,
            report=report if about is not None else "",
            about=about,
            here=_address("/verify", show=show if show != "open" else "", kind=kind, report=report),
            outcome=outcome,
            person=person,
            me=_me(request),
            waiting=self.desk.queue.waiting,
            said=self.view.said_in(request),
        )

    async def decide(self, request: Request) -> Response:
        """Keep a decision, under the name of whoever decides, and go on with the next matter."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        back = inside(form.get("back", "/verify"))
        found, outcome = form.get("found", "")[:100], form.get("outcome", "")[:200]
        person = form.get("person", _me(request))[:60]
        if "put" in form:
            if not found:
                return self.view.sorry("请先写上找到的数，再记下", back)
            outcome = f"补数：{found}"
        if outcome and not person and self.desk.queue.columns()[1] is not None:
            return self.view.sorry("请先写上核实人的姓名，没有记下这个结果", back)
        if not await run_in_threadpool(self.desk.queue.decide, form.get("id", ""), outcome, person if outcome else ""):
            return self.view.sorry("这一条已经不在待核清单里（报告或规则改过了）", back)
        words = f"记下了：{outcome}，核实人 {person}。下次编译时写进工作簿" if outcome else "已退回没有核实的"
        return _remember(said(f"{back}#next", words), person)

    async def name(self, request: Request) -> Response:
        """Remember who verifies in this browser."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        person = form.get("person", "")[:60]
        return _remember(said(inside(form.get("back", "/verify")), f"核实人记作 {person}" if person else ""), person)

    # --- figures that no rule claims ---

    def unclaimed(self, request: Request) -> Response:
        """The figures that no rule claims, by what they measure."""
        self.desk.refresh()
        asked = request.query_params
        unwanted, find = "unwanted" in asked, asked.get("find", "").strip()
        start = max(0, int_of(asked.get("from", "")))
        groups = self.desk.queue.groups()
        chosen = [group for group in groups if group.unwanted is unwanted and find in group.noun]
        shown = chosen[start : start + MOST_GROUPS]
        here = _address("/unclaimed", unwanted="1" if unwanted else "", find=find, **{"from": str(start or "")})
        more = {"unwanted": "1" if unwanted else "", "find": find}
        return self.view.show(
            "unclaimed.html",
            groups=[(group, self.desk.queue.shown(*group.items[0])) for group in shown],
            most_shown=MOST_OF_GROUP,
            count=len(chosen),
            figures=sum(len(group.items) for group in chosen),
            start=start,
            before=_address("/unclaimed", **more, **{"from": str(max(0, start - MOST_GROUPS) or "")}) if start else "",
            after=_address("/unclaimed", **more, **{"from": str(start + MOST_GROUPS)})
            if start + MOST_GROUPS < len(chosen)
            else "",
            unwanted=unwanted,
            unwanted_count=sum(group.unwanted for group in groups),
            find=find,
            here=here,
            rules=self.desk.rulebook.indicators if self.desk.rulebook else (),
            said=self.view.said_in(request),
        )

    def group(self, request: Request) -> Response:
        """All figures of one group, each with its sentence."""
        self.desk.refresh()
        asked = request.query_params
        noun, start = asked.get("noun", ""), max(0, int_of(asked.get("from", "")))
        group = next((one for one in self.desk.queue.groups() if one.noun == noun), None)
        if group is None:
            return self.view.missing()
        back = inside(asked.get("back", "/unclaimed"))
        until = start + MOST_FIGURES
        return self.view.show(
            "group.html",
            group=group,
            items=[(number, item, self.desk.queue.shown(number, item)) for number, item in group.items[start:until]],
            start=start,
            after=_address("/unclaimed/group", noun=noun, back=back, **{"from": str(until)})
            if until < len(group.items)
            else "",
            back=back,
        )

    async def want(self, request: Request) -> Response:
        """Remember that a noun is wanted no more, or again."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        noun, wanted = form.get("noun", ""), "wanted" in form
        if noun:
            await run_in_threadpool(lambda: self.desk.queue.want(noun, wanted=wanted))
        words = f"“{noun}”放回来了" if wanted else f"“{noun}”不再列出，在“不要的”里随时可以放回来"
        return said(inside(form.get("back", "/unclaimed")), words)


def int_of(text: str) -> int:
    """Return a number of an address, 0 where it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _state(matter: Matter) -> str:
    return "open" if matter.is_open else "postponed" if matter.is_postponed else "done"


def _address(path: str, **asked: str) -> str:
    """Return an address with what is asked for; what is empty is left out."""
    query: Mapping[str, str] = {key: value for key, value in asked.items() if value}
    return f"{path}?{urlencode(query)}" if query else path


def _me(request: Request) -> str:
    return unquote(request.cookies.get(PERSON, ""))[:60]


def _remember(answer: Response, person: str) -> Response:
    if person:
        answer.set_cookie(PERSON, quote(person), max_age=_A_YEAR, httponly=True, samesite="strict")
    return answer
