"""What happens when processes meet, stall and die: every order of their calls, on purpose."""
