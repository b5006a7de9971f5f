using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Chooses which fee account pays: a wallet's own, and while the network finds that one without XLM the next one that has
/// some. An account without XLM is the platform's own fault: no payment fails for it. And signs for it: in this silo, so that
/// no one fee account is anybody's bottleneck. For one silo, and in memory: what it knows is a minute old at most, and another
/// silo finds it out by itself.
/// </summary>
internal sealed partial class FeePayers(
    FeePayerKeys keys, FeeBumpSigner signer, PlatformFunding funding, IOptions<PlatformOptions> platform, TimeProvider time,
    ILogger<FeePayers> logger)
{
    // So long an account that was found to have XLM is not asked about again, however often users would have it carry a reserve.
    private static readonly TimeSpan FoundFundedFor = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _empty = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _funded = new(StringComparer.Ordinal);

    /// <summary>After how long an account that was found empty is asked again.</summary>
    public TimeSpan AskAgain { get; } = TimeSpan.FromSeconds(platform.Value.EmptyFeeAccountSeconds);

    /// <summary>What signing answers while no fee account has XLM.</summary>
    public static Error NoneHasXlm { get; } = new(ErrorKind.Unavailable, "fees_unavailable",
        "The platform cannot pay the network's fees at the moment. Nothing was changed. Please try again.");

    /// <summary>
    /// After how long to try again what an error held up; null for the usual. While nobody can pay fees all wait, and asking
    /// again at once would ask for all of them.
    /// </summary>
    public TimeSpan? PauseAfter(Error error) => error == NoneHasXlm ? AskAgain : null;

    /// <summary>
    /// Chooses the fee account that pays for an owner, and brings what its signing needs into this silo. Never in a turn.
    /// </summary>
    /// <param name="owner">The owner's key.</param>
    /// <param name="sponsors">Whether it is to carry a reserve too, and so has to have XLM for it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The account's key and address; <see cref="NoneHasXlm"/> while none is known to have XLM enough.</returns>
    /// <exception cref="Keys.KeyEncryptionUnavailableException">The keeper of keys cannot be used now.</exception>
    public async Task<Result<(string Account, string Address)>> PrepareAsync(
        string owner, bool sponsors, CancellationToken cancellationToken)
    {
        for (var passedOver = 0; passedOver < platform.Value.FeeAccounts; passedOver++)
        {
            var account = PlatformKeys.FeeAccountOf(owner, platform.Value, passedOver);
            if (IsEmpty(account))
            {
                continue;
            }

            var key = await keys.PrepareAsync(account, cancellationToken);
            if (!sponsors || (_funded.TryGetValue(account, out var since) && time.GetElapsedTime(since) < FoundFundedFor))
            {
                return (account, key.PublicKey);
            }

            var at = time.GetTimestamp();

            var ensured = await funding.EnsureAsync(account, key.PublicKey, cancellationToken);
            if (ensured.IsSuccess)
            {
                _funded[account] = at;
                return (account, key.PublicKey);
            }

            if (ensured.Error.Code != PlatformFunding.UnfundedCode)
            {
                return ensured.Error;
            }
        }

        return NoneHasXlm;
    }

    /// <summary>Has an account pay for a signed transaction, whose key <see cref="PrepareAsync"/> has brought.</summary>
    /// <inheritdoc cref="FeeBumpSigner.SignAsync" />
    public async Task<Result<FeeBumped>> FeeBumpAsync(
        string account, UnpaidTransaction inner, long maxFeeStroops, string? innerSigner, CancellationToken cancellationToken)
    {
        var key = keys.Find(account) ?? await keys.PrepareAsync(account, cancellationToken);
        return await signer.SignAsync(account, key, inner, maxFeeStroops, innerSigner, cancellationToken);
    }

    /// <summary>The network refused to let an account pay: it has too little XLM.</summary>
    public void NoteEmpty(string account)
    {
        _empty[account] = time.GetUtcNow() + AskAgain;
        _funded.TryRemove(account, out _);
        LogEmpty(account);
        if (platform.Value.FeeAccountKeys().All(IsEmpty))
        {
            LogNoneLeft();
        }
    }

    private bool IsEmpty(string account) => _empty.TryGetValue(account, out var until) && until > time.GetUtcNow();

    [LoggerMessage(1220, LogLevel.Error, "Fee account {Account} has too little XLM to pay; others pay for its wallets.")]
    private partial void LogEmpty(string account);

    [LoggerMessage(1221, LogLevel.Critical, "No fee account has XLM: what is to be paid waits. Send them XLM.")]
    private partial void LogNoneLeft();
}
