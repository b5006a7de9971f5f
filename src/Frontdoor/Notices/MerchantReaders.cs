using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Notices;

/// <summary>A customer of a business, who is told of an event.</summary>
/// <param name="Happened">What.</param>
/// <param name="Merchant">Whose customer.</param>
/// <param name="Email">The address that the business gave for him.</param>
internal sealed record ToldCustomer(FeedEvent Happened, MerchantId Merchant, string Email);

/// <summary>
/// Who is told of what happened at a business, and not to a user: those of its people who may see to its money, and the customer whose
/// money it is, where the business gave an address of his with the session.
/// </summary>
internal sealed partial class MerchantReaders(NpgsqlDataSource database, SaleDetailsSeal seal, ILogger<MerchantReaders> logger)
{
    // How events carry what a merchant says of a sale.
    private const string Sealed = "details";

    private static readonly HashSet<string> Types =
        new([EventTypes.RefundAddressSet, EventTypes.RefundAddressWithdrawn], StringComparer.Ordinal);

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

    /// <summary>The customers of businesses who are told of some of the events.</summary>
    public async Task<IReadOnlyList<ToldCustomer>> CustomersAsync(FeedEvent[] events, CancellationToken cancellationToken)
    {
        var told = new List<ToldCustomer>();
        foreach (var happened in events.Where(IsOfMerchant))
        {
            var merchant = MerchantId.Parse(happened.Owner);
            if (await FindAsync(merchant, happened, cancellationToken) is { } email)
            {
                told.Add(new ToldCustomer(happened, merchant, email));
            }
        }

        return told;
    }

    // One that nobody can read keeps nobody else from being told.
    private async Task<string?> FindAsync(MerchantId merchant, FeedEvent happened, CancellationToken cancellationToken)
    {
        if (happened.Data.ValueKind != JsonValueKind.Object || !happened.Data.TryGetProperty(Sealed, out var details)
            || details.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return (await seal.OpenAsync(merchant, [details.GetString()], cancellationToken))[0].CustomerEmail;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            LogUnreadable(logger, e, happened.Subject);
            return null;
        }
    }

    private static bool IsOfMerchant(FeedEvent happened) => Types.Contains(happened.Type) && MerchantId.TryParse(happened.Owner, out _);

    [LoggerMessage(EventId = 3290, Level = LogLevel.Error, Message = "The customer of {Session} was not told of his money: what its merchant said of him cannot be read.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string session);
}
