"""A function on calls becomes results, which are plain data."""
