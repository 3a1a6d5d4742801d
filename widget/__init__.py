"""The booth: templates, style, script and messages of the frame."""
