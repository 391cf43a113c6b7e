#[derive(Debug, Clone)]
pub struct Consumer;
impl Consumer {
    pub fn serial_number(&self) -> &str {
        ""
    }
    pub fn imei(&self) -> Option<&str> {
        None
    }
    pub fn ip_addresses(&self) -> &[std::net::Ipv4Addr] {
        &[]
    }
    pub fn email(&self) -> Option<&str> {
        None
    }
}
