"""What questions to a function tell without formulas: one path through a gate, one impulse in time."""
