"""The ``?sql=`` of Microsoft's SDK: one SELECT, run as the FetchXML query that means the same."""
