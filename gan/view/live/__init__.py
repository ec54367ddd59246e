"""Drawings that change while people watch: two Streamlit components and their files."""
