"""Facts and ledger become a Word briefing.

In: one report (or all), its facts, ledger rows and passages, ``briefing.yaml`` (its keys: :mod:`template_keys`) and the
looks of ``briefing.docx``. Out: one ``.docx``. :mod:`template` reads the outline; :mod:`context`, :mod:`rows` and
:mod:`groups` give the values that its expressions see; :mod:`choose` picks sentences (:mod:`excerpts` weighs them);
:mod:`compose` and :mod:`write` say what stands where; :mod:`word_document` and :mod:`chart` write it
(:mod:`office_package`).

A new sentence is a ``text`` in ``templates/briefing.yaml``, in the part whose ``id`` and ``when`` say where it stands.
A value that it lacks is a name in ``BRIEFING`` and its value in ``Seen.of``, both in :mod:`context`, or a field of
:mod:`rows`.

Must not know: how a figure was read, the workbook, or the command line.
"""
