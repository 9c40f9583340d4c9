"""Fuzzing by hand: not part of the tests, which have hypothesis."""
