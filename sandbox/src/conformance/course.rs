//! The course of a run: what is done to the server, in order.

use super::{
    caller::Caller,
    plan::MerchantCheck,
    report::{ConformanceReport, Findings},
    run::Run,
};
use crate::error::SandboxError;

impl MerchantCheck {
    /// Makes the run.
    ///
    /// # Errors
    /// [`SandboxError`] if this side fails: no random bytes, no TLS. What the server does wrong is in the report.
    pub async fn run(self) -> Result<ConformanceReport, SandboxError> {
        let mut run = Run {
            caller: Caller::new(&self.server, self.answer_limit, self.headers.clone())?,
            findings: Findings::new(),
            causeless: None,
            refusals: 0,
            plan: self,
        };
        run.course().await?;
        let unreachable = run.caller.unreachable();
        let is_of_one_order = run.is_of_one_order();
        let url = run.plan.server.url();
        Ok(run.findings.into_report(url.as_str(), unreachable, is_of_one_order))
    }
}

impl Run {
    async fn course(&mut self) -> Result<(), SandboxError> {
        self.skip_by_orders();
        let Some((first, second)) = self.initiate().await? else {
            self.time();
            return Ok(());
        };
        self.bad_initiates(&first).await?;
        // Of one order there is one sale, which what must be refused does not harm.
        let (attacked, other) = match &second {
            Some(second) => (second, Some(&first)),
            None => (&first, None),
        };
        let attacked_is_checked = self.bad_checks(attacked, other).await?;
        let is_checked = self.good_check(&first).await?;
        if is_checked {
            self.session_token(&first).await?;
            let early = self.ask_for_card(&first).await;
            self.bad_mappings(&first).await?;
            if let Some(mapped) = self
                .good_mapping(&first, second.as_ref().filter(|_| attacked_is_checked))
                .await?
            {
                self.stored_card(&first, &mapped, &early).await?;
            }
        }
        self.void(&first.serial_number).await?;
        self.callbacks(&first, is_checked, second.as_ref()).await;
        self.causes();
        self.time();
        Ok(())
    }
}
