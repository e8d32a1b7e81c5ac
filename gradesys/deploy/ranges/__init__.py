"""How large a score can become: what decides between a Decimal and a Money column."""
