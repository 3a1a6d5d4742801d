"""The domain: consultations, ballots, tallies, decks. No Flask, no Redis, no clock of its own."""
