"""Trouble that passes: what could not be done just now, and can be tried again as it is."""

import errno
from typing import Any

from django.utils.translation import gettext_lazy as _

RETRY_SECONDS = 60
NOTHING_SAVED = _("Nothing was saved, and nothing was lost. Please try again in a few minutes.")

# https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
SQLITE = {5, 6, 8, 10, 13, 14}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, rollback
# (deadlock), resources (disk full), lock not available, shutdown, input and output.
POSTGRES = ("08", "40", "53", "55", "57", "58")
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def passes(error: BaseException) -> bool:
    """Say whether this is trouble of the database or the disk, and no fault in the code.

    Asks the driver's own error, which Django keeps as the cause of its.
    """
    if isinstance(error, OSError):
        return error.errno in DISK
    cause: Any = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE
    if type(cause).__module__.partition(".")[0] != "psycopg":
        return False
    if cause.sqlstate is None:
        # The server was not reached, or went away: there was nobody to give a code.
        return type(cause).__name__ == "OperationalError"
    return str(cause.sqlstate).startswith(POSTGRES)
