"""What a form asks and what an answer is: pure rules that know no model and no request."""
