"""Facts and ledger become the Excel workbook.

In: reports, facts, ledger, issues and ``workbook.yaml`` (its keys: :mod:`keys`, read by :mod:`template`). Out: one
``.xlsx``. :mod:`write` puts the book together from :mod:`sheets`, :mod:`compare` and :mod:`cover`; :mod:`rows` and
:mod:`columns` say what stands in a cell, :mod:`formulas` what is computed; :mod:`entries` carries over what people
wrote into the last book; :mod:`xlsx` writes cells.

Must not know: how a figure was read, the briefing, or the command line.
"""
