"""The page of what waits for a person: matters to decide, and unclaimed figures to claim or to let be."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from compiler.studio.view import View, inside, said

MOST_MATTERS, MOST_GROUPS = 20, 100
"""So many are shown at once: what is decided makes room for the next."""

_OPEN, _DONE = "open", "done"


class VerifyPages:
    """The queue, and the figures that no rule claims."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk
        self.person = ""

    def verify(self, request: Request) -> Response:
        """Matters that nobody has decided (or those decided), of one kind or all."""
        self.desk.refresh()
        asked = request.query_params
        show, kind = asked.get("show", _OPEN), asked.get("kind", "")
        matters = self.desk.queue.matters()
        open_ = [matter for matter in matters if matter.is_open]
        chosen = open_ if show == _OPEN else [matter for matter in matters if not matter.is_open]
        kinds = Counter(matter.kind for matter in chosen)
        outcome, person = self.desk.queue.columns()
        return self.view.show(
            "verify.html",
            matters=[matter for matter in chosen if kind in ("", matter.kind)][:MOST_MATTERS],
            count=sum(kind in ("", matter.kind) for matter in chosen),
            open_count=len(open_),
            done_count=len(matters) - len(open_),
            kinds=sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])),
            kind=kind,
            show=show,
            outcome=outcome,
            person=person,
            last_person=self.person,
            waiting=self.desk.queue.waiting,
            said=asked.get("said", ""),
        )

    async def decide(self, request: Request) -> Response:
        """Keep a decision and go on with the next matter."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        back = inside(form.get("back", "/verify"))
        outcome, person = form.get("outcome", "")[:200], form.get("person", "")[:60]
        if not await run_in_threadpool(self.desk.queue.decide, form.get("id", ""), outcome, person):
            return self.view.sorry("这一条已经不在待核清单里（报告或规则改过了）", back)
        self.person = person or self.person
        if outcome:
            return said(f"{back}#next", f"记下了：{outcome}。下次编译时写进工作簿")
        return said(back, "已退回没有核实的")

    def unclaimed(self, request: Request) -> Response:
        """The figures that no rule claims, by what they measure."""
        self.desk.refresh()
        asked = request.query_params
        unwanted, find = "unwanted" in asked, asked.get("find", "").strip()
        groups = self.desk.queue.groups()
        chosen = [group for group in groups if group.unwanted is unwanted and find in group.noun]
        rules = self.desk.rulebook.indicators if self.desk.rulebook else ()
        return self.view.show(
            "unclaimed.html",
            groups=chosen[:MOST_GROUPS],
            count=len(chosen),
            figures=sum(len(group.items) for group in chosen),
            unwanted=unwanted,
            unwanted_count=sum(group.unwanted for group in groups),
            find=find,
            rules=rules,
            said=asked.get("said", ""),
        )

    async def want(self, request: Request) -> Response:
        """Remember that a noun is wanted no more, or again."""
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        noun, wanted = form.get("noun", ""), "wanted" in form
        if noun:
            await run_in_threadpool(lambda: self.desk.queue.want(noun, wanted=wanted))
        words = f"“{noun}”放回来了" if wanted else f"“{noun}”不再列出，随时可以放回来"
        return RedirectResponse(f"/unclaimed?{'unwanted&' if wanted else ''}said={quote(words)}", 303)
