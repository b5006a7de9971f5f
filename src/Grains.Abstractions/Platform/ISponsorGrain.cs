using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Platform;

/// <summary>
/// A platform account that creates wallets' accounts and carries their reserves (CAP-33), many in one transaction. Each
/// is the source of one transaction at a time; keys are <c>plt_sponsor_00</c> and on, and a wallet picks one by its own
/// id. <see cref="JoinAsync"/> and <see cref="SignAsync"/> wait a while for what comes next, beside other calls.
/// </summary>
[Alias("sp.ISponsorGrain"), GrainsOnly]
public interface ISponsorGrain : IWakeable, IPlatformAccountGrain, IDepositHolder
{
    /// <summary>
    /// Asks that an account be opened, or asks again how that goes. An address that is in a transaction under way is
    /// never put into another one. Fails with <c>platform_account_unfunded</c> where this account cannot carry more
    /// reserves, with <c>opening_budget_used</c> where its share of the day's budget does not suffice (another sponsor's may), and with
    /// <c>sponsor_busy</c> where too many wait.
    /// </summary>
    [Alias("Join"), AlwaysInterleave]
    Task<Result<OpeningStep>> JoinAsync(OpeningRequest request, CancellationToken cancellationToken = default);

    /// <summary>Hands in the new account's signature of the transaction that <see cref="JoinAsync"/> named.</summary>
    /// <param name="address">The new account.</param>
    /// <param name="transactionHash">The transaction's hash in lower-case hex.</param>
    /// <param name="signature">The 64 bytes of its signature.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    [Alias("Sign"), AlwaysInterleave]
    Task<Result<OpeningStep>> SignAsync(
        string address, string transactionHash, byte[] signature, CancellationToken cancellationToken = default);
}

/// <summary>An account that is to be opened.</summary>
/// <param name="Address">The account.</param>
/// <param name="Create">Whether the ledger has no such account yet.</param>
/// <param name="Trustlines">The assets that it is to trust and does not yet, in canonical form.</param>
/// <param name="Alone">Whether it once made a transaction fail that opened others too: it is opened alone since, and after the others.</param>
/// <param name="Origin">Whence its owner comes, as budgets count it; null where nobody knows.</param>
[GenerateSerializer, Immutable, Alias("sp.OpeningRequest")]
public sealed record OpeningRequest(
    [property: Id(0)] string Address,
    [property: Id(1)] bool Create,
    [property: Id(2)] string[] Trustlines,
    [property: Id(3)] bool Alone = false,
    [property: Id(4)] OpeningOrigin? Origin = null);

/// <summary>What a wallet that wants its account opened has to do next.</summary>
[GenerateSerializer, Alias("sp.OpeningMove")]
public enum OpeningMove
{
    /// <summary>Nothing is decided; ask again.</summary>
    Wait,

    /// <summary>Sign the transaction and hand the signature in.</summary>
    Sign,

    /// <summary>A ledger holds the transaction, and it succeeded.</summary>
    Opened,

    /// <summary>Nothing with this account is under way any more: look whether it exists, and if not, ask anew.</summary>
    Again,
}

/// <summary>How the opening of an account stands.</summary>
/// <param name="Move">What to do next.</param>
/// <param name="Envelope">For <see cref="OpeningMove.Sign"/> the transaction, unsigned, in base64 XDR.</param>
/// <param name="TransactionHash">The transaction's hash in lower-case hex, where there is one.</param>
/// <param name="Alone">Whether it was this account that made the transaction fail: the wallet is to remember it, and to say so.</param>
[GenerateSerializer, Immutable, Alias("sp.OpeningStep")]
public sealed record OpeningStep(
    [property: Id(0)] OpeningMove Move,
    [property: Id(1)] string? Envelope = null,
    [property: Id(2)] string? TransactionHash = null,
    [property: Id(3)] bool Alone = false);
