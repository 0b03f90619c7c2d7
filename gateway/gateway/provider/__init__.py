"""Identity as the gateway's OpenID provider."""
