"""For those who write rules: check, explain, suggest, preview, and the rules as a table.

In: rules, and reports where they are needed. Out: steps, suggestions and differences as data. The readings are those
of the build (:mod:`compiler.facts.compile`), never others.

Must not know: the terminal or the browser.
"""
