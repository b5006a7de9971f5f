using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A user's wallet: holds its encrypted key, its balances, its limits and its payments, and is the only writer of its
/// account's sequence number. The key is a <see cref="WalletId"/>. Every call that a user can cause names the caller,
/// and anyone but the owner is told that there is no such wallet.
/// </summary>
[Alias("sp.IWalletGrain"), ForUsers]
public interface IWalletGrain : IWakeable, IKeyHolder
{
    /// <summary>
    /// Makes the key, and so the address that will be the account's, for the user whose wallet this is. Costs the platform nothing on
    /// the network. A repeat returns the wallet.
    /// </summary>
    [Alias("Create")]
    [AlwaysInterleave]
    Task<Result<WalletView>> CreateAsync(UserId owner, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins to have the account created, with the platform's reserves: for a user who has confirmed a contact, which the front door
    /// vouches for. Makes the key where there is none. What is begun here is stored and goes on whatever crashes; a repeat returns the
    /// wallet.
    /// </summary>
    [Alias("Open")]
    [AlwaysInterleave]
    Task<Result<WalletView>> OpenAsync(
        UserId owner, OpeningOrigin? origin = null, CancellationToken cancellationToken = default);

    /// <summary>The wallet's present state.</summary>
    [Alias("Get")]
    [ReadOnly]
    Task<Result<WalletView>> GetAsync(UserId caller);

    /// <summary>The wallet's present state with its payments, for a client that has just connected.</summary>
    [Alias("GetSnapshot")]
    [ReadOnly]
    Task<Result<WalletSnapshot>> GetSnapshotAsync(UserId caller);

    /// <summary>
    /// The address to which this wallet is paid; not a secret, so any caller may ask. 404 where there is no wallet, and
    /// <c>contact_unconfirmed</c> before it is opened.
    /// </summary>
    [Alias("GetAddress")]
    [ReadOnly]
    Task<Result<string>> GetAddressAsync();

    /// <summary>What the wallet may move, and how much of it is used.</summary>
    [Alias("GetLimits")]
    [ReadOnly]
    Task<Result<WalletLimits>> GetLimitsAsync(UserId caller);

    /// <summary>
    /// Has the network's friendbot pay test XLM into the account. Refused with <c>friendbot_unavailable</c> on the
    /// public network.
    /// </summary>
    [Alias("FundFromFriendbot")]
    [AlwaysInterleave]
    Task<Result<WalletView>> FundFromFriendbotAsync(UserId caller, CancellationToken cancellationToken = default);

    /// <summary>Checks a payment against every rule, reserves its amount and its limits, and names its terms.</summary>
    [Alias("Quote")]
    [AlwaysInterleave]
    Task<Result<PaymentView>> QuoteAsync(
        UserId caller, QuoteRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Confirms a quoted payment: it is signed, stored, and then submitted until the ledger decides. The same
    /// idempotency key again returns the same payment. Refused with <c>step_up_required</c> where the proof is not enough for it.
    /// </summary>
    [Alias("Confirm")]
    [AlwaysInterleave]
    Task<Result<PaymentView>> ConfirmAsync(
        UserId caller, PaymentId payment, string? idempotencyKey, PayerProof proof = PayerProof.Session,
        CancellationToken cancellationToken = default);

    /// <summary>Cancels a payment that has not been signed and releases what it reserved.</summary>
    [Alias("Cancel")]
    Task<Result<PaymentView>> CancelAsync(UserId caller, PaymentId payment);

    /// <summary>
    /// Cancels a quote that nobody has confirmed, and releases what it reserved; <c>payment_not_cancellable</c> for one that was confirmed,
    /// signed or not.
    /// </summary>
    [Alias("CancelQuote")]
    Task<Result<PaymentView>> CancelQuoteAsync(UserId caller, PaymentId payment);

    /// <summary>
    /// Takes back the claimable balance of a payment, once its date has come and its recipient has not claimed it. A repeat
    /// while that is under way does no harm.
    /// </summary>
    [Alias("Reclaim")]
    [AlwaysInterleave]
    Task<Result<PaymentView>> ReclaimAsync(UserId caller, PaymentId payment, CancellationToken cancellationToken = default);

    /// <summary>A payment of this wallet, however old: the wallet keeps the most recent, the events all of them.</summary>
    [Alias("GetPayment")]
    [ReadOnly]
    Task<Result<PaymentView>> GetPaymentAsync(UserId caller, PaymentId payment);

    /// <summary>What happened to a payment of this wallet, and what the network says of one that is under way.</summary>
    [Alias("GetTrace")]
    [AlwaysInterleave]
    Task<Result<PaymentTrace>> GetTraceAsync(UserId caller, PaymentId payment);
}
