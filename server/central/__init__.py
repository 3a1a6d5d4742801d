"""The central platform: the sync client, and the reference receiver."""
