using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>What came of asking for a code: one is sent, or why not.</summary>
/// <param name="Code">Until when it holds and when it is sent, or from when on another may be asked for.</param>
/// <param name="IsConfirmed">Whether the address is the merchant's already, and confirmed.</param>
/// <param name="Refused">Why nothing was done; null where that is not so.</param>
internal readonly record struct MerchantCode(CodeAnswer? Code, bool IsConfirmed = false, MerchantOutcome? Refused = null);

/// <summary>
/// Proves by one-time codes that addresses are merchants', as people's are (docs/decisions/0032): the same codes, counts and budgets, each
/// code good for one merchant.
/// </summary>
internal sealed class MerchantEmail(
    OneTimeCodes codes,
    ContactIndex index,
    MerchantSeal seal,
    NpgsqlDataSource database,
    MerchantMode mode,
    IOptions<PostgresOptions> postgres,
    MessageBell bell,
    MessageBudget budget,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time,
    TimeProvider system)
{
    private static readonly string[] Roles = MerchantRoles.With(MerchantPermissions.MerchantWrite);

    /// <summary>Sends a code to an address that is to be a merchant's.</summary>
    public async Task<MerchantCode> SendAsync(
        MerchantId merchant, Contact email, UserId user, string session, ClientAddress asker, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var name = await seal.SealAsync(merchant, email, cancellationToken);
        var key = await index.OfAsync(email, cancellationToken);
        var (_, later, share) = await budget.TakeForCodeAsync(
            new MessageAsk(MessageUse.Code, email.Channel, email.Name, asker), cancellationToken);
        if (share is null)
        {
            return new MerchantCode(new CodeAnswer(null, now + (budget.Tomorrow - system.GetUtcNow())));
        }

        var use = UseOf(merchant);
        var offer = codes.New(CodePurpose.Confirm, email, use, (id, code) => CodeMessages.MerchantCode(id, email, code), share, later);
        await using var command = database.CreateCommand(
            $"SELECT outcome, at FROM merchants.email_code_send($1, $2, $3, $4, $5, $6, $7, {OneTimeCodes.At(8)}, $23, $24, $25, $26)");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(Roles);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(key);
        OneTimeCodes.Add(command, offer);
        command.Parameters.AddWithValue(codes.AccountKeyOf(CodePurpose.Confirm, use));
        command.Parameters.AddWithValue(OneTimeCodes.MostForAccount);
        command.Parameters.AddWithValue(OneTimeCodes.Window);
        command.Parameters.AddWithValue(now);
        // Carried out even if the caller hangs up: something was taken for it.
        var answer = await ReadAsync(command, later);
        if (answer.Code?.ExpiresAt is not null)
        {
            bell.Ring(email.Channel);
        }
        else
        {
            budget.PutInHand(share);
        }

        return answer;
    }

    /// <summary>Whether a code was sent for a merchant, of which nothing came yet.</summary>
    public async Task<bool> IsAwaitedAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM identity.one_time_codes c WHERE c.handle = $1)");
        command.Parameters.AddWithValue(codes.HandleOf(CodePurpose.Confirm, UseOf(merchant)));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Takes a code.</summary>
    public async Task<MerchantOutcome> ConfirmAsync(
        MerchantId merchant, OneTimeCode code, UserId user, string session, CancellationToken cancellationToken)
    {
        var use = UseOf(merchant);
        await using var command = database.CreateCommand("SELECT merchants.email_confirm($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(Roles);
        command.Parameters.AddWithValue(codes.HandleOf(CodePurpose.Confirm, use));
        command.Parameters.AddWithValue(codes.HashOf(CodePurpose.Confirm, use, code));
        command.Parameters.AddWithValue(time.GetUtcNow());
        return MerchantOutcomes.Read(await command.ExecuteScalarAsync(cancellationToken));
    }

    private static async Task<MerchantCode> ReadAsync(NpgsqlCommand command, DateTimeOffset? later)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return reader.GetString(0) switch
        {
            "sent" => new MerchantCode(new CodeAnswer(reader.GetFieldValue<DateTimeOffset>(1), null, later)),
            "limited" => new MerchantCode(new CodeAnswer(null, reader.GetFieldValue<DateTimeOffset>(1))),
            "same" => new MerchantCode(null, IsConfirmed: true),
            var refused => new MerchantCode(null, Refused: MerchantOutcomes.Read(refused)),
        };
    }

    private static string UseOf(MerchantId merchant) => $"{merchant.Value}\0email";
}
