namespace StellarPay.Grains.Platform;

/// <summary>The stored platform accounts, as an operator reaches them beside the grains.</summary>
public interface IPlatformAccounts
{
    /// <summary>Those that have a key.</summary>
    Task<IReadOnlyList<PlatformAccount>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores the first state of an account; false, and nothing changed, if it has one already.</summary>
    Task<bool> TryAddAsync(PlatformSeed seed, CancellationToken cancellationToken);
}

/// <summary>A platform account that has a key.</summary>
/// <param name="Name">The key of its grain, such as <c>plt_sponsor_00</c>.</param>
/// <param name="Address">Its address on the network.</param>
/// <param name="KeyId">The key-encryption key that wraps its seed's data key.</param>
public sealed record PlatformAccount(string Name, string Address, string KeyId);

/// <summary>The first state of a platform account: its encrypted seed, and nothing else.</summary>
/// <param name="StateName">The state's name.</param>
/// <param name="Name">The key of its grain.</param>
/// <param name="Address">Its address on the network.</param>
/// <param name="State">What is stored.</param>
public sealed record PlatformSeed(string StateName, string Name, string Address, object State);
