"""Who we say we are, everywhere the same: never another product, always with a contact."""

from leadglass import __version__

CALLING_AE_TITLE = "LEADGLASS"
ANY_CALLED_AE_TITLE = "ANY-SCP"
VERSION_NAME = f"LEADGLASS_{__version__}"[:16]  # PS3.7 D.3.3.2.4: 16 characters at most


def user_agent(contact: str) -> str:
    """The User-Agent of every web question; `contact` is how to reach who asks."""
    return f"Leadglass/{__version__} (assesses medical-imaging servers; contact: {contact})"
