using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// Who is told of what happened at a business, and not to a user: those of its people who may see to its money, and the customer whose
/// money it is: at the address that the business gave with the session, and as the user of ours who paid.
/// </summary>
internal sealed partial class MerchantReaders(
    NpgsqlDataSource database, SaleDetailsSeal seal, ILogger<MerchantReaders> logger)
{
    // How events carry what a merchant says of a sale.
    private const string Sealed = "details";

    private static readonly HashSet<string> Types =
        new([EventTypes.RefundAddressSet, EventTypes.RefundAddressLapsed, EventTypes.RefundAddressWithdrawn], StringComparer.Ordinal);

    // Who may decide it: those are told, whoever did.
    private static readonly string[] Roles = MerchantRoles.With(MerchantPermissions.RefundsWrite);

    /// <summary>The events, those of businesses for each of their people who is told.</summary>
    public async Task<FeedEvent[]> ToPeopleAsync(FeedEvent[] events, CancellationToken cancellationToken)
    {
        string[] merchants = [.. events.Where(IsOfMerchant).Select(happened => happened.Owner!).Distinct(StringComparer.Ordinal)];
        if (merchants.Length == 0)
        {
            return events;
        }

        var people = new List<(string Merchant, string User)>();
        await using var command = database.CreateCommand(
            "SELECT p.merchant_id, p.user_id FROM merchants.people p WHERE p.merchant_id = ANY ($1) AND p.role = ANY ($2) ORDER BY p.user_id");
        command.Parameters.AddWithValue(merchants);
        command.Parameters.AddWithValue(Roles);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            people.Add((reader.GetString(0), reader.GetString(1)));
        }

        return
        [
            .. events.SelectMany(happened => IsOfMerchant(happened)
                ? people.Where(one => one.Merchant == happened.Owner).Select(one => happened with { Owner = one.User })
                : [happened]),
        ];
    }

    /// <summary>Whether it is a business's, and told to people.</summary>
    public static bool IsOfMerchant(FeedEvent happened) => Types.Contains(happened.Type) && MerchantId.TryParse(happened.Owner, out _);

    /// <summary>The account that paid what an event speaks of; null where it names none.</summary>
    public static string? PayerOf(FeedEvent happened) =>
        happened.Data.ValueKind == JsonValueKind.Object && happened.Data.TryGetProperty("payment", out var payment)
        && payment.ValueKind == JsonValueKind.Object && payment.TryGetProperty("from", out var from)
        && from.ValueKind == JsonValueKind.String
            ? from.GetString()
            : null;

    /// <summary>The address that a business gave for the customer of whose money an event speaks, or null.</summary>
    public async Task<string?> EmailOfCustomerAsync(FeedEvent happened, CancellationToken cancellationToken)
    {
        if (happened.Data.ValueKind != JsonValueKind.Object || !happened.Data.TryGetProperty(Sealed, out var details)
            || details.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return await EmailOfCustomerAsync(MerchantId.Parse(happened.Owner), details.GetString(), happened.Subject, cancellationToken);
    }

    /// <summary>The same of what a business said of a sale.</summary>
    public async Task<string?> EmailOfCustomerAsync(
        MerchantId merchant, string? details, string session, CancellationToken cancellationToken)
    {
        // One that nobody can read keeps nobody else from being told.
        try
        {
            return (await seal.OpenAsync(merchant, [details], cancellationToken))[0].CustomerEmail;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            LogUnreadable(logger, e, session);
            return null;
        }
    }

    [LoggerMessage(EventId = 3290, Level = LogLevel.Error, Message = "The customer of {Session} was not told of his money: what its merchant said of him cannot be read.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string session);
}
