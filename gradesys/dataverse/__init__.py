"""The only code that knows HTTP and OData: Dataverse's rows, metadata and webhook bodies.

It speaks the words of ``gradesys.records`` upwards and knows nothing of rules and grades.
"""
