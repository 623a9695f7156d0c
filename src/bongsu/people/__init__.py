"""Who works here: users and their roles, what each may see, the duty rota, and the trail of what was done."""
