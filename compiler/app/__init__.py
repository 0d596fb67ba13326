"""Files, clocks, processes and the command line: the outermost room.

:mod:`commands` says which commands there are and runs them, :mod:`cli` reads what was typed. :mod:`build` gathers and
writes (:mod:`outputs`), or finds that nothing has changed (:mod:`unchanged`); :mod:`standing_pages` leaves briefings
and pages as they are of which nothing changed, :mod:`table_pieces` copies what of a table stayed the same,
:mod:`edited_outputs` leaves what people edited, and :mod:`swap` puts the new outputs in the place of the old.
:mod:`watch` does it again on every change, :mod:`terminal` shows issues. :mod:`launchers` and :mod:`offline_bundles`
are the way to a desk without a network, :mod:`generated_pages` writes the pages and schemas that tell of keys and
messages.

Must not know: anything about the language of reports.
"""
