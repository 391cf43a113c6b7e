//! Where the device is.

use serde::{Deserialize, Serialize};

use super::error::{InputError, Rule};

/// A position in degrees (`location`).
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct SaleLocation {
    lat: f64,
    lng: f64,
}

impl SaleLocation {
    /// A position: latitude -90 to 90, longitude -180 to 180, limits included.
    ///
    /// # Errors
    /// [`InputError`] for `location.lat` or `location.lng` if it is out of range or not a number.
    pub fn new(lat: f64, lng: f64) -> Result<Self, InputError> {
        // NaN is in no range, so it is refused too.
        if !(-90.0..=90.0).contains(&lat) {
            return Err(InputError::new("location.lat", Rule::Range { min: -90, max: 90 }));
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(InputError::new("location.lng", Rule::Range { min: -180, max: 180 }));
        }
        Ok(Self { lat, lng })
    }

    /// `lat` and `lng` at once: code that carries a place elsewhere takes them apart, and does not compile until it carries
    /// a new member, too.
    pub const fn parts(&self) -> (f64, f64) {
        let Self { lat, lng } = *self;
        (lat, lng)
    }

    /// `location.lat`, degrees.
    pub const fn lat(&self) -> f64 {
        self.lat
    }

    /// `location.lng`, degrees.
    pub const fn lng(&self) -> f64 {
        self.lng
    }
}

/// Hides the position: a person's location is personal data.
impl std::fmt::Debug for SaleLocation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SaleLocation(…)")
    }
}

/// [`SaleLocation`] as it is serialised, before it is checked.
#[derive(Deserialize)]
struct Written {
    lat: f64,
    lng: f64,
}

impl TryFrom<Written> for SaleLocation {
    type Error = InputError;

    fn try_from(written: Written) -> Result<Self, InputError> {
        Self::new(written.lat, written.lng)
    }
}

#[cfg(test)]
mod tests {
    use super::SaleLocation;

    #[test]
    fn the_edges_of_the_world_are_in_it() {
        for (lat, lng) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0), (48.85, 2.35)] {
            let location = SaleLocation::new(lat, lng).unwrap();
            assert_eq!((location.lat(), location.lng()), (lat, lng));
            let json = serde_json::to_string(&location).unwrap();
            assert_eq!(serde_json::from_str::<SaleLocation>(&json).unwrap(), location);
        }
    }

    #[test]
    fn positions_out_of_range_are_refused() {
        for value in [90.000_001, -91.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(SaleLocation::new(value, 0.0).unwrap_err().field, "location.lat");
        }
        for value in [180.000_001, -181.0, f64::NAN, f64::INFINITY] {
            assert_eq!(SaleLocation::new(0.0, value).unwrap_err().field, "location.lng");
        }
        assert!(serde_json::from_str::<SaleLocation>(r#"{"lat":91.0,"lng":0.0}"#).is_err());
    }
}
