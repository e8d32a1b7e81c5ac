"""The rate budget that all processes of a service share (dataverse.md section 4)."""
