"""The reference receiver of the central platform's contract."""
