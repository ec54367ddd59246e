"""Everything that needs TensorFlow; nothing outside this package imports it."""

import os

# Quicker convolutions, also on processors where TensorFlow leaves them off by default. Read once,
# when TensorFlow is imported.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
