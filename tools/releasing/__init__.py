"""What `release` is made of: chapters, a roster and a secret become archives without the answers."""
