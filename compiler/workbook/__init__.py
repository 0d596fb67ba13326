"""Facts and ledger become the Excel workbook.

In: reports, facts, ledger, issues and ``workbook.yaml`` (its keys: :mod:`template_keys`, read by :mod:`template`). Out:
one ``.xlsx``. :mod:`write` plans the book and has each sheet written by itself, by :mod:`table_sheet` (heads:
:mod:`table_heads`, rows: :mod:`table_rows`), :mod:`comparison_sheet`, :mod:`cover_sheet` and others, from its
:mod:`sheet_plan` in the styles of :mod:`cell_styles`; tables of rows are written report by report (:mod:`pieces`), so
that nobody holds all reports whole: the plan knows their :mod:`outlines`, and pieces of which nothing has changed are
kept (:mod:`kept_pieces`). :mod:`rows` and :mod:`column_values` say what stands in a cell,
:mod:`formulas` what is computed; :mod:`user_entries` carries over what people wrote into the last book; :mod:`xlsx`
writes cells, and :mod:`package` makes one file of all sheets.

A new kind of sheet, or a new column: :mod:`sheet_kinds` tells the steps.

Must not know: how a figure was read, the briefing, or the command line.
"""
