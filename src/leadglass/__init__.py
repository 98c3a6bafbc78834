"""Leadglass: finds medical-imaging servers that answer strangers, and says how to close them."""

__version__ = "0.1.0"
