"""What the rules need in an organisation, as data, and the way to bring it there and away again.

``manifest`` says what must exist, ``plan`` compares it with the organisation, ``apply`` carries the
difference over, ``removal`` finds everything that apply ever made.
"""
