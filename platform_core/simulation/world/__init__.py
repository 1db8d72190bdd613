"""The town before its first day: brands, wares, words and what surrounds them."""
