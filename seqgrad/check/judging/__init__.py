"""Results beside the expected ones become a verdict."""
