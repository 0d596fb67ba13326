"""Files, clocks, processes and the command line: the outermost room.

:mod:`cli` says which commands there are, :mod:`commands` and :mod:`rule_commands` run them, :mod:`build` gathers and
writes (:mod:`outputs`), :mod:`watch` does it again on every change, :mod:`terminal` shows issues.

Must not know: anything about the language of reports.
"""
