"""How well the detectors do, judged by what was planted in simulated towns.

Nothing else may import this package but the command that runs it: what knows why things happened
must not be known to what is judged by it.
"""
