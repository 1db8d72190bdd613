"""The embedded platform: system of record, access, moderation, and the event contract."""
