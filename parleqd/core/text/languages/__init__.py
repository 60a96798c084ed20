"""German, French and Spanish: what cleanup knows of each as tables, and the small stages that go by them."""
