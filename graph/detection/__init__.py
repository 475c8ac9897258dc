"""Finds the posts that two accounts share."""
