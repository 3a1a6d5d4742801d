"""What platform staff may do, and the console where they do it.

Every route declares what it needs (`access.py`); `create_app` refuses one that does not.
"""
