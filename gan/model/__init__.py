"""TensorFlow lives here and nowhere else."""
