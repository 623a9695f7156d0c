"""What people type: each form reads and names its fields; whether the act is allowed is for the action to say."""
