"""A sentence and the rule book become outcomes: which figure belongs to which indicator, and why not.

In: sentences with their part and headings. Out: what was bound, refused (by which guard and word), said by the report
of itself, and left unclaimed. :mod:`vocabulary` and :mod:`units` are compiled from the rules, :mod:`figures` finds the
numbers, :mod:`tokens` cuts the sentence, :mod:`context` keeps scope, period and role, :mod:`reading` goes from left to
right and binds.

Must not know: files, places, other reports, or what a fact is used for.
"""
