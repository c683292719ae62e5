"""What the law and a school's own policy ask for: records and a moment in, flags out."""
