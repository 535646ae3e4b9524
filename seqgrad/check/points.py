"""The one rule for points: credits of outputs become points in hundredths, and what is shown adds up.

credits  ->  the mean  ->  points earned;    points earned, credits  ->  the points of each output
"""


def average(credits):
    """Return the credit for all outputs together, each of which counts the same; 0 if there are none."""
    return sum(credits) / len(credits) if credits else 0.0


def earn(points, credit):
    """Return what a credit from 0 to 1 is worth, out of so many points, in hundredths of a point."""
    return round(100 * points * credit)


def split_points(score, points, credits):
    """Return for each output what it earned and what could be earned, in hundredths.

    The earned parts add up to `score` and the others to `points`: all are rounded down, and the hundredths
    that are left go to the largest remainders.  A score that these credits do not give cannot be split:
    the list is empty.

    Parameters
    ----------
    score, points : int
        Hundredths, for all outputs together.
    credits : sequence of float
    """
    whole, left = divmod(points, len(credits))
    earned = round_to_sum(score, [points * credit / len(credits) for credit in credits])
    # Who earned a hundredth more could earn it; after them whoever is not wholly right.
    order = sorted(range(len(credits)), key=lambda i: (earned[i] <= whole, credits[i] == 1))
    possible = [whole + (i in order[:left]) for i in range(len(credits))]
    pairs = list(zip(earned, possible, strict=True))
    return pairs if sum(earned) == score and all(part <= most for part, most in pairs) else []


def round_to_sum(total, shares):
    """Return shares as whole numbers that add up to a total: by the largest remainders."""
    down = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: down[i] - shares[i])
    raised = by_remainder[: max(0, total - sum(down))]
    return [part + (i in raised) for i, part in enumerate(down)]
