"""What an administrator decides of the settings: pins and limits, whatever the user has written down."""
