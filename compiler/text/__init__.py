"""A file becomes outlined sentences.

In: the path of a file. Out: its text (:mod:`read`, one module a format in ``readers/``), made uniform with offsets
kept (:mod:`normalise`, :mod:`lines`), cut into reports (:mod:`split`), each with place and year (:mod:`identify`,
:mod:`places`), headings and parts (:mod:`outline`) and sentences (:mod:`sentences`).

Must not know: indicators, figures, or what a sentence means; only the lexicon's words for headings, parts and places.
"""
