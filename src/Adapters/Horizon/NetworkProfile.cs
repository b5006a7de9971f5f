namespace StellarPay.Adapters.Horizon;

/// <summary>What a process must know of the network that it pays on, settled before anything starts.</summary>
/// <param name="Horizon">Horizon's base address.</param>
/// <param name="Passphrase">The network's passphrase.</param>
/// <param name="Usdc">The canonical form of USDC.</param>
/// <param name="Friendbot">Whether there is a friendbot.</param>
/// <param name="FriendbotAddress">Whose payments friendbot's are, where that is known.</param>
/// <param name="FromBeginning">Whether a first start reads the network from its beginning.</param>
public sealed record NetworkProfile(
    Uri Horizon, string Passphrase, string Usdc, bool Friendbot, bool FromBeginning, string? FriendbotAddress = null);
