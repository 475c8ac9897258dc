"""The shape of a price over some weeks, and which known case it resembles most."""
