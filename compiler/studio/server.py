"""Serves the studio on this machine alone and opens it in the browser."""

from __future__ import annotations

import argparse
import secrets
import socket
import threading
import webbrowser
from pathlib import Path

HOST = "127.0.0.1"


def run(args: argparse.Namespace) -> int:
    """Run ``report-compiler studio``."""
    from compiler.app.terminal import WRONG_USE_OR_CRASH, say, show_issues

    try:
        import uvicorn

        from compiler.studio.routes import make_app
    except ImportError:
        say("studio 要另装几个小的库：pip install starlette uvicorn python-multipart")
        return WRONG_USE_OR_CRASH
    from compiler.studio.desk import Desk

    folder: Path = args.folder
    if folder.exists() and not folder.is_dir():
        say(f"{folder} 是文件；请写一个文件夹")
        return WRONG_USE_OR_CRASH
    desk, issues = Desk.open(folder)
    show_issues(issues)
    if not desk.rules.is_dir():
        return WRONG_USE_OR_CRASH
    desk.open_in_background()
    token = secrets.token_urlsafe(24)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, args.port))
        listening.listen()  # whoever comes before the server is ready waits, and is not refused
        port = listening.getsockname()[1]
        address = f"http://{HOST}:{port}/?token={token}"
        say(f"在浏览器里打开（只有本机能用，按 Ctrl+C 结束）：\n{address}")
        if not args.no_browser:
            threading.Timer(0.3, webbrowser.open, (address,)).start()
        config = uvicorn.Config(
            make_app(desk, token), log_level="warning", lifespan="off", access_log=False, timeout_graceful_shutdown=2
        )
        try:
            uvicorn.Server(config).run([listening])
        except KeyboardInterrupt:  # a server is ended so; what a build of it leaves is told by the build
            say("工作台关了。" if desk.job is None or not desk.job.running else "工作台关了，编译没有做完。")
    return 0
