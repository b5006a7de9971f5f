using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>
/// The cluster's one reader of the network. It hands each operation to the wallets that it concerns, and moves its
/// stored watermark only after they have whole ledgers. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.IFollowerGrain")]
public interface IFollowerGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    const string Key = "net_follower";

    /// <summary>Starts the reminder that keeps it alive, and the reading. A repeat does no harm.</summary>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>How far it has read.</summary>
    [Alias("GetStatus")]
    Task<FollowerStatus> GetStatusAsync();

    /// <summary>
    /// Gives a parked operation to its wallets again; each takes it once, however often this is asked. Of a wallet that
    /// could not go on, all that waits for it is given to it in order.
    /// </summary>
    /// <param name="pagingToken">The operation's place in the ledger's order (SEP-35).</param>
    /// <param name="operatorId">Who asks.</param>
    /// <returns>
    /// How many were taken now; or <c>parked_operation_not_found</c>, <c>parked_operation_refused</c>,
    /// <c>parked_operation_unreadable</c>, <c>parked_operation_unroutable</c>, <c>try_again</c>.
    /// </returns>
    [Alias("RetryParked")]
    Task<Result<int>> RetryParkedAsync(long pagingToken, UserId operatorId);
}

/// <summary>How far the follower has read.</summary>
/// <param name="Cursor">The last paging token that all wallets have.</param>
/// <param name="LastLedger">The last ledger of which all wallets have everything.</param>
/// <param name="Running">Whether it is reading now.</param>
/// <param name="LatestLedger">The latest ledger that the network has shown; 0 where it has not answered yet.</param>
/// <param name="LagLedgers">How many ledgers it has not taken yet.</param>
/// <param name="LagSeconds">How many seconds of the network's clock lie between the two.</param>
/// <param name="Parked">How many operations wait for an operator.</param>
/// <param name="HaltReason">Why everything that pays is stopped; null where it is not.</param>
[GenerateSerializer, Immutable, Alias("sp.FollowerStatus")]
public sealed record FollowerStatus(
    [property: Id(0)] long Cursor,
    [property: Id(1)] long LastLedger,
    [property: Id(2)] bool Running,
    [property: Id(3)] long LatestLedger = 0,
    [property: Id(4)] long LagLedgers = 0,
    [property: Id(5)] long LagSeconds = 0,
    [property: Id(6)] int Parked = 0,
    [property: Id(7)] string? HaltReason = null);
