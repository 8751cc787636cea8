"""Nouns of the network."""

from hutong.network.models.organisation import Organisation

__all__ = ["Organisation"]
