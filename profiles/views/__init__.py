"""The pages of the smart CV. No account is needed; a draft comes into being when the first answer is saved."""
