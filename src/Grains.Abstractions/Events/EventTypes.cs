namespace StellarPay.Grains.Events;

/// <summary>The names of the events that grains raise. They are stored for ever and never change.</summary>
public static class EventTypes
{
    /// <summary>A wallet's key was made, and its account is not wanted yet. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletCreated = "wallet.created";

    /// <summary>A wallet's account is to be created. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletOpened = "wallet.opened";

    /// <summary>A wallet's account is on the ledger. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletActivated = "wallet.activated";

    /// <summary>What a wallet holds is being paid out, and its account given up. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletClosing = "wallet.closing";

    /// <summary>A wallet could not be closed and is as before. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletClosingFailed = "wallet.closing_failed";

    /// <summary>A wallet's account is no more. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletClosed = "wallet.closed";

    /// <summary>
    /// A wallet's balance or reservation changed, and no event of a payment or credit that was written with it shows that.
    /// Data: <see cref="WalletEventData"/>.
    /// </summary>
    public const string WalletBalanceChanged = "wallet.balance_changed";

    /// <summary>An administrator froze the wallet. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletFrozen = "wallet.frozen";

    /// <summary>A frozen wallet can pay again. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletUnfrozen = "wallet.unfrozen";

    /// <summary>The owner is known better, or less well; other limits hold. Data: <see cref="WalletEventData"/>.</summary>
    public const string WalletTierChanged = "wallet.tier_changed";

    /// <summary>A new key was made for a wallet and is about to replace the present one.</summary>
    public const string WalletKeyRotating = "wallet.key_rotating";

    /// <summary>The ledger has a wallet's new key as its signer; the old seed is destroyed.</summary>
    public const string WalletKeyRotated = "wallet.key_rotated";

    /// <summary>A wallet's key could not be replaced; the present one stays.</summary>
    public const string WalletKeyRotationFailed = "wallet.key_rotation_failed";

    /// <summary>The ledger moved something into the wallet. Data: <see cref="CreditEventData"/>.</summary>
    public const string WalletCredited = "wallet.credited";

    /// <summary>A payment was quoted. Data of this and all payment events: <see cref="PaymentEventData"/>.</summary>
    public const string PaymentCreated = "payment.created";

    /// <summary>A payment was confirmed and waits for the one before it.</summary>
    public const string PaymentQueued = "payment.queued";

    /// <summary>A payment was signed and its envelope stored.</summary>
    public const string PaymentSigned = "payment.signed";

    /// <summary>The same transaction goes out with a higher fee, which the platform pays.</summary>
    public const string PaymentFeeBumped = "payment.fee_bumped";

    /// <summary>The transaction that held a payment can never be applied; it waits to be signed anew.</summary>
    public const string PaymentRequeued = "payment.requeued";

    /// <summary>A payment is on the ledger.</summary>
    public const string PaymentSucceeded = "payment.succeeded";

    /// <summary>
    /// A payment that spends another asset than its recipient gets is in the balance, and what it moved is known. Of other
    /// payments it is known before, so that they have no such event.
    /// </summary>
    public const string PaymentSettled = "payment.settled";

    /// <summary>A payment failed for good.</summary>
    public const string PaymentFailed = "payment.failed";

    /// <summary>A quote ended unconfirmed.</summary>
    public const string PaymentExpired = "payment.expired";

    /// <summary>A payment was cancelled by its owner.</summary>
    public const string PaymentCancelled = "payment.cancelled";

    /// <summary>A payment's claimable balance waits long enough that the payer can have it back.</summary>
    public const string PaymentReclaimable = "payment.reclaimable";

    /// <summary>The payer asked for a payment's claimable balance back.</summary>
    public const string PaymentReclaiming = "payment.reclaiming";

    /// <summary>The payer has a payment's claimable balance back.</summary>
    public const string PaymentReclaimed = "payment.reclaimed";

    /// <summary>The payer did not get a payment's claimable balance back; it is where it was.</summary>
    public const string PaymentReclaimFailed = "payment.reclaim_failed";

    /// <summary>A payment's claimable balance is its recipient's.</summary>
    public const string PaymentClaimed = "payment.claimed";

    /// <summary>The issuer took a payment's claimable balance back.</summary>
    public const string PaymentClawedBack = "payment.clawed_back";

    /// <summary>Money was set aside for whoever confirms a name. Data of this and all invitation events: <see cref="InvitationEventData"/>.</summary>
    public const string InvitationCreated = "invitation.created";

    /// <summary>The name was confirmed in time.</summary>
    public const string InvitationDue = "invitation.due";

    /// <summary>An invitation's payment is under way.</summary>
    public const string InvitationPaying = "invitation.paying";

