"""What users see of gradesys in their organisation: scripts, buttons, views and charts."""
