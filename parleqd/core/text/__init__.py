"""The Instant engine: a pipeline of small pure stages over tokens, each leaving a record of what it changed."""
