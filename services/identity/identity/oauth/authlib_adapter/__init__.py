"""Everything that is taken from Authlib, in one place, corrected where its stock behaviour is not strict enough.

Authlib's own server classes are synchronous and read the request of another framework, so the endpoints are ours;
its error classes, PKCE arithmetic, token hashes and metadata validators are the parts that carry over.
"""
