"""The SDK's version, as told in Hello."""

__version__ = "0.1.0"
