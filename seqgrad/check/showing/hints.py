"""Three steps from a nudge to the cause, for a finding."""

LOOK = {
    "missing factor": "something that should be multiplied in is not.",
    "extra factor": "something is multiplied in that should not be.",
    "wrong factor": "one of the things that are multiplied is not the one that should be.",
    "missing term": "something that should be added is not.",
    "extra term": "something is added that should not be.",
    "sign": "check every plus and minus.",
    "transposed": "check which way round each matrix stands; the shapes alone may not tell.",
    "wrong axis": "check along which axis it is taken.",
    "wrong order": "check the order of things.",
    "wrong source": "check where each thing comes from.",
    "missing bias": "check that each sum is complete.",
    "not carried": "follow what one step hands to the next.",
    "wrong step": "check which time step each index means.",
    "overwritten": "ask of each array whether something writes into it later.",
    "aliased": "ask of each array whether another name stands for the same one.",
    "argument changed": "ask which of your lines write into an array that was given to you.",
    "state kept between calls": "ask what a second call finds that the first one did not.",
    "shape": "print the shapes along the way.",
    "dtype": "print the dtypes along the way.",
    "not finite": "look for the first nan or inf.",
    "unstable": "try very large numbers.",
    "exception": "read the line with the shapes beside it.",
    "unknown": "compute one entry by hand, with n_a = n_x = m = 1.",
}


def make_hints(finding, outputs):
    """Return a nudge, where to look, and the cause or what is known of it."""
    wrong = [f"`{output.name}`" for output in outputs if not output.right]
    right = [f"`{output.name}`" for output in outputs if output.right and not output.name.endswith(".shape")]
    nudge = "Which of your lines is the first whose result you can doubt?"
    if wrong and right:
        nudge = f"Wrong: {', '.join(wrong)}. Right: {', '.join(right)}. What do only the wrong ones share?"
    elif wrong:
        nudge = f"All that is returned is wrong ({', '.join(wrong)}): look at what all of it depends on."
    where = f"Look at {finding.subject}: {LOOK[finding.kind]}"
    return nudge, where, finding.sentence
