"""The compiled index: the exact order of `score.rank` for a million people, in about a millisecond.

Start with `candidates.top_candidates`. `layout` says how people and work are kept, `formulas` is the mirror of the score.
"""
