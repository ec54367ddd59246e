"""The generator in the browser."""
