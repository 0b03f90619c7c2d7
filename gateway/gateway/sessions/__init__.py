"""The sessions of browsers: tokens stay here, the browser holds a cookie."""
