"""A report becomes a page that shows every figure in its place.

In: one report, its facts, refusals and issues, and ``evidence.html``. Out: one self-contained HTML file a report, and
an index. :mod:`page_pieces` cuts the text, :mod:`report_article` writes it as HTML, :mod:`write` fills the template.

Must not know: the workbook, the briefing, or the command line.
"""
