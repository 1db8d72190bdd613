"""What moves: conduct, how sure detectors are, and how much they flag, day beside days before."""
