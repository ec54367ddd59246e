"""Everything that needs TensorFlow; nothing outside this package imports it."""

import os

# Quicker convolutions, also on processors where TensorFlow leaves them off by default. Read once,
# when TensorFlow is imported.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

# Networks as small as ours gain little from two cores in one operation, and more from two
# operations at a time: the backward pass has always two that do not wait for each other.
_CORES = os.cpu_count() or 1
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max(1, _CORES // 2)))
