"""Replay: cast a published history of votes through the service's own door, and check every number."""
