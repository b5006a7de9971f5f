using Npgsql;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Platform;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// Whence a merchant's account is wanted, as budgets of openings count it: by its owner's address, and by the network of whoever asks, as
/// that of a person is. Else businesses would be a way around what a network and a domain may cost.
/// </summary>
internal sealed class MerchantOpenings(NpgsqlDataSource database, ContactSeal seal, MerchantMode mode, IHttpContextAccessor requests)
{
    /// <summary>Null where it has no owner, and where nobody asks.</summary>
    /// <param name="merchant">The merchant.</param>
    /// <param name="decided">Whether an administrator has it opened: then the network is his, and counts for nobody.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public async Task<OpeningOrigin?> FindAsync(MerchantId merchant, bool decided, CancellationToken cancellationToken)
    {
        if (requests.HttpContext is not { } request
            || await OwnerAsync(merchant, cancellationToken) is not var (user, isInvited, sealedEmail))
        {
            return null;
        }

        var origin = SessionClient.Of(request).OriginOf(await seal.OpenAsync(user, ContactKind.Email, sealedEmail, cancellationToken));
        return origin with
        {
            Range = decided ? null : origin.Range,
            // Where payments are real nobody is active whom an administrator has not approved: no stranger is.
            Invited = isInvited || decided || mode.IsLive,
        };
    }

    private async Task<(UserId User, bool IsInvited, byte[]? SealedEmail)?> OwnerAsync(
        MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT u.id, u.invited, CASE WHEN u.email_confirmed THEN u.email END
            FROM merchants.people p JOIN identity.users u ON u.id = p.user_id
            WHERE p.merchant_id = $1 AND p.role = 'owner'
            ORDER BY p.since, u.id
            LIMIT 1
            """);
        command.Parameters.AddWithValue(merchant.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (UserId.Parse(reader.GetString(0)), reader.GetBoolean(1), reader.GetValue(2) as byte[])
            : null;
    }
}
