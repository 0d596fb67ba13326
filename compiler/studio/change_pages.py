"""The pages of changes: what one would do, saving it, what was saved, and taking it back."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from compiler.studio import edits
from compiler.studio.effects import effect
from compiler.studio.view import View, inside, said


class ChangePages:
    """A draft on its way into the files, and the way back."""

    def __init__(self, view: View) -> None:
        self.view, self.desk = view, view.desk

    def change(self, request: Request) -> Response:
        """What a draft would do: the lines, and the facts over all open reports."""
        draft = self.view.drafts.get(request.path_params["key"])
        if draft is None:
            return self.view.missing()
        self.desk.refresh()
        return self.view.show(
            "change.html",
            draft=draft,
            lines=edits.diff(self.desk, draft),
            effect=effect(self.desk, draft) if draft.touches_rules else None,
            conflicts=edits.conflicts(self.desk, draft),
            back=inside(request.query_params.get("back", "/")),
        )

    def save(self, request: Request) -> Response:
        """Save a draft, if nobody changed its files meanwhile."""
        draft = self.view.drafts.get(request.path_params["key"])
        if draft is None:
            return self.view.missing()
        back = inside(request.query_params.get("back", "/"))
        if edits.save(self.desk, draft) is None:
            return RedirectResponse(f"/change/{draft.key}?back={quote(back)}", 303)
        del self.view.drafts[draft.key]
        self.desk.refresh()
        return said(back, f"已保存：{draft.about}。要撤销，到“改动记录”里")

    def history(self, request: Request) -> Response:
        """The saved changes."""
        words = request.query_params.get("said", "")
        return self.view.show("history.html", saved=edits.history(self.desk), said=words)

    def undo(self, request: Request) -> Response:
        """Make a draft that takes a saved change back."""
        draft = edits.undo(self.desk, request.path_params["key"])
        return self.view.drafted(draft, "/history") if draft is not None else self.view.missing()
