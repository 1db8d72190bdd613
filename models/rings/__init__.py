"""Rings without labels: groups of accounts that act on the same targets as nobody else does.

What is found here is never a verdict by itself: it needs a second, independent sign.
"""
