"""Digit Forge: watch a GAN learn to write digits, then take its noise in hand."""
