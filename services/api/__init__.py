"""The only HTTP door: pages, REST, sign-in and accounts. Nobody else uses PostgreSQL."""
