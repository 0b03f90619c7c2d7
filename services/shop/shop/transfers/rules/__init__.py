"""What moves, what stays and why, what blocks and what only warns: pure rules, the same for dry run and cut."""
