using System.Reflection;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.Contracts;

/// <summary>
/// Who may ask the network ahead of users' questions: only what pays, opens, follows or keeps the platform going. What a request can have
/// asked as often as it likes asks <see cref="INetworkQuestions"/>, which yields, and has a <see cref="QuestionBudget"/>.
/// </summary>
public sealed class GatewayTests
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> Payers =
    [
        // They ask for the latest ledger once a second for all, submit, and look for what they submitted.
        "NetworkClock", "SubmissionDriver", "SigningFactsReader",
        // Bundles of what the account engines of wallets, merchants and the platform are made of.
        "OpeningServices", "WalletLedger", "SponsorServices", "TreasuryServices", "SuspenseServices", "NotaryServices", "PlatformFunding",
        // A wallet's account is looked at before it is merged, once a try, of which there are five; friendbot has budgets.
        "ClosingWork", "FriendbotFunding",
    ];

    [Fact]
    public void Only_what_pays_asks_the_network_ahead_of_others()
    {
        var holders = Assembly.Load("StellarPay.Grains").GetTypes()
            .Where(type => !type.IsInterface && Holds(type)).Select(type => Outermost(type).Name).Distinct().Order(StringComparer.Ordinal);

        holders.ShouldBe(Payers.Order(StringComparer.Ordinal));
    }

    private static bool Holds(Type type) =>
        type.GetFields(All).Any(field => field.FieldType == typeof(INetworkGateway))
        || type.GetMethods(All)
            .Where(method => !method.IsSpecialName)
            .Any(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(INetworkGateway)));

    // What the compiler makes of an async method is a type inside.
    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
