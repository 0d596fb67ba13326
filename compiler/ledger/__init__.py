"""Facts become targets against results.

In: the compiled reports of a build. Out: one row for a place, year and indicator (:mod:`rows`, :mod:`join`), judged
(:mod:`judge`), and checks across figures (:mod:`checks`). What comes of a place follows from its own reports;
:mod:`kept_places` joins only places of which something has changed since an earlier build.

Must not know: how a figure was read, or how a row is shown.
"""
