"""Inputs as users have them, made here, with what was put into each: see input_kinds.py."""
