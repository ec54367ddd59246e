"""What people see: the only place that imports Streamlit or Plotly."""
