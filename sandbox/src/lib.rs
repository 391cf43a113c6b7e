//! The other parties of a DAPI sale.
