"""三治积分: thanks for what people do for each other, in a ledger that always adds up; never money, never a gate."""
