"""FetchXML (dataverse.md 3.6): its text to a tree, the tree to SQL, the rows to an answer."""
