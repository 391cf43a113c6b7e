use crate::*;
#[derive(Debug)]
pub struct StoredCard;
impl StoredCard {
    pub fn client_card_id(&self) -> &str {
        ""
    }
    pub fn security_code(&self) -> &SecurityCode {
        todo!()
    }
}
#[derive(Debug)]
pub enum SourceOfFunds {
    Card(Card),
    StoredCard(StoredCard),
}
impl SourceOfFunds {
    pub fn check(&self, _: &Consumer) -> Result<(), InputError> {
        Ok(())
    }
    pub fn card_summary(&self) -> Option<CardSummary> {
        None
    }
}
