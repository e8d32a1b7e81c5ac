"""The function app judged by Microsoft's own runtime, which needs Python 3.13."""
