"""Digit Forge: watch a GAN learn to write digits, then take its noise in hand."""

import os

# One thread for NumPy's matrix products, which are small here: several wait for each other by
# turning in circles, and on a busy machine one product then takes as long as twenty. This is read
# once, when NumPy is imported; TensorFlow has threads of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
