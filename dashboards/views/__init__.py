"""The page files: each draws one page for the current visit."""
