"""Settings of the benchmarks that serve pages: the product's own, and one address more."""

from hutong.settings import *  # noqa: F403

ROOT_URLCONF = "bench.addresses"
