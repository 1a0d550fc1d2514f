"""What GAS writes to its users: one letter for each kind of mail, in HTML and in plain text.

The notifier sends them, the api shows them to developers.
"""

from gas.mails.kinds import kind_of
from gas.mails.mails import Mails

__all__ = ["Mails", "kind_of"]
