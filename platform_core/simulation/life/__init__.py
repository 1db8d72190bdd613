"""How visits are lived: one path for everybody, from the first request to the last moment."""
