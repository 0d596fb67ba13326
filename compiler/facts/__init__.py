"""Reports become facts, passages and tasks.

In: a source text and the rule book. Out: :class:`~compiler.model.CompiledReport`. :mod:`compile` shows all stages on
one page; :mod:`assemble` makes facts of outcomes; :mod:`passages` captures sections; :mod:`batch` does many reports,
each once; :mod:`written_tables` writes facts as CSV and JSON Lines. :mod:`store` keeps what was compiled; :mod:`gists`
is what a build has to know of a report that it need not read again.

Must not know: targets of other years, workbook, briefing, or the command line.
"""
