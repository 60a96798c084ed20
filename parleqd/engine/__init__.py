"""The only asynchronous driver of core: sessions, recognition, cleanup, delivery, events, history."""
