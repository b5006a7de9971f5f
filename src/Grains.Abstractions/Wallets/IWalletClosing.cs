using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>The end of a wallet's account, and its return. The same grain as <see cref="IWalletGrain"/>.</summary>
[Alias("sp.IWalletClosing"), ForUsers]
public interface IWalletClosing : IGrainWithStringKey
{
    /// <summary>
    /// Pays out what the wallet holds, and then gives its account up: trustlines are removed and the account is merged, so that the
    /// platform has its reserves back. Stored before anything is paid, and goes on whatever crashes. While that is under way, and after
    /// it, the same key does nothing more.
    /// </summary>
    [Alias("Close"), AlwaysInterleave]
    Task<Result<WalletView>> CloseAsync(UserId caller, CloseRequest request, CancellationToken cancellationToken = default);

    /// <summary>Has the account of a closed wallet opened again, under the same address. A repeat returns the wallet.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="origin">Whence he asks, as budgets count it; null where nobody knows.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    [Alias("Reopen"), AlwaysInterleave]
    Task<Result<WalletView>> ReopenAsync(UserId caller, OpeningOrigin? origin = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives up for good a wallet that is closed, or was never open, because its owner is to be erased: nobody opens it again. A repeat
    /// does nothing more.
    /// </summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="proof">What stands for it that the owner asks.</param>
    [Alias("Retire"), AlwaysInterleave]
    Task<Result<bool>> RetireAsync(UserId caller, PayerProof proof);
}

/// <summary>Where what a wallet holds goes when it is closed.</summary>
/// <param name="Destination">The account, <c>G…</c> or <c>M…</c>; it must be there, and take all that the wallet holds.</param>
/// <param name="Recipient">How the user named it.</param>
/// <param name="Memo">The memo of all that is paid, or null.</param>
/// <param name="IdempotencyKey">A key of the caller's own.</param>
/// <param name="Facts">What is known of the recipient; null for nothing.</param>
/// <param name="Proof">What stands for it that the owner asks; no part of what a key stands for.</param>
[GenerateSerializer, Immutable, Alias("sp.CloseRequest")]
public sealed record CloseRequest(
    [property: Id(0)] string Destination,
    [property: Id(1)] string Recipient,
    [property: Id(2)] string? Memo = null,
    [property: Id(3)] string? IdempotencyKey = null,
    [property: Id(4)] RecipientFacts? Facts = null,
    [property: Id(5)] PayerProof Proof = PayerProof.Session);
