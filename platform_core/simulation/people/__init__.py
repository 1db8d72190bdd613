"""Who lives in the town, with which devices and addresses, and when they come."""
