"""Settings of the benchmarks that serve pages: the product's own, and beside its addresses a page with nothing in it."""

from hutong.settings import *  # noqa: F403

ROOT_URLCONF = "bench.addresses"
