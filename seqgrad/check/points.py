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
    that are left go to the largest remainders.

    Parameters
    ----------
    score, points : int
        Hundredths, for all outputs together.
    credits : sequence of float
    """
    shares = [points * credit / len(credits) for credit in credits]
    earned = round_to_sum(score, shares)
    whole = points // len(credits)
    # What earned a hundredth more than the others could earn one more, too.
    ahead = sorted(range(len(credits)), key=lambda i: earned[i] <= whole)[: points - whole * len(credits)]
    return [(part, whole + (i in ahead)) for i, part in enumerate(earned)]


def round_to_sum(total, shares):
    """Return shares as whole numbers that add up to a total: by the largest remainders."""
    down = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: down[i] - shares[i])
    raised = by_remainder[: total - sum(down)]
    return [part + (i in raised) for i, part in enumerate(down)]
