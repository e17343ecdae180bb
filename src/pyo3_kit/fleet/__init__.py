"""Manage many repositories: report their status, and update them."""