    /// <summary>An invitation's payment is on the ledger.</summary>
    public const string InvitationPaid = "invitation.paid";

    /// <summary>An invitation could not be paid.</summary>
    public const string InvitationFailed = "invitation.failed";

    /// <summary>Nobody confirmed the name in time.</summary>
    public const string InvitationExpired = "invitation.expired";

    /// <summary>The sender took an invitation back.</summary>
    public const string InvitationCancelled = "invitation.cancelled";

    /// <summary>A scheduled payment was made. Data of this and all schedule events: <see cref="ScheduleEventData"/>.</summary>
    public const string ScheduleCreated = "schedule.created";

    /// <summary>A schedule was stopped for a while by its owner.</summary>
    public const string SchedulePaused = "schedule.paused";

    /// <summary>A paused schedule goes on.</summary>
    public const string ScheduleResumed = "schedule.resumed";

    /// <summary>A schedule was ended by its owner.</summary>
    public const string ScheduleCancelled = "schedule.cancelled";

    /// <summary>A schedule's last occurrence is over.</summary>
    public const string ScheduleCompleted = "schedule.completed";

    /// <summary>An occurrence's payment is on the ledger.</summary>
    public const string OccurrenceSucceeded = "schedule.occurrence_succeeded";

    /// <summary>An attempt to pay an occurrence failed; another follows.</summary>
    public const string OccurrenceRetrying = "schedule.occurrence_retrying";

    /// <summary>An occurrence is not paid: its last attempt failed.</summary>
    public const string OccurrenceFailed = "schedule.occurrence_failed";

    /// <summary>An occurrence was found too late and is not paid.</summary>
    public const string OccurrenceMissed = "schedule.occurrence_missed";

    /// <summary>An occurrence is not paid because its owner did not want it.</summary>
    public const string OccurrenceSkipped = "schedule.occurrence_skipped";

    /// <summary>A merchant's account is to be created. Data of this and its siblings: <see cref="MerchantAccountEventData"/>.</summary>
    public const string MerchantOpening = "merchant.opening";

    /// <summary>A merchant's account is on the ledger.</summary>
    public const string MerchantActivated = "merchant.activated";

    /// <summary>A merchant was suspended, or is not any more, or pays other fees.</summary>
    public const string MerchantTermsChanged = "merchant.terms_changed";

    /// <summary>The ledger moved something into a merchant's account. Data: <see cref="MerchantReceivedEventData"/>.</summary>
    public const string MerchantReceived = "merchant.received";

    /// <summary>Something left a merchant's account that it did not send. Data: <see cref="MerchantMovedEventData"/>.</summary>
    public const string MerchantAdjusted = "merchant.adjusted";

    /// <summary>A session judged what a merchant received. Data: <see cref="MerchantAllocatedEventData"/>.</summary>
    public const string MerchantAllocated = "merchant.allocated";

    /// <summary>What a session said moves nothing. Data: <see cref="MerchantVerdictPassedOverEventData"/>.</summary>
    public const string MerchantVerdictPassedOver = "merchant.verdict_passed_over";

    /// <summary>A payment session was made. Data of this and all its siblings: <see cref="PaymentSessionEventData"/>.</summary>
    public const string PaymentSessionCreated = "payment_session.created";

    /// <summary>Somebody who has its secret saw a payment session's page.</summary>
    public const string PaymentSessionViewed = "payment_session.viewed";

    /// <summary>A wallet here has signed what completes a payment session, and no ledger has it yet.</summary>
    public const string PaymentSessionProcessing = "payment_session.processing";

    /// <summary>What wallets here had signed for a payment session came to nothing: it can be paid again.</summary>
    public const string PaymentSessionPaymentFailed = "payment_session.payment_failed";

    /// <summary>A payment session has got all that it asks for.</summary>
    public const string PaymentSessionPaid = "payment_session.paid";

    /// <summary>A payment session ended unpaid, as its time was over.</summary>
    public const string PaymentSessionExpired = "payment_session.expired";

    /// <summary>A payment session was ended by its merchant.</summary>
    public const string PaymentSessionCanceled = "payment_session.canceled";

    /// <summary>A payment session got less than it asks for, and waits for the rest.</summary>
    public const string PaymentSessionUnderpaid = "payment_session.underpaid";

    /// <summary>A payment session got more than it asks for.</summary>
    public const string PaymentSessionOverpaid = "payment_session.overpaid";

    /// <summary>A payment to a session that had ended.</summary>
    public const string PaymentSessionLate = "payment_session.late";

    /// <summary>A payment to a session in an asset that it does not take.</summary>
    public const string PaymentSessionWrongAsset = "payment_session.wrong_asset";

