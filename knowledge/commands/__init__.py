"""The commands of `python -m knowledge`: a module each, listed in knowledge/__main__.py."""
