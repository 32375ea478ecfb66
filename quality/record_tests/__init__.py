"""Record tests: what is asked of every record, each an Ibis expression that is true where the test is failed.

One module a subject, all of them listed in `registry`. Names and GUIDs are those of TDWG's Biodiversity Data Quality
tests (BDQ Core) where BDQ asks the same; tests of our own begin with PARKWATCH_. The texts for people are in
`quality/messages.toml` under the test's id; applying the tests belongs to `quality.flags`, contracts about whole tables
to `quality.suites`.
"""
