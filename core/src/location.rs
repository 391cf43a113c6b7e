#[derive(Debug, Clone, Copy)]
pub struct Location;
impl Location {
    pub fn lat(&self) -> f64 {
        0.
    }
    pub fn lng(&self) -> f64 {
        0.
    }
}
