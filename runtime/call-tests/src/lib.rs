//! Empty: the tests are all there is.
