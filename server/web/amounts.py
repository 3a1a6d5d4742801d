"""Amounts as readers and staff see them: 1 000 or 12,5, as their language writes numbers."""

from decimal import Decimal

from babel.numbers import format_decimal

from server.web.messages import Speech


def said_amount(speech: Speech, number: Decimal, plain: bool = False) -> str:
    """Return a number in words' company; `plain` as a form's field takes it again."""
    if plain:
        # Normalised by hand: a plain Decimal says 1E+3.
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return format_decimal(number, "#,##0.##", locale=speech.locale)
