"""`python -m bot doctor`: everything is looked at, and each fault is told with its cure.

What is the case is gathered first (…_facts), then judged by one small function a check (…_checks), which
are pure; then it is printed.
"""
