using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Chooses which fee account pays: a wallet's own, and while the network finds that one without XLM the next one that has
/// some. An account without XLM is the platform's own fault: no payment fails for it. For one silo, and in memory: what it
/// knows is a minute old at most, and another silo finds it out by itself.
/// </summary>
internal sealed partial class FeePayers(IOptions<PlatformOptions> platform, TimeProvider time, ILogger<FeePayers> logger)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _empty = new(StringComparer.Ordinal);

    /// <summary>After how long an account that was found empty is asked again.</summary>
    public TimeSpan AskAgain { get; } = TimeSpan.FromSeconds(platform.Value.EmptyFeeAccountSeconds);

    /// <summary>What signing answers while no fee account has XLM.</summary>
    public static Error NoneHasXlm { get; } = new(ErrorKind.Unavailable, "fees_unavailable",
        "The platform cannot pay the network's fees at the moment. Nothing was changed. Please try again.");

    /// <summary>The fee account that pays for a wallet; null while none is known to have XLM.</summary>
    public string? For(string walletKey)
    {
        for (var passedOver = 0; passedOver < platform.Value.FeeAccounts; passedOver++)
        {
            var account = PlatformKeys.FeeAccountOf(walletKey, platform.Value, passedOver);
            if (!IsEmpty(account))
            {
                return account;
            }
        }

        return null;
    }

    /// <summary>The network refused to let an account pay: it has too little XLM.</summary>
    public void NoteEmpty(string account)
    {
        _empty[account] = time.GetUtcNow() + AskAgain;
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
