using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>What users and administrators ask of a wallet: parts without state, the same for all wallets.</summary>
internal sealed record WalletParts(
    WalletQuotes Quotes, WalletConfirmations Confirmations, WalletReclaims Reclaims, WalletTraces Traces, WalletControl Control,
    WalletLimitRules Limits, WalletClosings Closings, ClosingSweeps Sweeps, WalletInvitations Invitations);

/// <summary>What the parts of a wallet need that belong to one activation.</summary>
internal sealed record WalletEngines(
    AccountServices Account, OpeningServices Opening, WalletCompliance Compliance, WalletLedger Ledger, WalletStore Store,
    UserBudgets Budgets, WalletSettings Settings);

/// <summary>What a wallet hears of the ledger and asks it.</summary>
internal sealed record WalletLedger(
    ILedgerInbox Inbox, INetworkFeed Feed, INetworkGateway Gateway, INetworkQuestions Questions, NetworkClock Clock,
    DrainPlaces Places);

/// <summary>What a wallet keeps besides its state.</summary>
internal sealed record WalletStore(
    IIdempotencyIndex Keys, IPaymentArchive Archive, SeedCipher Cipher, IPayeeAccounts Payees, IInvitationRefusals Invited);

/// <summary>What is set for all wallets, and their clocks.</summary>
internal sealed class WalletSettings(
    IOptions<NetworkOptions> network, IOptions<WalletOptions> wallets, TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>The assets that wallets hold besides XLM.</summary>
    public IReadOnlyList<string> Assets { get; } = network.Value.Assets;

    /// <summary>Whether the network has a friendbot.</summary>
    public bool Friendbot { get; } = network.Value.Friendbot;

    /// <summary>Which claimable balances a wallet claims by itself.</summary>
    public ClaimRules Claims { get; } = ClaimRules.Of(network.Value.Assets, wallets.Value.MinimumClaim);

    /// <summary>After how long a wake-up resumes what is under way, if nobody sees to it.</summary>
    public TimeSpan ResumeAfter { get; } = TimeSpan.FromSeconds(wallets.Value.ResumeSeconds);

    /// <summary>How long a payment waits for its recipient's account.</summary>
    public TimeSpan OpeningWait { get; } = TimeSpan.FromHours(wallets.Value.OpeningWaitHours);

    /// <summary>The runtime's clock, for back-off.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The clock of quotes, limits and events.</summary>
    public TimeProvider Business { get; } = business;
}
