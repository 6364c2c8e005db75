"""Find the tweets an article cites, expand their links, tie each to its paragraph."""
