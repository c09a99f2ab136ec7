"""Trained models as files to take away: skops, ONNX and the format of MLflow."""
