"""Files, clocks, processes and the command line: the outermost room.

:mod:`commands` says which commands there are and runs them, :mod:`cli` reads what was typed.
:mod:`build` gathers and writes (:mod:`outputs`), or finds that nothing has changed (:mod:`unchanged`); :mod:`standing`
leaves briefings and pages as they are of which nothing changed, :mod:`pieces` copies what of a table stayed the same,
:mod:`kept` leaves what people edited, and :mod:`switch` puts the new outputs in the place of the old. :mod:`watch` does
it again on every change, :mod:`terminal` shows issues. :mod:`starters` and :mod:`offline` are the way to a desk without
a network, :mod:`handbook` writes the pages and schemas that tell of keys and messages.

Must not know: anything about the language of reports.
"""
