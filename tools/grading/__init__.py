"""What `grade` is made of: from what was handed in to a result for each student."""
