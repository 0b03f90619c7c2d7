"""The dry run as operators read it: per customer and in total, before anything is changed."""
