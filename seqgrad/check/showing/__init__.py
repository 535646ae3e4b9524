"""What a person sees: the card, the picture, hints, numbers side by side."""
