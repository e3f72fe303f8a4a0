"""A small Slack on this machine: the Web API, events, Socket Mode, files and a chat page."""
