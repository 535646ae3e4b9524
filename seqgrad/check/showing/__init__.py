"""What a person sees.

    Verdict  ->  card, with picture and hints;    prints of two versions  ->  side by side

Begin with `card.py`.
"""
