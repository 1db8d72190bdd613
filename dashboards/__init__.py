"""The pages that brands and reviewers see, and the sign-in before them."""
