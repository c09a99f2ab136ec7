"""Predict with models and judge the predictions."""
