"""What people answer with: taskings, mission reports, standing checks, pasted notices."""
