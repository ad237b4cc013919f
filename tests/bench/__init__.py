"""``make bench``: speed side by side with what a user would do instead."""
