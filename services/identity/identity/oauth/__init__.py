"""The OpenID provider: authorization, tokens, userinfo, logout, by the specifications that each module names."""
