"""The onboarding room's pages."""
