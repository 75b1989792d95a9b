"""What an organisation loses as it takes in members, by what they bring."""
