"""What a dictation shows and plays: notifications, sounds, other programs' sound."""
