"""Groups: fraud and its honest look-alikes, described in ``campaigns`` and planned day by day."""
