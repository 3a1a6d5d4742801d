"""What goes on the publisher's page: the loader and the snippets."""
