"""WeChat Official Accounts: the callback, the calls, the ladder of pushes."""
