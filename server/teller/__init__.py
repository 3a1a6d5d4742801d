"""The worker that counts the boxes, publishes results and syncs tallies."""
