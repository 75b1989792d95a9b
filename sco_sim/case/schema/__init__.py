"""What a case is: every table and column declared once, and the checks, templates and documents that follow from it."""
