"""Invented data (the demo's and the benchmark's) and what is measured on it; no domain rules."""
