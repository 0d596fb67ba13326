"""YAML becomes the rule book.

In: a folder that officials edit. Out: a :class:`~compiler.model.RuleBook` and issues that name file, line and column.
:mod:`parse` makes :mod:`nodes` that keep their place, :mod:`mistakes` knows the traps of YAML; :mod:`indicator_keys`,
:mod:`lexicon_keys`, :mod:`ledger_keys`, :mod:`task_keys` and :mod:`report_keys` declare every key by a shape of
:mod:`shapes` (:mod:`keys` has what they share), :mod:`yaml_reader` reads by them, :mod:`jsonschema` shows them to
editors; :mod:`folder`, :mod:`word_files` and :mod:`rulebook` put the files together, :mod:`rule_checks` looks at each
rule. :mod:`patterns` are names and phrases, :mod:`expressions` the sandboxed templates.

Must not know: reports, sentences, or what any writer does with a value.
"""
