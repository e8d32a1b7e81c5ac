"""What only a live organisation can prove: fifteen minutes of questions, each with its fallback.

The references leave these open, so nothing of gradesys depends on an answer; an answer says which
fallback will be at work (docs/first-live-org.md). Everything made here is named ``gradesys smoke``
and swept away again.
"""

from gradesys.smoke.asking import Finding, ask_all
from gradesys.smoke.bench import MARK, NOWHERE, Bench
from gradesys.smoke.cleanup import sweep
from gradesys.smoke.ear import Ear
from gradesys.smoke.place import require_leave
from gradesys.smoke.question import Answer, Question, Said
from gradesys.smoke.questions import QUESTIONS
from gradesys.smoke.receiver import Receiver

__all__ = [
    "MARK",
    "NOWHERE",
    "QUESTIONS",
    "Answer",
    "Bench",
    "Ear",
    "Finding",
    "Question",
    "Receiver",
    "Said",
    "ask_all",
    "require_leave",
    "sweep",
]
