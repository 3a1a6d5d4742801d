"""The demo news site: three media, three ways to embed the booth."""
