using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// A merchant's request to be paid once: at the merchant's address, by a memo or muxed address that names the session; or at an account
/// that is opened for it (<see cref="PaymentAddresses.IPaymentAddressGrain"/>). It owns none: it is told what comes, judges it, and tells
/// the merchant, who books it. Its key is <c>pay_…</c>.
/// </summary>
[Alias("sp.IPaymentSessionGrain"), ForUsers]
public interface IPaymentSessionGrain : IWakeable
{
    /// <summary>
    /// Makes the session, with the prices that hold until it expires. Refused, besides for what is wrong with the order, with
    /// <c>rate_unavailable</c> where an asset has no price now, <c>merchant_not_ready</c>, <c>merchant_suspended</c>,
    /// <c>merchant_terms_old</c> where the merchant's account does not know yet what was decided of it,
    /// <c>idempotency_key_in_use</c> where a session was made under the key just now, and <c>session_exists</c>, upon which another id
    /// is to be tried.
    /// </summary>
    [Alias("Create"), AlwaysInterleave]
    Task<Result<PaymentSessionView>> CreateAsync(
        MerchantId caller, NewPaymentSession order, CancellationToken cancellationToken = default);

    /// <summary>The session; <c>payment_session_not_found</c> for anybody but its merchant.</summary>
    [Alias("Get")]
    Task<Result<PaymentSessionView>> GetAsync(MerchantId caller);

    /// <summary>
    /// Somebody who has its secret sees its page: noted once, while it can be paid. The front door, which looked at the secret, names its
    /// merchant.
    /// </summary>
    [Alias("View")]
    Task<Result<PaymentSessionView>> ViewAsync(MerchantId caller);

