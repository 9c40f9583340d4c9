"""WeCom 企业微信: the callback of one self-built application, its calls, its cards, its limits (wechat.md §11)."""