    /// <summary>A late payment to a session was accepted: another one is made of it, paid.</summary>
    public const string PaymentSessionAccepted = "payment_session.accepted";

    /// <summary>
    /// What came beyond the price, or too late, stays held, though the merchant's setting is another: the payment says why.
    /// </summary>
    public const string PaymentSessionHeld = "payment_session.held";

    /// <summary>What is shown of an account of a payment session's own is otherwise: it is being opened, can be paid, or was.</summary>
    public const string PaymentSessionAddressChanged = "payment_session.address_changed";

    /// <summary>Where what is given back of a payment goes was decided, and waits.</summary>
    public const string RefundAddressSet = "payment_session.refund_address_set";

    /// <summary>What is given back of a payment goes there from now on.</summary>
    public const string RefundAddressActive = "payment_session.refund_address_active";

    /// <summary>Who decided it might no more when its time came: nothing goes back until it is decided anew, or taken back.</summary>
    public const string RefundAddressLapsed = "payment_session.refund_address_lapsed";

    /// <summary>It goes to its payer, as before it was decided.</summary>
    public const string RefundAddressWithdrawn = "payment_session.refund_address_withdrawn";

    /// <summary>A refund was asked for. Data of this and its siblings: <see cref="PaymentSessionEventData"/>, with the refund as its object.</summary>
    public const string RefundCreated = "refund.created";

    /// <summary>A refund waits for money, or was paid.</summary>
    public const string RefundUpdated = "refund.updated";

    /// <summary>A refund can never reach its payer.</summary>
    public const string RefundFailed = "refund.failed";

    /// <summary>What a merchant is to pay back is set aside for it. Data of this and its sibling: <see cref="MerchantRefundEventData"/>.</summary>
    public const string MerchantRefundReserved = "merchant.refund_reserved";

    /// <summary>It cannot be paid back, and is where it was before.</summary>
    public const string MerchantRefundReleased = "merchant.refund_released";

    /// <summary>Something that came is the merchant's own money, without a fee. Data: <see cref="MerchantToppedUpEventData"/>.</summary>
    public const string MerchantToppedUp = "merchant.topped_up";

    /// <summary>Something came to a merchant's address and names nobody. Data of this and its siblings: <see cref="UnmatchedReceiptEventData"/>.</summary>
    public const string UnmatchedReceiptCreated = "unmatched_receipt.created";

    /// <summary>An unmatched receipt was given to a payment session.</summary>
    public const string UnmatchedReceiptAssigned = "unmatched_receipt.assigned";

    /// <summary>An unmatched receipt is the merchant's own money.</summary>
    public const string UnmatchedReceiptToppedUp = "unmatched_receipt.topped_up";

    /// <summary>An unmatched receipt has gone back to its sender.</summary>
    public const string UnmatchedReceiptRefunded = "unmatched_receipt.refunded";

    /// <summary>An unmatched receipt is on its way back; or is to be decided again, for it could not go where it was to.</summary>
    public const string UnmatchedReceiptUpdated = "unmatched_receipt.updated";

    /// <summary>A merchant made a payment link. Data of this and its sibling: the link as the API shows it, without its metadata.</summary>
    public const string PaymentLinkCreated = "payment_link.created";

    /// <summary>A payment link can be paid, or no more.</summary>
    public const string PaymentLinkUpdated = "payment_link.updated";

    /// <summary>
    /// A merchant made an invoice. Data of this and its siblings: the invoice as the API shows it, what may be of people encrypted.
    /// </summary>
    public const string InvoiceCreated = "invoice.created";

    /// <summary>A draft was changed.</summary>
    public const string InvoiceUpdated = "invoice.updated";

    /// <summary>An invoice has its number, and can be paid.</summary>
    public const string InvoiceFinalized = "invoice.finalized";

    /// <summary>An invoice is paid.</summary>
    public const string InvoicePaid = "invoice.paid";

    /// <summary>A merchant took an invoice back.</summary>
    public const string InvoiceVoided = "invoice.voided";

    /// <summary>A merchant expects nothing for an invoice any more.</summary>
    public const string InvoiceMarkedUncollectible = "invoice.marked_uncollectible";

    /// <summary>An invoice is open past its day; told once.</summary>
    public const string InvoiceOverdue = "invoice.overdue";

    /// <summary>An invoice was mailed to its customer.</summary>
    public const string InvoiceSent = "invoice.sent";

    /// <summary>A merchant's account has paid somebody. Data: <see cref="MerchantMovedEventData"/>.</summary>
    public const string MerchantSent = "merchant.sent";
}
