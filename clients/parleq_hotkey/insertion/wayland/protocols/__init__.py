"""The Wayland protocols that pywayland does not bring, each as the messages that stand in its specification."""
