"""A town that lives through the platform's services, and the truth of it that nobody else sees."""
