"""A sentence and the rule book become outcomes: which figure belongs to which indicator, and why not.

In: sentences with their part and headings. Out: what was bound, refused (by which guard and word), said by the report
of itself, and left unclaimed. A sentence goes through these modules, in this order:

- :mod:`vocabulary` and :mod:`unit_conversion` are compiled from the rules. :mod:`figures` finds the numbers: by the
  expressions of :mod:`figure_grammar`, each read by :mod:`printed_numbers`, unless :mod:`lookalikes` tells it to be
  a name or a code. :mod:`index` tells where names and phrases may stand, in one pass over a report, :mod:`tokens`
  cuts the sentence;
- :mod:`reading` goes over the sentence (a :mod:`sentence_reading` is how far it came): :mod:`mentions` tells which
  names count, :mod:`phrases` which figures phrases claim, :mod:`lead_codes` what stands before a figure,
  :mod:`constructions` whose it is (a table: a new construction is one row), :mod:`subjects` of what a figure without
  a name goes on to speak; :mod:`acts` does what the row says, :mod:`coordination` tells which of several names,
  :mod:`attaching` and :mod:`values` what it amounts to; :mod:`targets_in_words` and :mod:`ranks` take what is told in
  words;
- :mod:`fold` keeps over the whole report what holds (:mod:`context`): whose figures (:mod:`scopes`,
  :mod:`scope_steps`), of which years and in which role (:mod:`periods`, :mod:`period_steps`), by how words stand in
  their clause (:mod:`clauses`); :mod:`guards` declares what refuses and how long it lasts; :mod:`spans` tells what a
  figure within several years means, :mod:`verdicts` of which year and kind a bound figure is, or why it is none;
  :mod:`extract` goes over the sentences of a report.

Must not know: files, places, other reports, or what a fact is used for.
"""
