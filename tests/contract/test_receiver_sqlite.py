"""The rules of the contract on SQLite, the receiver's default."""

from tests.contract.receiver_rules import ReceiverRules


class TestOnSqlite(ReceiverRules):
    pass
