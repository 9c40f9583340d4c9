"""How long the certificate of the public address is still good: asked as a browser would ask."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

WAIT = 5.0


class NoCertificate(Exception):
    """`str(error)` says why, in words."""


def days_left(address: str, now: datetime) -> float | None:
    """None when the address is not https. Blocks. Raises NoCertificate: not reached, or not trusted."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        return None
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), timeout=WAIT) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) as line,
        ):
            held = line.getpeercert()
    except ssl.SSLCertVerificationError as error:
        raise NoCertificate(f"不被信任：{error.verify_message}") from None
    except OSError as error:
        raise NoCertificate(f"连不上 {parts.hostname}：{error.strerror or type(error).__name__}") from None
    ends = str((held or {}).get("notAfter", ""))
    return (ssl.cert_time_to_seconds(ends) - now.timestamp()) / 86400
