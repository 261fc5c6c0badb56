//! Uses a package that asks for a feature of what the kettle's package uses.
