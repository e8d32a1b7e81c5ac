"""Reading rows: system query options become SQL, SQL rows become Web API rows."""
