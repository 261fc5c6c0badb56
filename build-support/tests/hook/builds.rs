//! With a real cargo: what is printed, what makes the hook run again, what ends up in `OUT_DIR`.
