"""Amounts as readers and staff see them: 1 000 or 12,5, as their language writes numbers."""

from decimal import Decimal

from babel.numbers import format_decimal

from server.web.messages import Speech


def said_amount(speech: Speech, number: Decimal) -> str:
    return format_decimal(number, "#,##0.##", locale=speech.locale)


def plain_amount(number: Decimal) -> str:
    """Return it as a form and a programme take it again: 1000.5."""
    text = f"{number:f}"  # a bare Decimal may say 1E+3
    return text.rstrip("0").rstrip(".") if "." in text else text
