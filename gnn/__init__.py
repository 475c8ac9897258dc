"""Graph and market, as of a moment, become a risk with reasons."""
