"""Metrics for a Violence Reduction Network."""
