"""The pages of changes: what one would do, saving it, what was saved, and taking it back."""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from compiler.studio import edits
from compiler.studio.change_effects import effect
from compiler.studio.doubts import doubts, missed
from compiler.studio.undoing import undo
from compiler.studio.view import View, inside, said


class ChangePages:
    """A draft on its way into the files, and the way back."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def change(self, request: Request) -> Response:
        """What a draft would do: the lines, the facts over all open reports, and what speaks against it."""
        draft = self.view.drafts.get(request.path_params["key"])
        if draft is None:
            return self.view.missing()
        self.desk.refresh()
        kept = self.view.kept(draft)
        found = effect(self.desk, draft) if draft.touches_rules else None
        works = found is not None and found.works and found.rulebook is not None
        told = doubts(self.desk, draft, found) if works and found else ()
        lost = missed(self.desk, draft, found.rulebook) if works and found and found.rulebook else None
        kept.asks = bool(told or lost or kept.with_it)
        return self.view.show(
            "change.html",
            draft=draft,
            lines=edits.diff(self.desk, draft),
            effect=found,
            names={rule.id: rule.name for rule in found.rulebook.indicators} if found and found.rulebook else {},
            doubts=told,
            missed=lost,
            with_it=kept.with_it,
            again=f"{kept.page}{'&' if '?' in kept.page else '?'}again={draft.key}" if kept.page else "",
            asks=kept.asks,
            unsure="unsure" in request.query_params,
            conflicts=edits.conflicts(self.desk, draft),
            back=inside(request.query_params.get("back", "/")),
        )

    async def save(self, request: Request) -> Response:
        """Save a draft, if nobody changed its files meanwhile, and whoever saves has seen what speaks against it."""
        form = await request.form()
        back = inside(request.query_params.get("back", "/"))
        return await run_in_threadpool(self._save, request.path_params["key"], back, "sure" in form)

    def _save(self, key: str, back: str, sure: bool) -> Response:
        draft = self.view.drafts.get(key)
        if draft is None:
            return self.view.missing()
        if self.view.kept(draft).asks and not sure:
            return RedirectResponse(f"/change/{key}?unsure=1&back={quote(back)}", 303)
        if edits.save(self.desk, draft) is None:
            return RedirectResponse(f"/change/{key}?back={quote(back)}", 303)
        self.view.forget(draft)
        self.desk.refresh()
        return said(back, f"已{draft.verb}：{draft.about.removeprefix('撤销：')}")

    def history(self, request: Request) -> Response:
        """The saved changes."""
        return self.view.show("history.html", saved=edits.history(self.desk), said=self.view.said_in(request))

    def undo(self, request: Request) -> Response:
        """Make a draft that takes a saved change back."""
        found = undo(self.desk, request.path_params["key"])
        if found is None:
            return self.view.missing()
        if not found.draft.texts:
            return self.view.sorry("现在的文件里已经没有这次改动了，不用再撤销", "/history")
        return self.view.drafted(found.draft, "/history", with_it=found.with_it)
