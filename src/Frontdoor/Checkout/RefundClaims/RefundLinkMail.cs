using Npgsql;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.Notices;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>
/// Mails the link by which what is held for a session's payers is claimed: to the address that its merchant gave for the customer, and to
/// the users of ours who paid. So who asks for it is told nothing, and who gets it has paid, as far as anybody can say. Within a budget of
/// its own, sent behind codes, without a word of the merchant's.
/// </summary>
internal sealed partial class RefundLinkMail(
    MessageTransports transports, MessageBudget budget, MessageSeal seal, MessageBell bell, CheckoutLinks links, MerchantReaders readers,
    PayerReach payers, NpgsqlDataSource database, TimeProvider system, ILogger<RefundLinkMail> logger)
{
    // Of those who paid from wallets here; more did not pay one price. So many accounts are looked up for that, by how much they may claim.
    private const int MostPayers = 3;
    private const int MostAccounts = 20;

    private static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    /// <summary>Mails it to whom it can.</summary>
    public async Task SendAsync(ClaimedSale found, CancellationToken cancellationToken)
    {
        var session = found.Session;
        RefundClaim[] claims = [.. found.Claims.Where(claim => claim.To is not null).OrderByDescending(claim => claim.Weight)];
        if (claims.Length == 0 || !transports.Offers(MessageChannel.Email) || links.RefundUrlOf(session.Id) is not { } url)
        {
            return;
        }

        var email = await readers.EmailOfCustomerAsync(session.Merchant, session.Details, session.Id.Value, cancellationToken);
        if (email is not null)
        {
            await SendAsync(found, AskOf(found, email), url, cancellationToken);
        }

        foreach (var (payer, urls) in await FindPayersAsync(session, claims, email, cancellationToken))
        {
            await SendAsync(found, AskOf(found, payer.To) with { User = payer.User }, string.Join('\n', urls), cancellationToken);
        }
    }

    // Each has the links to what his own wallets paid alone: who paid a little is not to have what others paid.
    private async Task<IEnumerable<(PayerContact Payer, List<string> Urls)>> FindPayersAsync(
        PaymentSessionView session, RefundClaim[] claims, string? email, CancellationToken cancellationToken)
    {
        var found = new Dictionary<UserId, (PayerContact Payer, List<string> Urls)>();
        var paid = claims.Select(claim => claim.Payment.From).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var from in paid.Take(MostAccounts))
        {
            if (found.Count == MostPayers)
            {
                break;
            }

            if (await payers.FindAsync(from, email, cancellationToken) is { Channel: MessageChannel.Email } payer)
            {
                found.TryAdd(payer.User, (payer, []));
                found[payer.User].Urls.Add(links.RefundUrlOf(session.Id, from)!);
            }
        }

        return found.Values;
    }

    private static MessageAsk AskOf(ClaimedSale found, string to) => new(
        MessageUse.RefundLink, MessageChannel.Email, to, Merchant: found.Session.Merchant, Session: found.Session.Id.Value);

    private async Task SendAsync(ClaimedSale found, MessageAsk ask, string url, CancellationToken cancellationToken)
    {
        if (await budget.TakeAsync(ask, cancellationToken) is not { } share)
        {
            MessageTelemetry.Ended(ask.Channel, "over_budget");
            LogOverBudget(logger, found.Session.Id.Value);
            return;
        }

        var isLive = found.Sale.Session.Livemode;
        var message = new Message(
            MessageOutbox.NewId(system), ask.Channel, ask.To, $"{(isLive ? "" : "[Test] ")}Something that you paid can be sent back",
            $"""
            {(isLive ? "" : "This is a test: no real money is moved.\n\n")}Something that was paid to a business ({found.Session.Id.Value}) did not pay for anything, and is kept for who paid it.

            See what it is, and have it sent back, here:
            {url}

            Whoever has this link can have it sent back to the account that paid, and nowhere else.
            If you paid from an exchange, do not have it sent there, where it would be lost: ask the business first.
            If you paid nothing, please ignore this e-mail.
            """,
            Code: null);
        try
        {
            await WriteAsync(message, cancellationToken);
        }
        catch
        {
            await budget.ReturnAsync(share, CancellationToken.None);
            throw;
        }

        bell.Ring(ask.Channel);
    }

    private async Task WriteAsync(Message message, CancellationToken cancellationToken)
    {
        var now = system.GetUtcNow();
        await using var command = database.CreateCommand(
            "INSERT INTO identity.messages (id, channel, bulk, sealed, due_at, expires_at) VALUES ($1, $2, true, $3, $4, $5)");
        command.Parameters.AddWithValue(message.Id);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(message.Channel));
        command.Parameters.AddWithValue(seal.Seal(message));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + Lasts);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 3320, Level = LogLevel.Information, Message = "The link to what is held for the payers of {Session} was not mailed: the day's budget of that is used up.")]
    private static partial void LogOverBudget(ILogger logger, string session);
}
