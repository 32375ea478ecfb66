"""Status: what a taxon is at a place on a day: native or introduced, how established, listed, protected; who says so.

Three different questions, answered from statements (`statements`) of sources and people at places that hold one another
(`places`), the most specific first (`answers`), each told line by line (`explanation`). What is not said is unknown,
and unknown is never native.
"""
