"""Whom the command believes to be the server, and what it says when a connection fails."""

import os
import ssl

import httpx

from gas.cli.errors import UsageError

_VARIABLE = "SSL_CERT_FILE"
# Of OpenSSL's X509_V_ERR_*: not yet valid, expired, another host's, another address's. No choice
# of authorities would mend these.
_NOT_THE_AUTHORITY = frozenset({9, 10, 62, 64})


def trusted_authorities() -> ssl.SSLContext:
    """Those of SSL_CERT_FILE or SSL_CERT_DIR, where set, as OpenSSL reads them; else the usual.

    Given to each client of ours, so that one that keeps clear of HTTP proxies (``trust_env=False``)
    trusts the same authorities. Raises UsageError for a file that holds none.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        file = os.environ.get(_VARIABLE)
        raise UsageError(f"{_VARIABLE} names no readable file of certificates: {file}") from error


def certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """What was wrong with the server's certificate, if that is why the connection failed."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause


def reason_of(error: Exception) -> str:
    """Why a connection failed, to go on in a sentence, without a full stop."""
    refusal = certificate_error(error)
    if refusal is None:
        return str(error).partition("\n")[0].rstrip(".") or type(error).__name__
    reason = f"the server's certificate is not trusted ({refusal.verify_message.rstrip('.')})"
    if refusal.verify_code in _NOT_THE_AUTHORITY:
        return reason
    now = os.environ.get(_VARIABLE) or "not set"
    return f"{reason}; {_VARIABLE} (now {now}) must name a file with the certificate of its CA"
