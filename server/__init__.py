"""Isoloir: a voting booth for news articles. Nothing is imported here, so the domain loads without Flask."""
