"""Facts and ledger become the Excel workbook.

In: reports, facts, ledger, issues and ``workbook.yaml`` (its keys: :mod:`keys`, read by :mod:`template`). Out: one
``.xlsx``. :mod:`write` plans the book and has each sheet written by itself, by :mod:`table_sheet` (heads: :mod:`heads`,
rows: :mod:`table_rows`), :mod:`compare`, :mod:`cover` and others, from its :mod:`sheet_plan` in the styles of
:mod:`looks`; :mod:`rows` and :mod:`columns` say what stands in a cell, :mod:`formulas` what is computed;
:mod:`entries` carries over what people wrote into the last book; :mod:`xlsx` writes cells, and :mod:`package` makes one
file of all sheets.

A new kind of sheet: its word in :mod:`keys` (``SHEET_KINDS``), its columns in :mod:`names`, its rows in :mod:`rows`,
what stands in its cells in :mod:`columns`, its place in :mod:`write` (``_Builder.plan`` and ``_Builder._write``), its
columns and texts in ``templates/workbook.yaml`` and ``templates/README.md``; then ``python -m compiler.app.handbook``
for its schema; the tests tell the order of the sheets. A new column of a sheet is a line of the template where the
value is there already.

Must not know: how a figure was read, the briefing, or the command line.
"""
