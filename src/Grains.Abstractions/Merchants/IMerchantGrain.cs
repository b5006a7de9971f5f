using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// A merchant's settlement account: its key, what the ledger holds for it, and how much of that is sold, held back, or the platform's.
/// Its key is <c>mer_…</c>. Who may act for the merchant the front door knows; here a call names the merchant for whom it is made.
/// </summary>
[Alias("sp.IMerchantGrain"), ForUsers]
public interface IMerchantGrain : IWakeable, IKeyHolder
{
    /// <summary>
    /// Makes the account's key where there is none, and has the account opened by a sponsor. As often as it likes to come. Waits for the
    /// keeper of keys, not for the ledger.
    /// </summary>
    /// <param name="caller">For whom.</param>
    /// <param name="tier">The tier by which fees are taken, of an account that is made now; later <see cref="IMerchantControl"/> says.</param>
    /// <param name="origin">Whence whoever registered the merchant comes, as budgets count it; null where nobody knows.</param>
    /// <param name="excess">What an account that is made now does with what comes beyond the price, or too late; null for the usual.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    [Alias("Open"), AlwaysInterleave]
    Task<Result<MerchantView>> OpenAsync(
        MerchantId caller, int tier = 0, OpeningOrigin? origin = null, ExcessChoices? excess = null,
        CancellationToken cancellationToken = default);

    /// <summary>The account and its balances; <c>merchant_not_found</c> where it was never opened, or for another merchant.</summary>
    [Alias("Get")]
    Task<Result<MerchantView>> GetAsync(MerchantId caller);

    /// <summary>
    /// Gives an unmatched receipt to a payment session, which judges it as any payment. Once: asked for again with the same session it
    /// answers the same, with another it is refused.
    /// </summary>
    /// <param name="caller">For whom.</param>
    /// <param name="receipt">Which.</param>
    /// <param name="session">A session of the merchant that is open: whoever calls has looked.</param>
    [Alias("AssignReceipt")]
    Task<Result<UnmatchedReceipt>> AssignReceiptAsync(MerchantId caller, UnmatchedReceiptId receipt, PaymentSessionId session);

    /// <summary>Says that an unmatched receipt is the merchant's own money: he may spend it, and no fee is taken.</summary>
    [Alias("TopUpReceipt")]
    Task<Result<UnmatchedReceipt>> TopUpReceiptAsync(MerchantId caller, UnmatchedReceiptId receipt);

    /// <summary>Gives an unmatched receipt back to its sender. The network is asked, beside the turns, whether he can be paid.</summary>
    [Alias("RefundReceipt"), AlwaysInterleave]
    Task<Result<UnmatchedReceipt>> RefundReceiptAsync(
        MerchantId caller, UnmatchedReceiptId receipt, CancellationToken cancellationToken = default);
}

/// <summary>A merchant as other grains see it.</summary>
[Alias("sp.IMerchantInternal"), GrainsOnly]
public interface IMerchantInternal : ILedgerOwner
{
    /// <summary>
    /// What a payment session needs of its merchant. Refused with <c>merchant_not_ready</c> while the account is being opened, and
    /// with <c>merchant_suspended</c>.
    /// </summary>
    [Alias("GetFacts"), AlwaysInterleave]
    Task<Result<MerchantFacts>> GetFactsAsync();

    /// <summary>
    /// What a payment session must know of it before it gives something back; refused with <c>merchant_refunds_too_many</c> where it takes
    /// no more refunds for now.
    /// </summary>
    /// <param name="isClaimed">Whether it is claimed by a payer: what waits of that is counted apart.</param>
    [Alias("GetRefunds"), AlwaysInterleave]
    Task<Result<MerchantRefunds>> GetRefundsAsync(bool isClaimed);

    /// <summary>
    /// Counts an account that one of its sessions is to have of its own. Refused with <c>payment_addresses_used</c> where its tier allows
    /// no more today, and as <see cref="GetFactsAsync"/>.
    /// </summary>
    /// <param name="isForAnybody">Whether any stranger could have the session made: those have half of the day.</param>
    /// <returns>How many are left today.</returns>
    [Alias("TakeAddress")]
    Task<Result<int>> TakeAddressAsync(bool isForAnybody);

    /// <summary>
    /// How many transactions accounts of its sessions have made today. Refused with <c>payment_address_sweeps_used</c> where there can be
    /// no more.
    /// </summary>
    /// <param name="isLittle">Whether it is about one for less than payers send.</param>
    [Alias("GetSweeps"), AlwaysInterleave]
    Task<Result<int>> GetSweepsAsync(bool isLittle);

    /// <summary>
    /// Counts such a transaction. One that is less than payers send is stored at once; others with what it is written for next, for it is
    /// about to be paid by them.
    /// </summary>
    /// <param name="isLittle">Whether it is for less than payers send.</param>
    [Alias("CountSweep")]
    Task CountSweepAsync(bool isLittle);
}

/// <summary>A merchant as operators see to it.</summary>
[Alias("sp.IMerchantControl"), ForOperators]
public interface IMerchantControl : IParkedRowsOwner, ISetAsideRowsOwner
{
    /// <summary>
    /// Says under which terms it sells: a suspended merchant makes no sessions, but those that are open are judged still. Takes effect
    /// for sessions made, and fees taken, from then on. What is older than what it was told before changes nothing.
    /// </summary>
    /// <param name="decision">Which of the decisions about its merchant, or of its owners, in their order, this is of.</param>
    /// <param name="suspended">Whether it is suspended.</param>
    /// <param name="tier">The tier by which fees are taken, from 0; null leaves it as it is.</param>
    /// <param name="excess">What is done with what comes beyond the price, or too late; null leaves it as it is.</param>
    [Alias("SetTerms")]
    Task<Result<MerchantView>> SetTermsAsync(long decision, bool suspended, int? tier = null, ExcessChoices? excess = null);
}
