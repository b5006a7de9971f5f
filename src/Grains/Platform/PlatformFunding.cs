using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Platform;

/// <summary>Sees to it that the platform's accounts exist and can pay: by friendbot, or by asking an operator.</summary>
internal sealed partial class PlatformFunding(
    INetworkGateway gateway,
    IOptions<NetworkOptions> network,
    IOptions<PlatformOptions> platform,
    TimeProvider time,
    ILogger<PlatformFunding> logger)
{
    /// <summary>The error code of an account that has too little XLM.</summary>
    public const string UnfundedCode = "platform_account_unfunded";

    private const int MostAccounts = 1_000;

    // An account that an operator is to fund is asked for again and again meanwhile, by each who would open a wallet. The second
    // look is for an operator who has just sent XLM.
    private const int MostLooks = 2;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, SeenLow> _seenLow = new(StringComparer.Ordinal);
    private readonly long _lowStroops = platform.Value.LowBalanceXlm * Amount.StroopsPerUnit;

    /// <summary>Has an account funded where that is needed and possible; its address, or what is to be done.</summary>
    public async Task<Result<string>> EnsureAsync(string name, string address, CancellationToken cancellationToken)
    {
        var seen = _seenLow.GetValueOrDefault(address);
        if (seen is { Looks: >= MostLooks } && time.GetElapsedTime(seen.At) < LookAgainAfter)
        {
            return Unfunded(name, address);
        }

        try
        {
            var account = await gateway.GetAccountAsync(address, cancellationToken);
            PlatformTelemetry.Saw(name, account);
            if (!IsLow(account))
            {
                return address;
            }

            if (!network.Value.Friendbot)
            {
                Remember(address, seen);
                LogUnfunded(name, address);
                return Unfunded(name, address);
            }

            var funded = await gateway.FundAsync(address, cancellationToken);
            if (funded.IsSuccess)
            {
                PlatformTelemetry.Changed(name);
                LogFunded(name, address);
                return address;
            }

            // Friendbot refuses an account that it has funded before, or is funding for somebody who asked at the same
            // moment: what is there serves.
            return account is not null || await gateway.GetAccountAsync(address, cancellationToken) is not null
                ? address
                : funded.Error;
        }
        catch (NetworkUnavailableException)
        {
            return NetworkUnavailable;
        }
    }

    // The platform's accounts are few; whatever is more than these is forgotten, and asked for once more.
    private void Remember(string address, SeenLow? before)
    {
        if (_seenLow.Count >= MostAccounts)
        {
            _seenLow.Clear();
        }

        _seenLow[address] = before is not null && time.GetElapsedTime(before.At) < LookAgainAfter
            ? before with { Looks = before.Looks + 1 }
            : new SeenLow(time.GetTimestamp(), Looks: 1);
    }

    public static Error Unfunded(string name, string address) => new(ErrorKind.Unavailable, UnfundedCode,
        $"The platform account {name} has too little XLM. Send XLM to {address}.");

    /// <summary>Whether an account is missing or will soon be unable to pay.</summary>
    public bool IsLow(NetworkAccount? account) => account is null || account.AvailableStroops < _lowStroops;

    public static Error NetworkUnavailable { get; } = new(
        ErrorKind.Unavailable, "network_unavailable", "The Stellar network does not answer at the moment. Please try again.");

    [LoggerMessage(1201, LogLevel.Information, "Platform account {Name} ({Address}) was funded by friendbot.")]
    private partial void LogFunded(string name, string address);

    [LoggerMessage(1202, LogLevel.Warning, "Platform account {Name} has too little XLM: send XLM to {Address}.")]
    private partial void LogUnfunded(string name, string address);

    /// <summary>An account that has too little XLM: since when that was looked at, and how often.</summary>
    private sealed record SeenLow(long At, int Looks);
}
