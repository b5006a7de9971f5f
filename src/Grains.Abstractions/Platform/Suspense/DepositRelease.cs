using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>A platform account that may have received what was not meant for it.</summary>
[Alias("sp.IDepositHolder"), GrainsOnly]
public interface IDepositHolder : IGrainWithStringKey
{
    /// <summary>
    /// Signs the one transaction that hands a suspended deposit on: a payment of exactly the deposit from this account,
    /// to a wallet of ours or back to its sender. Refused with <c>release_refused</c> for anything else.
    /// </summary>
    /// <returns>The 64 bytes of the signature.</returns>
    [Alias("SignRelease"), AlwaysInterleave]
    Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default);
}

/// <summary>The transaction that hands a suspended deposit on; every signer builds it for himself.</summary>
/// <param name="DepositId">The deposit, <c>sus_…</c>.</param>
/// <param name="Source">The account whose sequence number it uses and which pays the fee.</param>
/// <param name="SequenceNumber">The sequence number to use.</param>
/// <param name="Destination">Who gets it: a <c>G…</c> or <c>M…</c> address.</param>
/// <param name="ToSender">Whether it goes back to its sender, rather than to a wallet of ours.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
[GenerateSerializer, Immutable, Alias("sp.DepositRelease")]
public sealed record DepositRelease(
    [property: Id(0)] string DepositId,
    [property: Id(1)] string Source,
    [property: Id(2)] long SequenceNumber,
    [property: Id(3)] string Destination,
    [property: Id(4)] bool ToSender,
    [property: Id(5)] DateTimeOffset MaxTime);
