"""The documents of the whole API: one OpenAPI, one AsyncAPI, one page per problem, one page to browse them."""
