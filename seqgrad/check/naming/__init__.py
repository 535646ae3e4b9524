"""From wrong numbers to their causes. Holds right steps, so no release has this folder."""
