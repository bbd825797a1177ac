"""Benchmarks: ``python -m bench``, or ``make bench``. They measure; they never pass or fail."""
