using StellarPay.Grains.Access;

namespace StellarPay.Grains.Network;

/// <summary>
/// The cluster's one reader of the network. It writes what concerns owners of ours into their inboxes, together with its
/// watermark, ledger by ledger, and waits for none of them. The key is <see cref="Key"/>.
/// </summary>
[Alias("sp.IFollowerGrain"), ForOperators]
public interface IFollowerGrain : IGrainWithStringKey
{
    /// <summary>The only key.</summary>
    const string Key = "net_follower";

    /// <summary>How far it has read.</summary>
    [Alias("GetStatus")]
    Task<FollowerStatus> GetStatusAsync();
}

/// <summary>How far the follower has read.</summary>
/// <param name="Cursor">The last paging token that has been delivered.</param>
/// <param name="LastLedger">The last ledger of which everything has been delivered.</param>
/// <param name="Running">Whether it is reading now.</param>
/// <param name="LatestLedger">The latest ledger that the network has shown; 0 where it has not answered yet.</param>
/// <param name="LagLedgers">How many ledgers it has not taken yet.</param>
/// <param name="LagSeconds">How many seconds of the network's clock lie between the two.</param>
/// <param name="Parked">How many rows wait for an operator.</param>
/// <param name="HaltReason">Why everything that pays is stopped; null where it is not.</param>
/// <param name="SetAside">How many rows that owners told each other wait for an operator.</param>
[GenerateSerializer, Immutable, Alias("sp.FollowerStatus")]
public sealed record FollowerStatus(
    [property: Id(0)] long Cursor,
    [property: Id(1)] long LastLedger,
    [property: Id(2)] bool Running,
    [property: Id(3)] long LatestLedger = 0,
    [property: Id(4)] long LagLedgers = 0,
    [property: Id(5)] long LagSeconds = 0,
    [property: Id(6)] int Parked = 0,
    [property: Id(7)] string? HaltReason = null,
    [property: Id(8)] int SetAside = 0);
