"""What runs inside Dataverse: its own tests, and that what is shipped is what the sources give."""
