"""What stands in for right functions in a release."""
