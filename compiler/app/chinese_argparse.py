"""``argparse`` that speaks Chinese: its headings, its help and its messages of wrong use.

``argparse`` hands each of its own texts to a translation function before it shows it. :func:`install` puts the
table below in that function's place; a text that a later Python adds stays as it is (a test names it).
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Mapping

TEXTS: Mapping[str, str] = {
    # headings and help
    "usage: ": "用法：",
    "options": "选项",
    "optional arguments": "选项",
    "positional arguments": "参数",
    "subcommands": "命令",
    "%(heading)s:": "%(heading)s：",
    "show this help message and exit": "显示这份说明",
    "show program's version number and exit": "显示版本号",
    " (default: %(default)s)": "（默认 %(default)s）",
    "(default: %(default)s)": "（默认 %(default)s）",
    "default: %(default)s": "默认 %(default)s",
    # wrong use
    "%(prog)s: error: %(message)s\n": "%(prog)s：用法不对：%(message)s\n",
    "%(prog)s: warning: %(message)s\n": "%(prog)s：注意：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "还缺这些参数：%s",
    "one of the arguments %s is required": "这些参数要给一个：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "not allowed with argument %s": "不能和参数 %s 一起用",
    "ignored explicit argument %r": "这个参数不带值，却写了 %r",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不够明确，可能是 %(matches)s",
    "unexpected option string: %s": "不认识的选项：%s",
    "expected one argument": "后面要跟一个值",
    "expected at most one argument": "后面最多跟一个值",
    "expected at least one argument": "后面至少跟一个值",
    "expected %s argument": "后面要跟 %s 个值",
    "expected %s arguments": "后面要跟 %s 个值",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这一项，可以写 %(choices)s",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "没有 %(value)r 这一项，是不是想写 %(closest)r？可以写 %(choices)s"
    ),
    "invalid choice: %(value)r, maybe you meant %(closest)r?": "没有 %(value)r 这一项，是不是想写 %(closest)r？",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有 %(parser_name)r 这个命令，可以写 %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 不合要求",
    "can't open '%(filename)s': %(error)s": "打不开 “%(filename)s”：%(error)s",
    "option '%(option)s' is deprecated": "选项 %(option)s 已不再使用",
    "argument '%(argument_name)s' is deprecated": "参数 %(argument_name)s 已不再使用",
    "command '%(parser_name)s' is deprecated": "命令 %(parser_name)s 已不再使用",
}


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose columns stand straight though a Chinese character is two columns wide."""

    def add_argument(self, action: argparse.Action) -> None:
        """Make room for the width of what is shown, not for its number of characters."""
        super().add_argument(action)
        if action.help is not argparse.SUPPRESS:
            invocation = self._format_action_invocation(action)
            needed = len(invocation) + _surplus(invocation) + self._current_indent
            self._action_max_length = max(self._action_max_length, needed)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        if isinstance(action, argparse._SubParsersAction):
            return text.partition("\n")[2]  # without the line that only names the list again
        first, line_end, rest = text.partition("\n")
        invocation = self._format_action_invocation(action)
        start = self._current_indent + len(invocation)
        gap = len(first) - len(first[start:].lstrip(" ")) - start
        cut = min(_surplus(invocation), max(gap - 2, 0))
        return first[:start] + first[start + cut :] + line_end + rest


def _surplus(text: str) -> int:
    """Return how many columns more than characters a text takes."""
    return sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def install() -> None:
    """Make ``argparse`` show its texts in Chinese, in this process."""
    translate: Callable[[str], str] = lambda text: TEXTS.get(text, text)  # noqa: E731
    plural: Callable[[str, str, int], str] = lambda one, many, n: TEXTS.get(many, one if n == 1 else many)  # noqa: E731
    # The names are argparse's own seam for translations (it takes them from gettext); they are not typed.
    setattr(argparse, "_", translate)  # noqa: B010
    setattr(argparse, "ngettext", plural)  # noqa: B010
