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
    ILogger<PlatformFunding> logger)
{
    /// <summary>The error code of an account that has too little XLM.</summary>
    public const string UnfundedCode = "platform_account_unfunded";

    private readonly long _lowStroops = platform.Value.LowBalanceXlm * Amount.StroopsPerUnit;

    /// <summary>Has an account funded where that is needed and possible; its address, or what is to be done.</summary>
    public async Task<Result<string>> EnsureAsync(string name, string address, CancellationToken cancellationToken)
    {
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
}
