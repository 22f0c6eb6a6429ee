"""What the onboarding room's pages show and read."""
