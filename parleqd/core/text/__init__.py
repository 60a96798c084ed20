"""The Instant engine: a pipeline of small pure stages over tokens, each recording what it changed."""
