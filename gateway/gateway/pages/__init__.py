"""The portal's pages: the App Portal, license management, the shop, the account and the operators' desk.

Each module is one place of the site; it asks the services over their public API with the visitor's own token, so a
page can never show or do more than the visitor could by themselves.
"""
