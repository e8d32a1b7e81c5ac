"""What the platform enforces for rows that customize its face: web resources, modern commands,
views, charts, environment variables, roles and imported solutions."""
