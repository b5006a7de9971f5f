namespace StellarPay.Grains.Network.Halts;

/// <summary>Where it is stored, for the whole cluster, that everything that pays has been stopped.</summary>
public interface INetworkHalts
{
    /// <summary>The halt in force, or null where there is none.</summary>
    Task<NetworkHalt?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Stops everything that pays; a halt in force stays as it is. Whether this is a new one.</summary>
    Task<bool> HaltAsync(NetworkHalt halt, CancellationToken cancellationToken);

    /// <summary>Ends the halt in force. False where there is none.</summary>
    /// <param name="operatorId">Who decided it.</param>
    /// <param name="at">When, by the system's clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<bool> ResumeAsync(string operatorId, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A halt.</summary>
/// <param name="Code">Why, for programs: <c>network_reset</c>.</param>
/// <param name="Reason">Why, for people: what was expected and what was found.</param>
/// <param name="Since">Since when, by the system's clock.</param>
public sealed record NetworkHalt(string Code, string Reason, DateTimeOffset Since);
