using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>An owner of addresses, as operators see to what it could not take in.</summary>
[Alias("sp.IParkedRowsOwner"), ForOperators]
public interface IParkedRowsOwner : IGrainWithStringKey
{
    /// <summary>Takes in what was parked at a place of the ledger, once, however often this is asked.</summary>
    /// <param name="token">The operation's place (SEP-35); all that is parked of it is tried.</param>
    /// <param name="operatorId">Who asks.</param>
    /// <returns>How many rows were taken in now; or <c>parked_operation_refused</c>, <c>parked_operation_unreadable</c>.</returns>
    [Alias("RetryParked")]
    Task<Result<int>> RetryParkedAsync(long token, UserId operatorId);

    /// <summary>Gives up what was parked at a place of the ledger: it is never taken in.</summary>
    /// <param name="token">The operation's place (SEP-35).</param>
    /// <param name="operatorId">Who decided it.</param>
    /// <returns>How many rows were closed now.</returns>
    [Alias("CloseParked")]
    Task<Result<int>> CloseParkedAsync(long token, UserId operatorId);
}
