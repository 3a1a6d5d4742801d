"""Shapes of what comes in and goes out. Meaning is the domain's, atomic truth is the store's.

Each is built once: marshmallow copies every field when a schema is made, which costs more than
its use.
"""
