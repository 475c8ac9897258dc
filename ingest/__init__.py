"""The outside world becomes our values."""
