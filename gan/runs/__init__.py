"""Running work and remembering it, without TensorFlow and without Streamlit."""
