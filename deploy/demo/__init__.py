"""The demo: a vendor of drawing and workshop software, its catalogue, its old shop's export, three waves."""