    /// <summary>
    /// Has an account of the session's own opened, for a payer who can set neither memo nor muxed address. As often as it likes to come:
    /// the same one. Refused with <c>payment_address_not_offered</c>, <c>payment_session_not_open</c> also in its last minutes,
    /// <c>payment_addresses_used</c>, <c>merchant_not_ready</c> and <c>merchant_suspended</c>.
    /// </summary>
    [Alias("OpenAddress"), AlwaysInterleave]
    Task<Result<PaymentSessionView>> OpenAddressAsync(MerchantId caller, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends it unpaid, having first judged all that the ledger holds by now. <c>payment_session_not_open</c> where it has ended,
    /// <c>payment_session_busy</c> while something that came is not judged, <c>payment_session_processing</c> while a wallet here has
    /// signed what completes it.
    /// </summary>
    [Alias("Cancel")]
    Task<Result<PaymentSessionView>> CancelAsync(MerchantId caller, string? reason);

    /// <summary>
    /// Gives back what counted, or what of a payment is beyond that: reserved here, in this call, and paid by the merchant's account
    /// afterwards. Refused with <c>payment_session_not_paid</c>, <c>payment_not_found</c>, <c>refund_exceeds_payment</c>,
    /// <c>refund_too_small</c>, <c>refund_payer_unknown</c>, <c>refund_payers_unknown</c>, <c>refund_address_required</c> where the payer
    /// is known to be shared by many, <c>refund_address_waiting</c> while it is decided that it goes elsewhere, <c>merchant_suspended</c>
    /// where that is so, <c>refund_destination_unusable</c>, <c>refunds_too_many</c>, <c>merchant_refunds_too_many</c>, and
    /// <c>idempotency_key_in_use</c> where a refund was made under the key just now.
    /// </summary>
    [Alias("Refund"), AlwaysInterleave]
    Task<Result<RefundView>> RefundAsync(MerchantId caller, NewRefund order, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives back all that is left of a payment that is held for its payer, who claims it: whence it came, or where its merchant decided.
    /// The same refund however often it is claimed; also the one that its merchant made. The front door, which looked at the payer's
    /// secret, names the merchant, and says whether the payer said that the account that paid is his own. Refused as
    /// <see cref="RefundAsync"/>, and with <c>payment_not_held</c> where the merchant has it, <c>payment_accepted</c>,
    /// <c>payment_being_decided</c> while his setting decides it or what came in time is not judged, <c>claim_too_small</c>,
    /// <c>refund_account_unconfirmed</c> where it would go to an account that may be an exchange's, <c>claimed_refunds_exceeded</c> where
    /// so many were claimed of the session, or today of the merchant, and <c>too_many_claims</c> where it is asked for too often.
    /// </summary>
    [Alias("Claim"), AlwaysInterleave]
    Task<Result<RefundView>> ClaimAsync(
        MerchantId caller, LedgerPlace payment, bool isOwnAccount, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has what is given back of a payment go to another address than its payer's, in a day: one of each payment, and a new one waits anew.
    /// Whose decision that is the front door has looked at, and it is looked at again when the day is over. Refused with
    /// <c>payment_not_found</c>, <c>payment_accepted</c>, <c>payment_refunded</c>, <c>merchant_suspended</c>,
    /// <c>refund_address_invalid</c>, <c>refund_address_unusable</c>, <c>refund_address_not_payable</c>, <c>destination_denied</c>,
    /// <c>memo_required</c>, <c>memo_not_allowed</c>, <c>memo_invalid</c> and <c>refund_addresses_too_many</c>.
    /// </summary>
    [Alias("SetRefundAddress"), AlwaysInterleave]
    Task<Result<PaymentSessionView>> SetRefundAddressAsync(
        MerchantId caller, NewRefundAddress order, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes such a decision back, where there is one: what is given back of the payment goes to its payer. What is in a transaction by
    /// then goes where it was sent. Refused with <c>payment_not_found</c>.
    /// </summary>
    [Alias("WithdrawRefundAddress")]
    Task<Result<PaymentSessionView>> WithdrawRefundAddressAsync(MerchantId caller, LedgerPlace payment);

    /// <summary>
    /// Takes what came after its end for the price: says which session is made of that, born paid by it. The same one however often it is
    /// asked for; whoever wants to see it has it begin. What is held beyond the price is its merchant's from then on: then it is this one.
    /// Refused with <c>payment_not_found</c>, <c>payment_asset_not_taken</c>, <c>payment_not_late</c>, <c>payment_below_price</c>,
    /// <c>payment_refunded</c> where something of it is given back, <c>payment_acceptance_closed</c> where an operator gave its acceptance
    /// up, and <c>payment_session_accepted</c> where another payment was accepted.
    /// </summary>
    [Alias("Accept"), AlwaysInterleave]
    Task<Result<PaymentSessionId>> AcceptAsync(
        MerchantId caller, LedgerPlace payment, CancellationToken cancellationToken = default);

    /// <summary>
    /// The session as it stands, where <see cref="AcceptAsync"/> would not refuse the payment, or has accepted it; else why it would. Changes
    /// nothing.
    /// </summary>
    [Alias("MayAccept"), AlwaysInterleave]
    Task<Result<PaymentSessionView>> MayAcceptAsync(
        MerchantId caller, LedgerPlace payment, CancellationToken cancellationToken = default);

    /// <summary>
    /// The session, which was told just now that it is to be, by one whose late payment was accepted. No session asks another one, and
    /// waits: two could for each other.
    /// </summary>
    [Alias("Begin")]
    Task<Result<PaymentSessionView>> BeginAsync(MerchantId caller);
}

/// <summary>A payment session as other grains see it.</summary>
[Alias("sp.IPaymentSessionInternal"), GrainsOnly]
public interface IPaymentSessionInternal : ILedgerOwner;

/// <summary>A payment session as operators see to what it could not take in.</summary>
[Alias("sp.IPaymentSessionControl"), ForOperators]
public interface IPaymentSessionControl : IParkedRowsOwner, ISetAsideRowsOwner;
