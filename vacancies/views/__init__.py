"""Public pages of vacancies, and what an employer does with their own."""
