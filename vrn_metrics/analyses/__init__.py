"""A question asked of the store: measure, area, period and method in, a frozen result out."""
