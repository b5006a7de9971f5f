using Npgsql;
using StellarPay.Frontdoor.Merchants;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>On what terms merchants sell, as was decided of them: what their accounts are told.</summary>
internal sealed class MerchantTermsReader(NpgsqlDataSource database, MerchantMode mode)
{
    /// <summary>Null where there is no such merchant.</summary>
    public async Task<MerchantTerms?> FindAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT m.decisions, m.status, m.tier::integer, m.over_payments, m.late_payments
            FROM merchants.merchants m
            WHERE m.id = $1 AND m.live = $2
            """);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(mode.IsLive);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new MerchantTerms(
                reader.GetInt64(0), MerchantStatuses.Read(reader.GetString(1)), reader.GetInt32(2),
                new ExcessChoices(
                    Enum.Parse<OverPayments>(reader.GetString(3), ignoreCase: true),
                    Enum.Parse<LatePayments>(reader.GetString(4), ignoreCase: true)))
            : null;
    }
}

/// <summary>On what terms a merchant sells.</summary>
/// <param name="Decision">After how many decisions.</param>
/// <param name="Status">How far he is.</param>
/// <param name="Tier">By which fees are taken.</param>
/// <param name="Excess">What is done with what comes beyond the price, or too late.</param>
internal sealed record MerchantTerms(long Decision, MerchantStatus Status, int Tier, ExcessChoices Excess);
