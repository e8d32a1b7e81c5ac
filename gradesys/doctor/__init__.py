"""Why does it not work? The settings, the organisation and the marks, looked at one by one.

Every finding is ok, a warning or a problem, and says what to do about it. Nothing is written but
an empty file of marks where there was none, and no finding shows a secret.
"""

from gradesys.doctor.examination import CHECKS, examine
from gradesys.doctor.verdicts import Cause, Finding, Status

__all__ = ["CHECKS", "Cause", "Finding", "Status", "examine"]
