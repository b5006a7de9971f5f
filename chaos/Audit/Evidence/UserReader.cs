using System.Text.Json;
using StellarPay.Chaos.Clients;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>Reads what users are shown, each with their own token.</summary>
internal static class UserReader
{
    private const int UsersAtOnce = 4;

    public static async Task<IReadOnlyList<UserEvidence>> ReadAsync(
        IReadOnlyList<ChaosUser> users, DatabaseEvidence database, CancellationToken cancellationToken)
    {
        var read = new UserEvidence[users.Count];
        var payments = PaymentStory.ReadAll(database.Events).Values.ToLookup(payment => payment.Owner, payment => payment.Id);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, users.Count),
            new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = cancellationToken },
            async (i, stop) => read[i] = await ReadAsync(users[i], payments[users[i].UserId], stop));
        return read;
    }

    private static async Task<UserEvidence> ReadAsync(ChaosUser user, IEnumerable<string> payments, CancellationToken cancellationToken)
    {
        var wallet = (await user.GetAsync("/v1/wallet", cancellationToken))!.Body;
        var shown = new Dictionary<string, ShownPayment>(StringComparer.Ordinal);
        foreach (var payment in payments)
        {
            if (await user.GetAsync($"{PaymentOrder.Path}/{payment}", cancellationToken) is { IsSuccess: true, Payment: { } answer })
            {
                shown[payment] = new ShownPayment(answer.Status, answer.TransactionHash, answer.Ledger, Money.Parse(answer.Amount));
            }
        }

        return new UserEvidence(
            user.Number,
            user.UserId,
            wallet.GetProperty("id").GetString()!,
            wallet.GetProperty("address").GetString()!,
            wallet.GetProperty("balances").EnumerateArray().ToDictionary(AssetOf, BalanceOf, StringComparer.Ordinal),
            shown,
            await HistoryAsync(user, cancellationToken));
    }

    private static async Task<List<ShownTransaction>> HistoryAsync(ChaosUser user, CancellationToken cancellationToken)
    {
        var lines = new List<ShownTransaction>();
        var after = "";
        while (true)
        {
            var page = (await user.GetAsync($"/v1/wallet/transactions?limit=100{after}", cancellationToken))!.Body;
            lines.AddRange(page.GetProperty("data").EnumerateArray().Select(line => new ShownTransaction(
                line.GetProperty("id").GetString()!,
                line.GetProperty("direction").GetString()!,
                line.GetProperty("status").GetString()!,
                Money.Parse(line.GetProperty("amount").GetString()!))));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return lines;
            }

            after = "&starting_after=" + lines[^1].Id;
        }
    }

    private static string AssetOf(JsonElement balance) => balance.GetProperty("issuer").GetString() is { } issuer
        ? $"{balance.GetProperty("asset").GetString()}:{issuer}"
        : Money.Native;

    private static ShownBalance BalanceOf(JsonElement balance) => new(
        Money.Parse(balance.GetProperty("balance").GetString()!),
        Money.Parse(balance.GetProperty("reserved").GetString()!),
        Money.Parse(balance.GetProperty("spendable").GetString()!));
}
