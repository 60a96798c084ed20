"""The login service: units that systemd or launchd keeps running, written, replaced and removed without loss."""
