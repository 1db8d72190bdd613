"""The sections of ``docs/evaluation.md``: what was measured in, lines of Markdown out."""
