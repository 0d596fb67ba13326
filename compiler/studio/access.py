"""Who is let in, and what a page may do: loopback only, a token in the start link, no code but our own."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "report-compiler-studio"

#: Nothing from elsewhere, no inline code: the pages bring one style sheet and one script of their own.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: An evidence page carries its style and script within itself, so that it can be copied away as one file.
POLICY_OF_OUTPUTS = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"


class AccessGuard(BaseHTTPMiddleware):
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
