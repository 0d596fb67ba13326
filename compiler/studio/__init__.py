"""The page in the browser, for people who never open a terminal (extra ``[studio]``).

In: a working folder (``rules/``, ``templates/``, ``reports/``). Out: pages on this machine alone (127.0.0.1).
:mod:`desk` is the open folder: its reports compiled, a build running, a sentence read; :mod:`edits` are changes of
rules, tried over all open reports before they are saved, and undone; the modules
``*_pages`` show them; :mod:`routes` says which page answers which address, :mod:`view` fills ``templates/`` (the menu
stands in ``base.html``), :mod:`access` keeps strangers out and :mod:`server` serves.

Must not know: anything that the command line does not know too. Every page is a call of the same functions.
"""
