"""What platform staff may do: tokens and their scopes."""
