//! Asks for a feature of the package that the kettle uses.
