"""A real Asterisk, with telephones of SIPp, in a network of their own."""
