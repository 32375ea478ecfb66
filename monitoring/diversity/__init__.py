"""Diversity: what samples of counted species say about how many and how evenly there are.

Counts of individuals only: abundance classes, cover and 若干 are no counts (use incidence). Each function takes the
counts of one sample, or the matrix of many; formulas stand with their papers. Effort and official indices do not belong
here.
"""
