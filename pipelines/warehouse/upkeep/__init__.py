"""What keeps the lake small and people's rights: erasure, retention, compaction, vacuum."""
