using StellarPay.Grains.Access;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>
/// A platform account that pays the fees of users' transactions by fee-bump (CAP-15). It uses no sequence number, so it
/// is no bottleneck; keys are <c>plt_fees_00</c> and on, and a wallet picks one by its own id.
/// </summary>
[Alias("sp.IFeeAccountGrain"), GrainsOnly]
public interface IFeeAccountGrain : IKeyHolder, IDepositHolder
{
    /// <summary>Makes the account's key and, on a test network, has it funded. A repeat does no harm.</summary>
    [Alias("Ensure"), AlsoHosts]
    Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Wraps a signed transaction into a fee-bump that this account pays, and signs it. Where the transaction is nothing but
    /// the creation of a claimable balance with at most two claimants, whose reserve this account is to sponsor (CAP-33), it
    /// signs that too; any other operation of this account is refused.
    /// </summary>
    /// <param name="innerEnvelope">The signed inner transaction in base64 XDR.</param>
    /// <param name="maxFeeStroops">The most that may be paid; refused above the platform's own ceiling.</param>
    /// <param name="signer">The public key that signs for its source; null where that is the source's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The fee-bump envelope in base64 XDR and its hash.</returns>
    [Alias("FeeBump")]
    Task<Result<FeeBumped>> FeeBumpAsync(
        string innerEnvelope, long maxFeeStroops, string? signer = null, CancellationToken cancellationToken = default);
}

/// <summary>A signed fee-bump transaction.</summary>
/// <param name="Envelope">The envelope in base64 XDR.</param>
/// <param name="TransactionHash">The fee-bump's hash in lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("sp.FeeBumped")]
public sealed record FeeBumped([property: Id(0)] string Envelope, [property: Id(1)] string TransactionHash);
