"""A sentence and the rule book become outcomes: which figure belongs to which indicator, and why not.

In: sentences with their part and headings. Out: what was bound, refused (by which guard and word), said by the report
of itself, and left unclaimed. A sentence goes through these modules, in this order:

- :mod:`vocabulary` and :mod:`units` are compiled from the rules, :mod:`figures` finds the numbers, :mod:`index` where
  names and phrases may stand, in one pass over a report, :mod:`tokens` cuts the sentence;
- :mod:`mentions` tells which names count, :mod:`phrases` which figures phrases claim, :mod:`leads` what stands before a
  figure, :mod:`constructions` whose it is (a table: a new construction is one row), :mod:`lists` which of several,
  :mod:`values` what it amounts to; :mod:`reading` drives them;
- :mod:`context` keeps scope, period and role over the whole report, :mod:`guards` declares what refuses and how long it
  lasts, :mod:`periods` and :mod:`spans` tell the years; :mod:`extract` judges what was bound.

Must not know: files, places, other reports, or what a fact is used for.
"""
