namespace StellarPay.Grains.Network;

/// <summary>
/// The cluster's one reader of the network's payments. It hands each operation to the wallets that it touches, and
/// moves its stored cursor only after they have it. The key is <see cref="Key"/>.
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
}

/// <summary>How far the follower has read.</summary>
/// <param name="Cursor">The paging token of the last operation that was handed over.</param>
/// <param name="LastLedger">The ledger of that operation.</param>
/// <param name="Running">Whether it is reading now.</param>
[GenerateSerializer, Immutable, Alias("sp.FollowerStatus")]
public sealed record FollowerStatus(
    [property: Id(0)] long Cursor,
    [property: Id(1)] long LastLedger,
    [property: Id(2)] bool Running);
