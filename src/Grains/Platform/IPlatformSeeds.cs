namespace StellarPay.Grains.Platform;

/// <summary>Makes and takes in the seeds of platform accounts, encrypted as any other; for an operator's command.</summary>
public interface IPlatformSeeds
{
    /// <summary>
    /// The account that a name stands for (<c>sponsor_00</c>, <c>plt_sponsor_00</c>, <c>fees_03</c>, <c>treasury</c>), or null.
    /// </summary>
    string? Find(string name);

    /// <summary>Makes a new seed for an account.</summary>
    /// <param name="account">What <see cref="Find"/> gave.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="Keys.KeyEncryptionUnavailableException">The keeper cannot be used now; nothing was changed.</exception>
    Task<PlatformSeed> GenerateAsync(string account, CancellationToken cancellationToken);

    /// <summary>Encrypts a seed that an operator brings.</summary>
    /// <param name="account">What <see cref="Find"/> gave.</param>
    /// <param name="seed">The seed in StrKey form ("S…") as ASCII; the caller's to wipe.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="FormatException">That is no seed; the message does not repeat it.</exception>
    /// <exception cref="Keys.KeyEncryptionUnavailableException">The keeper cannot be used now; nothing was changed.</exception>
    Task<PlatformSeed> ImportAsync(string account, ReadOnlyMemory<byte> seed, CancellationToken cancellationToken);
}
