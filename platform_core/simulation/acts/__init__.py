"""What visits ask of the platform, and what follows from it, through the services' verbs."""
