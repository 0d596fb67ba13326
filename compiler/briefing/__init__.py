"""Facts and ledger become a Word briefing.

In: one report (or all), its facts, ledger rows and passages, ``briefing.yaml`` (its keys: :mod:`keys`) and the looks
of ``briefing.docx``. Out: one ``.docx``. :mod:`rows` are the values that the template's expressions see, :mod:`choose`
picks sentences, :mod:`outline` reads the template, :mod:`write` says what stands where, :mod:`word` and :mod:`chart`
write it.

Must not know: how a figure was read, the workbook, or the command line.
"""
